import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { usageOf } from '../../usage.ts';

const LOOKS = 4;

export const collectOnSignal = new URL('collect-on-signal.ts', import.meta.url).href;

/**
 * Returns the resident memory of an idle process after garbage collection, less its young generation, whose size
 * depends on past activity and not on live data. The minimum of several readings, bytes.
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
