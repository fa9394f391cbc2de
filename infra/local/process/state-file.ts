import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Writes a file atomically: readers, also after a crash, see the old or the new content. Creates its folder. */
export function writeFileWhole(file: string, text: string, mode = 0o644): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode });
  chmodSync(temporary, mode);
  renameSync(temporary, file);
}

/** Writes a file for its owner alone: mode 0600, in a folder of mode 0700 where it creates one. */
function writePrivate(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileWhole(file, text, 0o600);
}

const jsonOf = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Writes a value as JSON, atomically. */
export const writeJson = (file: string, value: unknown): void => writeFileWhole(file, jsonOf(value));

/** Like `writeJson`, for its owner alone: mode 0600, in a folder of mode 0700 where it creates one. */
export const writePrivateJson = (file: string, value: unknown): void => writePrivate(file, jsonOf(value));

/** Returns the file's JSON, or undefined when the file is missing or does not parse. The type is not checked. */
export function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/**
 * Returns a secret that is generated once and stored: `<dir>/keys/<name>`, mode 0600 in a folder of mode 0700.
 * 24 random bytes in base64url, so that it needs no quoting in a URL or a shell.
 */
export function keptSecret(dir: string, name: string): string {
  const file = path.join(dir, 'keys', name);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    const secret = randomBytes(24).toString('base64url');
    writePrivate(file, `${secret}\n`);
    return secret;
  }
}
