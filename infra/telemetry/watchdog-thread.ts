/** The thread of startWatchdog. It shares nothing with the one it watches but its memory, and can ask it for nothing. */
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { CELLS, type Seat } from '../kafka/runner/whereabouts.ts';
import type { SeatTaken, WatchdogData } from './watchdog.ts';

const LOOK_MS = 250;
const STDOUT = 1;
const FATAL = 60;

const { buffer, stuckAfterMs, role, pid } = workerData as WatchdogData;
const cells = new Float64Array(buffer);
const seats = new Map<number, Seat>();
parentPort?.on('message', ({ number, seat }: SeatTaken) => seats.set(number, seat));

let beat = cells[CELLS.beat];
let stillMs = 0;
let lookedAt = performance.now();

setInterval(() => {
  const now = performance.now();
  // A process that was stopped and goes on (SIGCONT, a laptop that wakes) was not stuck meanwhile: neither thread ran.
  const passedMs = Math.min(now - lookedAt, 2 * LOOK_MS);
  lookedAt = now;
  stillMs = cells[CELLS.beat] === beat ? stillMs + passedMs : 0;
  beat = cells[CELLS.beat];
  if (stillMs >= stuckAfterMs) end();
}, LOOK_MS);

function end(): void {
  const seat = seats.get(cells[CELLS.seat] ?? 0);
  const line = {
    level: FATAL,
    time: new Date().toISOString(),
    ...{ role, pid, code: 'PROCESSOR_STUCK' },
    ...seat,
    ...(seat !== undefined && { offset: cells[CELLS.offset] }),
    forMs: Math.round(stillMs),
    msg: seat === undefined ? 'the event loop stands still, on no record' : 'stuck on a record: the process ends',
  };
  // The stream of this thread goes through the loop that stands still.
  writeSync(STDOUT, `${JSON.stringify(line)}\n`);
  process.kill(pid, 'SIGKILL');
}
