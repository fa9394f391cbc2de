import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './files.ts';

/** Pause between two attempts to be the one that creates an environment, and the age at which its creator is gone, in ms. */
const LOOK_MS = 200;
const GONE_MS = 300_000;

/** Does the work when no other process or thread does work of the same lock. The folder of the lock must exist. */
function alone(lock: string, work: () => void): void {
  for (;;)
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - since > GONE_MS) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
    }
  try {
    work();
  } finally {
    rmdirSync(lock);
  }
}

/**
 * Creates a Python environment under `.khipu/<name>-venv`, with exactly the pinned packages of a requirements file, and
 * again when they change. Several test files may ask for one at once. Returns the folder of its programs.
 */
export function pythonEnvironment(name: string, requirements: string): string {
  const home = join(projectRoot, '.khipu');
  const venv = join(home, `${name}-venv`);
  const binaries = join(venv, process.platform === 'win32' ? 'Scripts' : 'bin');
  const file = join(projectRoot, requirements);
  const stamp = join(venv, 'khipu-requirements.sha256');
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
  const isThere = (): boolean => existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;
  const run = (command: string, args: readonly string[]): void => {
    execFileSync(command, args, { cwd: projectRoot, stdio: 'inherit' });
  };
  if (isThere()) return binaries;
  mkdirSync(home, { recursive: true });
  alone(`${venv}.lock`, () => {
    if (isThere()) return;
    rmSync(venv, { recursive: true, force: true });
    run('python3', ['-m', 'venv', venv]);
    run(join(binaries, 'pip'), ['install', '--quiet', '--disable-pip-version-check', '--requirement', file]);
    writeFileSync(stamp, digest);
  });
  return binaries;
}
