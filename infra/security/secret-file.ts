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

/**
 * Writes a file that only its owner can read, unless it exists. The write is atomic; of several writers one wins.
 * Returns true when this call wrote it.
 */
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

/** Replaces the text of a file atomically: a reader sees the old or the new text. */
export const replaceSecret = (path: string, text: string): void => renameSync(writeBeside(path, text), path);
