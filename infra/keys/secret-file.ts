import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

function writeBeside(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
  const temporary = `${path}.${randomUUID()}`;
  writeFileSync(temporary, text, { mode: OWNER_ONLY, flag: 'wx' });
  return temporary;
}

/** Writes a file that its owner alone can read, unless it is there. Whole or not at all; of several writers one wins. True when it wrote. */
export function writeSecretOnce(path: string, text: string): boolean {
  const temporary = writeBeside(path, text);
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(temporary);
  }
}

/** Puts a new text in the place of the old one. A reader sees one or the other. */
export const replaceSecret = (path: string, text: string): void => renameSync(writeBeside(path, text), path);
