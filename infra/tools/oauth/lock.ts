import { closeSync, openSync, statSync, unlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from '../../kit/errors.ts';
import { ToolError } from '../errors.ts';

/** Longest wait for another process, and age of a lock whose process is gone, in ms. A token request takes less. */
const WAIT_MS = 20_000;
const STALE_MS = 60_000;
const LOOK_MS = 50;

/** Errors of a folder that cannot be written: nothing in it changes, so that no lock is needed. */
const READ_ONLY: ReadonlySet<string> = new Set(['EROFS', 'EACCES', 'EPERM', 'ENOENT']);

function isStale(lock: string): boolean {
  try {
    return Date.now() - statSync(lock).mtimeMs > STALE_MS;
  } catch {
    return false;
  }
}

/**
 * Runs work while no other process holds the lock beside a secret. Rejects with ToolError TOOL_CREDENTIAL_UNAVAILABLE, which may
 * be tried again, after 20 s.
 */
export async function withSecretLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  for (const stop = performance.now() + WAIT_MS; ; await pause(LOOK_MS)) {
    try {
      closeSync(openSync(lock, 'wx', 0o600));
      break;
    } catch (error) {
      const code = codeOf(error);
      if (READ_ONLY.has(code)) return work();
      if (code !== 'EEXIST') throw error;
      if (isStale(lock)) unlinkSync(lock);
      else if (performance.now() > stop)
        throw new ToolError('TOOL_CREDENTIAL_UNAVAILABLE', 'another process is asking for a token', {
          ...{ effect: 'none', canRetry: true, cause: error },
        });
    }
  }
  try {
    return await work();
  } finally {
    unlinkSync(lock);
  }
}
