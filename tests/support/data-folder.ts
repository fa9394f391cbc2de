import { accessSync, constants, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const IN_MEMORY = '/dev/shm';
/** Several platforms of a test run, with what they write. */
const FREE_BYTES_MIN = 4 * 1024 ** 3;

function isRoomy(dir: string): boolean {
  try {
    accessSync(dir, constants.W_OK);
    const { bavail, bsize } = statfsSync(dir);
    return bavail * bsize >= FREE_BYTES_MIN;
  } catch {
    return false;
  }
}

/**
 * Makes a folder for the data of a platform, in memory where there is room: thousands of small files are made, synced and
 * deleted there for each platform.
 */
export const makeDataFolder = (prefix: string): string =>
  mkdtempSync(join(process.env['TMPDIR'] === undefined && isRoomy(IN_MEMORY) ? IN_MEMORY : tmpdir(), prefix));
