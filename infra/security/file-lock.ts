import { closeSync, openSync, unlinkSync } from 'node:fs';
import { ConfigError } from '../kit/config-error.ts';

const ATTEMPTS_MAX = 50;
const PAUSE_MS = 20;

/**
 * Runs `work` while no other process holds the lock file beside `path`. Throws ConfigError after waiting for one
 * second.
 */
export function withFileLock<T>(path: string, work: () => T): T {
  const lock = `${path}.lock`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      closeSync(openSync(lock, 'wx', 0o600));
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (attempt === ATTEMPTS_MAX)
        throw new ConfigError(`${lock} exists: delete it if no other command is creating keys`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
  try {
    return work();
  } finally {
    unlinkSync(lock);
  }
}
