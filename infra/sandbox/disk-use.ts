import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ENTRIES_MAX = 10_000;
const BLOCK_BYTES = 512;
/** A file without content takes room as well. */
const ENTRY_BYTES = 256;

const entriesOf = (folder: string): Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
};

/** Returns the bytes that a folder takes on its disk, links not followed; Infinity above 10,000 entries. */
export function diskUse(folder: string): number {
  const folders = [folder];
  let [bytes, entries] = [0, 0];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of entriesOf(next)) {
      entries += 1;
      if (entries > ENTRIES_MAX) return Number.POSITIVE_INFINITY;
      const path = join(next, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else bytes += (lstatSync(path, { throwIfNoEntry: false })?.blocks ?? 0) * BLOCK_BYTES;
      bytes += ENTRY_BYTES;
    }
  }
  return bytes;
}
