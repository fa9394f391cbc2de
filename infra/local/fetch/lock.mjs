// A lock between processes, and so between checkouts: a file created exclusively, whose modification time its holder
// refreshes.
import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';

const refreshMs = 5_000;
// Six missed refreshes: the holder is dead, or its machine slept. The file of a live holder is never this old.
const staleMs = 30_000;
const pollMs = 250;

/**
 * Resolves with true when the lock's holder can no longer be running: its pid is gone, or it stopped refreshing the
 * file.
 */
async function isStale(file) {
  try {
    const [{ mtimeMs }, text] = await Promise.all([stat(file), readFile(file, 'utf8')]);
    if (Date.now() - mtimeMs > staleMs) return true;
    const pid = Number(text);
    if (!Number.isInteger(pid) || pid <= 0) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/**
 * Runs `body` while holding the lock file; waits while another live process holds it.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} body
 * @param {{ onWait?: () => void, waitMs?: number }} [options] waitMs bounds the wait; after it, rejects with code LOCK_HELD
 * @returns {Promise<T>}
 */
export async function withLock(file, body, { onWait, waitMs = 15 * 60_000 } = {}) {
  await mkdir(path.dirname(file), { recursive: true });
  const deadline = Date.now() + waitMs;
  for (let waited = false; ; ) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(String(process.pid));
      await handle.close();
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (await isStale(file)) {
      await rm(file, { force: true });
      continue;
    }
    if (Date.now() >= deadline)
      throw Object.assign(new Error(`${file} is held by another process`), { code: 'LOCK_HELD' });
    if (!waited) onWait?.();
    waited = true;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  const refresh = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {});
  }, refreshMs);
  refresh.unref();
  try {
    return await body();
  } finally {
    clearInterval(refresh);
    await rm(file, { force: true });
  }
}
