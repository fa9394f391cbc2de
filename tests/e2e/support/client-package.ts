import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../../infra/local/home.ts';

const PACKAGES = ['openapi-fetch', 'openapi-typescript-helpers', 'eventsource-parser', '@types/node', 'undici-types'];

/** Examples of the how-to pages that use the client. */
export const examples = ['client-ask.ts', 'client-server.ts', 'client-page.ts'];

/** Builds `khipu/client` and returns a folder of a program that has installed it, with the examples of the documentation. */
export function installClient(): string {
  execFileSync(process.execPath, ['infra/client/build.ts'], { cwd: projectRoot, stdio: 'pipe' });
  const dir = mkdtempSync(join(tmpdir(), 'khipu-client-'));
  const installed = join(dir, 'node_modules');
  mkdirSync(join(installed, '@types'), { recursive: true });
  cpSync(join(projectRoot, 'dist', 'client'), join(installed, 'khipu'), { recursive: true });
  for (const name of PACKAGES) symlinkSync(join(projectRoot, 'node_modules', name), join(installed, name));
  for (const example of examples) copyFileSync(join(projectRoot, 'docs', 'examples', example), join(dir, example));
  writeFileSync(join(dir, 'package.json'), '{"type":"module"}');
  return dir;
}

/** Checks the types of the examples against the installed package, as its user would. Throws with the errors. */
export function checkTypes(dir: string): void {
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--target',
    'es2024',
    '--module',
    'nodenext',
    '--lib',
    'es2024,dom',
  ];
  const tsc = join(projectRoot, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [tsc, ...options, ...examples], { cwd: dir, encoding: 'utf8' });
  } catch (error) {
    throw new Error((error as { readonly stdout: string }).stdout);
  }
}
