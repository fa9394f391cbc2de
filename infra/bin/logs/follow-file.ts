import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 250;

/** Returns the last lines of a file; none of a file that does not exist. */
export function lastLines(file: string, count: number): readonly string[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    if (lines.at(-1) === '') lines.pop();
    return count === 0 ? [] : lines.slice(-count);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return [];
    throw error;
  }
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

function readFrom(file: string, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(to - from);
  const opened = openSync(file, 'r');
  try {
    return bytes.subarray(0, readSync(opened, bytes, 0, bytes.length, from));
  } finally {
    closeSync(opened);
  }
}

/** Passes on each line that is written to a file from now on, until `signal` aborts. A file that shrinks is read again. */
export async function followFile(file: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void> {
  let at = sizeOf(file);
  let partial = '';
  let decoder = new StringDecoder('utf8');
  while (!signal.aborted) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    const size = sizeOf(file);
    if (size < at) {
      at = 0;
      partial = '';
      decoder = new StringDecoder('utf8');
    }
    if (size === at) continue;
    const bytes = readFrom(file, at, size);
    at += bytes.length;
    const lines = (partial + decoder.write(bytes)).split('\n');
    partial = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  }
}
