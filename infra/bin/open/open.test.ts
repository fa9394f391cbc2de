import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeArgs, program } from '../../local/roles/roles.ts';
import { openerOf } from './targets.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'khipu-open-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Puts an opener, a shell script, on the path of the command. */
const install = (script: string): void =>
  writeFileSync(path.join(dir, openerOf(process.platform)), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

/** Runs `khipu open api`. Resolves with its exit code and its standard output. */
const open = (): Promise<{ readonly code: number | null; readonly stdout: string }> =>
  new Promise((resolve) => {
    const env = { PATH: dir, KHIPU_HOME: dir, KHIPU_URL: 'http://khipu.example', KHIPU_API_KEY: 'k' };
    const child = execFile(process.execPath, [...nodeArgs, program, 'open', 'api'], { env }, (_error, stdout) =>
      resolve({ code: child.exitCode, stdout }),
    );
  });

it.each([
  ['opens a page, and ends with 0', 'exit 0', 'opened http://khipu.example/docs\n'],
  ['prints the URL when the opener fails', 'exit 3', 'http://khipu.example/docs\n'],
  ['does not wait for a browser that stays open', 'exec /bin/sleep 60', 'opened http://khipu.example/docs\n'],
])('khipu open %s', async (_, script, stdout) => {
  install(script);
  const began = Date.now();
  expect(await open()).toEqual({ code: 0, stdout });
  expect(Date.now() - began).toBeLessThan(60_000);
});

it('khipu open prints the URL on a machine without a browser', async () => {
  expect(await open()).toEqual({ code: 0, stdout: 'http://khipu.example/docs\n' });
});
