/** Builds the documentation with MkDocs, strictly, in a Python environment of its own under `.khipu/`. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './files.ts';

const venv = join(projectRoot, '.khipu', 'docs-venv');
const binaries = join(venv, process.platform === 'win32' ? 'Scripts' : 'bin');
const requirements = join(projectRoot, 'docs', 'requirements.txt');
const stamp = join(venv, 'khipu-requirements.sha256');

const run = (command: string, args: readonly string[]): void => {
  execFileSync(command, args, {
    cwd: projectRoot,
    stdio: 'inherit',
    // Material's notice on MkDocs 2 is none of this site's business: versions are pinned.
    env: { ...process.env, NO_MKDOCS_2_WARNING: '1' },
  });
};

/** Makes the environment anew when the pinned versions changed; else there is nothing to do. */
function prepare(): void {
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  rmSync(venv, { recursive: true, force: true });
  run('python3', ['-m', 'venv', venv]);
  run(join(binaries, 'pip'), ['install', '--quiet', '--disable-pip-version-check', '--requirement', requirements]);
  writeFileSync(stamp, digest);
}

try {
  prepare();
  // Never --quiet: warnings would then not be counted, and strict would let them pass.
  run(join(binaries, 'mkdocs'), ['build', '--strict', '--site-dir', join('.khipu', 'site')]);
  console.log('the documentation builds with no warning');
} catch (error) {
  console.error(`error DOCS: ${(error as Error).message}`);
  process.exitCode = 1;
}
