import { readFileSync, statSync } from 'node:fs';
import { failure } from '../failure.ts';

const OTHERS = 0o077;

/**
 * Returns the API key in a file. Throws KEY_FILE_UNREADABLE when it cannot be read or is empty, and KEY_FILE_OPEN when other
 * users of this machine could read it.
 */
export function readKeyFile(file: string): string {
  let text: string;
  try {
    if ((statSync(file).mode & OTHERS) !== 0)
      throw failure('KEY_FILE_OPEN', `other users can read the key in ${file}: chmod 600 ${file}`);
    text = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    if ((cause as { code?: unknown }).code === 'KEY_FILE_OPEN') throw cause;
    throw failure('KEY_FILE_UNREADABLE', `the key in ${file} cannot be read: ${(cause as Error).message}`, cause);
  }
  if (text === '') throw failure('KEY_FILE_UNREADABLE', `${file} is empty: it must contain one API key`);
  return text;
}
