import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeArgs, program } from '../local/roles/roles.ts';
import { writeContexts } from './context/contexts.ts';

let dir: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'khipu-program-'));
  mkdirSync(path.join(dir, 'home'));
  env = { PATH: process.env['PATH'], KHIPU_HOME: path.join(dir, 'home'), XDG_CONFIG_HOME: path.join(dir, 'config') };
});
afterEach(() => rmSync(dir, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const khipu = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [...nodeArgs, program, ...args], { env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });

describe('with a current context that cannot be used', () => {
  beforeEach(() => {
    const gone = { url: 'http://127.0.0.1:9', keyFile: path.join(dir, 'gone') };
    writeContexts(env, { current: 'gone', contexts: { gone } });
  });

  it.each([[['help', 'ask']], [['ask', '--help']], [['ask', '-h']]])('khipu %j prints the help', async (args) => {
    const { code, stdout, stderr } = await khipu(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Usage: khipu ask');
  });

  it('a word of the prompt after -- asks for no help', async () => {
    const { code, stderr } = await khipu('ask', '--', 'ls', '-h');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error KEY_FILE_UNREADABLE: /);
  });
});

it.each([[['budgets', 'show']], [['drill', 'kill-switch']]])(
  'khipu %j names the missing key of a platform with a URL',
  async (args) => {
    env['KHIPU_URL'] = 'http://127.0.0.1:9';
    const { code, stderr } = await khipu(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error CONFIG_INVALID: KHIPU_API_KEY is not set\n/);
  },
);
