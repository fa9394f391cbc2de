import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Writes a file whole or not at all: a reader or a crash never meets half of it. Creates its folder. */
export function writeFileWhole(file: string, text: string, mode = 0o644): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode });
  chmodSync(temporary, mode);
  renameSync(temporary, file);
}

export const writeJson = (file: string, value: unknown, mode = 0o644): void =>
  writeFileWhole(file, `${JSON.stringify(value, null, 2)}\n`, mode);

/** The file's JSON, or undefined when there is no such file or it does not parse. The caller vouches for the type. */
export function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/**
 * A secret that is made once and kept: `<dir>/keys/<name>`, mode 0600 in a folder of mode 0700.
 * 24 random bytes in base64url, so that it needs no quoting in a URL or a shell.
 */
export function keptSecret(dir: string, name: string): string {
  const file = path.join(dir, 'keys', name);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const secret = randomBytes(24).toString('base64url');
    writeFileWhole(file, `${secret}\n`, 0o600);
    return secret;
  }
}
