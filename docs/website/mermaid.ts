import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../tests/checks/files.ts';

// The newest version that the theme was made for. Its package brings 86 MB and 150 dependencies, of which the site needs
// this file alone: therefore it is fetched when the documentation is built, and is not in package.json.
const version = '11.17.2';
const bundle = 'package/dist/mermaid.min.js';
const sha256 = '581ed7d74bd9048d0e3a91363927d72ef22942d7722546b27f7cc29e35390eb8';

const isGenuine = (file: string): boolean =>
  existsSync(file) && createHash('sha256').update(readFileSync(file)).digest('hex') === sha256;

/**
 * Returns the path of Mermaid's bundle for browsers. Fetches it from npm at the first call, then keeps it in `.khipu/`.
 * Throws when it has other bytes than expected.
 */
export function mermaidBundle(): string {
  const kept = join(projectRoot, '.khipu', `mermaid-${version}.min.js`);
  if (isGenuine(kept)) return kept;
  mkdirSync(join(projectRoot, '.khipu'), { recursive: true });
  const folder = mkdtempSync(join(projectRoot, '.khipu', 'mermaid-'));
  try {
    const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: folder, stdio: 'pipe' });
    run('npm', 'pack', `mermaid@${version}`, '--silent');
    run('tar', '-xzf', `mermaid-${version}.tgz`, bundle);
    const fetched = join(folder, bundle);
    if (!isGenuine(fetched)) throw new Error(`${bundle} of mermaid@${version} does not have the SHA-256 ${sha256}`);
    renameSync(fetched, kept);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return kept;
}
