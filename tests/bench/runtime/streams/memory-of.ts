import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { usageOf } from '../usage.ts';

const LOOKS = 4;

export const collectOnSignal = new URL('collect-on-signal.ts', import.meta.url).href;

/**
 * Resident memory of a process when garbage was collected and all is at rest, less its young generation: how far that has
 * grown is a matter of how busy the process was, not of what it holds. The least of some looks, bytes.
 */
export async function settledBytes(pid: number, youngFile: string, waitMs: number): Promise<number> {
  const looks: number[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    process.kill(pid, 'SIGUSR2');
    await sleep(waitMs / LOOKS);
    looks.push(usageOf(pid).residentMb * 1e6 - Number(readFileSync(youngFile, 'utf8')));
  }
  return Math.min(...looks);
}
