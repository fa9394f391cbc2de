/** The thread of startWatchdog. It shares only memory with the watched thread, and cannot query it. */
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { CELLS, type Slot } from '../runner/progress-beacon.ts';
import type { SlotRegistered, WatchdogData } from './watchdog.ts';

const LOOK_MS = 250;
const STDOUT = 1;
const FATAL = 60;

const { buffer, stuckAfterMs, role, pid } = workerData as WatchdogData;
const cells = new Float64Array(buffer);
const slots = new Map<number, Slot>();
parentPort?.on('message', ({ number, slot }: SlotRegistered) => slots.set(number, slot));

let tick = cells[CELLS.tick];
let stillMs = 0;
let lookedAt = performance.now();

setInterval(() => {
  const now = performance.now();
  // A process that was stopped and continued (SIGCONT, a laptop that wakes) was not stuck meanwhile: neither thread ran.
  const passedMs = Math.min(now - lookedAt, 2 * LOOK_MS);
  lookedAt = now;
  stillMs = cells[CELLS.tick] === tick ? stillMs + passedMs : 0;
  tick = cells[CELLS.tick];
  if (stillMs >= stuckAfterMs) end();
}, LOOK_MS);

function end(): void {
  const slot = slots.get(cells[CELLS.slot] ?? 0);
  const line = {
    level: FATAL,
    time: new Date().toISOString(),
    ...{ role, pid, code: 'PROCESSOR_STUCK' },
    ...slot,
    ...(slot !== undefined && { offset: cells[CELLS.offset] }),
    forMs: Math.round(stillMs),
    msg:
      slot === undefined
        ? 'the event loop is blocked, with no record in flight'
        : 'the event loop is blocked by a record: the process is killed',
  };
  // Written directly, because this thread's stream goes through the blocked event loop.
  writeSync(STDOUT, `${JSON.stringify(line)}\n`);
  process.kill(pid, 'SIGKILL');
}
