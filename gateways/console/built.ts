import { hash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { homeDir, projectRoot } from '../../infra/local/home.ts';

/** Folder of the console's own sources. */
export const appFolder = join(projectRoot, 'gateways', 'console', 'app');

/** What the built console depends on: its sources, the client and the contracts that they import, and its packages. */
const SOURCES = ['gateways/console/app', 'infra/client', 'schemas', 'package-lock.json'];

const isSource = (path: string): boolean =>
  /\.(tsx?|css|html|svg|json|webmanifest)$/.test(path) && !/\.test\./.test(path);

function filesOf(path: string): readonly string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isSource(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

/** Returns a digest of everything that the built console depends on: some milliseconds of reading. */
export function sourcesDigest(root = projectRoot): string {
  const digests = SOURCES.flatMap((source) => filesOf(join(root, source))).map(
    (path) => `${path.slice(root.length)} ${hash('sha256', readFileSync(path), 'hex')}`,
  );
  return hash('sha256', digests.join('\n'), 'hex').slice(0, 16);
}

/** Returns the folder that keeps the builds of this checkout, one for each state of the sources. */
export const buildsFolder = (): string => join(homeDir(), 'console');

/** Returns the folder of the console that was built from the sources of this checkout, whether it exists or not. */
export const builtFolder = (): string => join(buildsFolder(), sourcesDigest());
