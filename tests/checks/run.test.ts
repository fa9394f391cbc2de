import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectRoot } from './files.ts';
import { stepNames } from './steps.ts';

describe('the runner', () => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['tests/run.ts', ...args], { cwd: projectRoot, encoding: 'utf8' });

  it('lists its steps', () => {
    const { stdout, status } = run('--help');
    expect(status).toBe(0);
    for (const name of stepNames) expect(stdout).toContain(`  ${name} `);
  });

  it('rejects an unknown step', () => {
    const { stderr, status } = run('--only', 'typecheck,nonsense');
    expect(status).toBe(2);
    expect(stderr).toContain('STEP_UNKNOWN: nonsense');
  });
});

describe('.ci/run', () => {
  const root = mkdtempSync(join(tmpdir(), 'khipu-ci-'));
  afterAll(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, '.ci'));
  mkdirSync(join(root, 'bin'));
  cpSync(join(projectRoot, '.ci', 'run'), join(root, '.ci', 'run'));

  /** Runs it with a fake `npm` that prints `output` and exits with `exitCode`. */
  function ci(output: string, exitCode: number): { status: number | null; lastLine: string | undefined } {
    writeFileSync(
      join(root, 'bin', 'npm'),
      `#!/bin/sh\necho "${output}"\necho "npm error at the end"\nexit ${exitCode}\n`,
    );
    chmodSync(join(root, 'bin', 'npm'), 0o755);
    const { status, stdout } = spawnSync('bash', [join(root, '.ci', 'run')], {
      encoding: 'utf8',
      env: { ...process.env, PATH: [join(root, 'bin'), process.env['PATH']].join(delimiter) },
    });
    return { status, lastLine: stdout.trimEnd().split('\n').at(-1) };
  }

  it('ends with the count and the exit code of npm test', () => {
    expect(ci('12 passed, 0 failed, 1 skipped', 0)).toEqual({ status: 0, lastLine: '12 passed, 0 failed, 1 skipped' });
    expect(ci('12 passed, 2 failed, 1 skipped', 1)).toEqual({ status: 1, lastLine: '12 passed, 2 failed, 1 skipped' });
  });

  it('fails when npm test ended before it counted', () => {
    expect(ci('Killed', 0)).toEqual({ status: 1, lastLine: '0 passed, 1 failed, 0 skipped' });
    expect(ci('Killed', 137)).toEqual({ status: 137, lastLine: '0 passed, 1 failed, 0 skipped' });
  });
});
