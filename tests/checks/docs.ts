/** Builds the documentation with MkDocs, strictly, in a Python environment of its own under `.khipu/`. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from './files.ts';
import { pythonEnvironment } from './python.ts';

try {
  const binaries = pythonEnvironment('docs', join('docs', 'requirements.txt'));
  // Never --quiet: warnings would then not be counted, and strict would let them pass.
  execFileSync(join(binaries, 'mkdocs'), ['build', '--strict', '--site-dir', join('.khipu', 'site')], {
    cwd: projectRoot,
    stdio: 'inherit',
    // Material's notice on MkDocs 2 is none of this site's business: versions are pinned.
    env: { ...process.env, NO_MKDOCS_2_WARNING: '1' },
  });
  console.log('the documentation builds with no warning');
} catch (error) {
  console.error(`error DOCS: ${(error as Error).message}`);
  process.exitCode = 1;
}
