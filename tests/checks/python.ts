import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../../infra/local/fetch/lock.mjs';
import { projectRoot } from './files.ts';

/** Runs a command to its end. Rejects unless it exits with 0. */
async function run(command: string, args: readonly string[]): Promise<void> {
  const [code] = await once(spawn(command, args, { cwd: projectRoot, stdio: 'inherit' }), 'close');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
}

/**
 * Creates a Python environment under `.khipu/<name>-venv`, with exactly the pinned packages of a requirements file, and
 * again when they change. Several test files may ask for one at once. Resolves with the folder of its programs.
 */
export async function pythonEnvironment(name: string, requirements: string): Promise<string> {
  const venv = join(projectRoot, '.khipu', `${name}-venv`);
  const binaries = join(venv, process.platform === 'win32' ? 'Scripts' : 'bin');
  const file = join(projectRoot, requirements);
  const stamp = join(venv, 'khipu-requirements.sha256');
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
  await withLock(`${venv}.lock`, async () => {
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
    rmSync(venv, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', venv]);
    await run(join(binaries, 'pip'), ['install', '--quiet', '--disable-pip-version-check', '--requirement', file]);
    writeFileSync(stamp, digest);
  });
  return binaries;
}
