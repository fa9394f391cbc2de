import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../local/home.ts';

const { bin } = JSON.parse(readFileSync(`${projectRoot}/package.json`, 'utf8')) as { bin: Record<string, string> };

/** Stands in for the bootstrap: prints its arguments and working directory, and exits with 3. */
const bootstrap = `
console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd() }));
process.exitCode = 3;
`;

let dir: string;
let elsewhere: string;
let binary: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'khipu binary-')));
  elsewhere = path.join(dir, 'elsewhere');
  binary = path.join(dir, 'checkout', 'khipu');
  mkdirSync(path.join(dir, 'checkout', 'infra', 'bin'), { recursive: true });
  mkdirSync(elsewhere);
  writeFileSync(path.join(dir, 'checkout', 'infra', 'bin', 'bootstrap.mjs'), bootstrap);
  copyFileSync(path.join(projectRoot, bin['khipu'] ?? ''), binary);
});
afterEach(() => rmSync(dir, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(command, args, { cwd: elsewhere, env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });

describe('the khipu binary', () => {
  it('passes its arguments, the working directory and the exit code through, and prints nothing itself', async () => {
    const args = ['ask', 'two words', '', '--json'];
    const { code, stdout, stderr } = await run(binary, args);
    expect({ code, stderr, ...JSON.parse(stdout) }).toEqual({ code: 3, stderr: '', args, cwd: elsewhere });
  });

  it('finds its checkout through links, such as the one that npm installs', async () => {
    mkdirSync(path.join(dir, 'bin'));
    symlinkSync(binary, path.join(dir, 'bin', 'real'));
    symlinkSync('real', path.join(dir, 'bin', 'khipu'));
    const env = { ...process.env, PATH: `${path.join(dir, 'bin')}:${process.env['PATH']}` };
    expect(JSON.parse((await run('khipu', ['status'], env)).stdout).args).toEqual(['status']);
  });

  it('names a missing Node.js', async () => {
    const { code, stdout, stderr } = await run(binary, ['status'], { PATH: elsewhere });
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error PREREQUISITE_MISSING: node was not found: install Node.js 20 or newer\n',
    });
  });
});
