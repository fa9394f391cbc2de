import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../tests/checks/files.ts';
import { pythonEnvironment } from '../../tests/checks/python.ts';
import { mermaidBundle } from './mermaid.ts';

/** Runs MkDocs to its end, in its own Python environment under `.khipu/`. Rejects unless it exits with 0. */
export async function mkdocs(args: readonly string[]): Promise<void> {
  const binaries = await pythonEnvironment('docs', join('docs', 'requirements.txt'));
  execFileSync(join(binaries, 'mkdocs'), args, {
    cwd: projectRoot,
    stdio: 'inherit',
    // Material's notice on MkDocs 2 does not apply to this site: versions are pinned.
    env: { ...process.env, NO_MKDOCS_2_WARNING: '1', KHIPU_MERMAID: mermaidBundle() },
  });
}
