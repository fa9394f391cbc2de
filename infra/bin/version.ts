import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../local/home.ts';

/** Returns the version of this release. */
export const versionOf = (): string =>
  (JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as { version: string }).version;
