import { Worker } from 'node:worker_threads';
import { ProgressBeacon, type Slot } from '../runner/progress-beacon.ts';

/** The data that the watchdog's thread starts with. */
export interface WatchdogData {
  readonly buffer: SharedArrayBuffer;
  readonly stuckAfterMs: number;
  readonly role: string;
  readonly pid: number;
}

/** Announces a slot of the beacon to the watchdog's thread. */
export interface SlotRegistered {
  readonly number: number;
  readonly slot: Slot;
}

/** A running watchdog, and the beacon that it watches. */
export interface Watchdog {
  readonly beacon: ProgressBeacon;
  close(): Promise<void>;
}

/** Interval at which the event loop signals progress. */
const TICK_MS = 500;

/**
 * Watches this thread from another one: a `decide` that never returns blocks the event loop, and with it heartbeats, health
 * and signals. After `stuckAfterMs` without a tick the watchdog logs the record in flight and kills the process, so that
 * its supervisor restarts it and its partitions move.
 */
export function startWatchdog(options: { readonly role: string; readonly stuckAfterMs: number }): Watchdog {
  // The thread learns of a slot before work begins under its number: messages do not wait for this event loop.
  const beacon = new ProgressBeacon((number, slot) => thread.postMessage({ number, slot } satisfies SlotRegistered));
  const workerData: WatchdogData = { buffer: beacon.buffer, pid: process.pid, ...options };
  const thread = new Worker(new URL('./watchdog-thread.ts', import.meta.url), { workerData });
  thread.unref();
  const ticks = setInterval(() => beacon.tick(), TICK_MS);
  ticks.unref();
  return {
    beacon,
    close: async () => {
      clearInterval(ticks);
      await thread.terminate();
    },
  };
}
