import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './files.ts';

/**
 * Creates a Python environment under `.khipu/<name>-venv`, with exactly the pinned packages of a requirements file, and
 * again when they change. Returns the folder of its programs.
 */
export function pythonEnvironment(name: string, requirements: string): string {
  const venv = join(projectRoot, '.khipu', `${name}-venv`);
  const binaries = join(venv, process.platform === 'win32' ? 'Scripts' : 'bin');
  const file = join(projectRoot, requirements);
  const stamp = join(venv, 'khipu-requirements.sha256');
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return binaries;
  const run = (command: string, args: readonly string[]): void => {
    execFileSync(command, args, { cwd: projectRoot, stdio: 'inherit' });
  };
  rmSync(venv, { recursive: true, force: true });
  run('python3', ['-m', 'venv', venv]);
  run(join(binaries, 'pip'), ['install', '--quiet', '--disable-pip-version-check', '--requirement', file]);
  writeFileSync(stamp, digest);
  return binaries;
}
