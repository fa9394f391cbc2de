import { Worker } from 'node:worker_threads';
import { type Seat, Whereabouts } from '../kafka/runner/whereabouts.ts';

export interface WatchdogData {
  readonly buffer: SharedArrayBuffer;
  readonly stuckAfterMs: number;
  readonly role: string;
  readonly pid: number;
}

export interface SeatTaken {
  readonly number: number;
  readonly seat: Seat;
}

export interface Watchdog {
  readonly whereabouts: Whereabouts;
  close(): Promise<void>;
}

/** The event loop says so often that it turns. */
const BEAT_MS = 500;

/**
 * Watches this thread from another one: a `decide` that never returns stops the event loop, and with it heartbeats, health
 * and signals. After `stuckAfterMs` without a beat the process says which record it sits on and is killed, so that
 * whoever keeps it starts it anew and its partitions move.
 */
export function startWatchdog(options: { readonly role: string; readonly stuckAfterMs: number }): Watchdog {
  // The thread is told of a seat before anything is entered under its number: messages wait for no turn of this loop.
  const whereabouts = new Whereabouts((number, seat) => thread.postMessage({ number, seat } satisfies SeatTaken));
  const workerData: WatchdogData = { buffer: whereabouts.buffer, pid: process.pid, ...options };
  const thread = new Worker(new URL('./watchdog-thread.ts', import.meta.url), { workerData });
  thread.unref();
  const beats = setInterval(() => whereabouts.beat(), BEAT_MS);
  beats.unref();
  return {
    whereabouts,
    close: async () => {
      clearInterval(beats);
      await thread.terminate();
    },
  };
}
