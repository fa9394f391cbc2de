import { readFileSync, statSync } from 'node:fs';

/**
 * Returns a function that returns the secret in a file, without white space around it, and reads the file again when it has
 * changed: for drivers that ask for a password at each connection. While the file is away or empty, the last secret stays.
 * Throws when there never was one.
 */
export function liveSecret(file: string): () => string {
  let signature = '';
  let secret = '';
  return () => {
    try {
      const { mtimeMs, size, ino } = statSync(file);
      const found = `${ino} ${size} ${mtimeMs}`;
      if (found !== signature) {
        secret = readFileSync(file, 'utf8').trim() || secret;
        signature = found;
      }
    } catch (error) {
      if (secret === '') throw error;
    }
    if (secret === '') throw new Error(`${file}: expected a secret, found none`);
    return secret;
  };
}
