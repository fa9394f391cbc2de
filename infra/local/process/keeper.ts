import { type Backoff, failuresAfter, pauseMs } from '../../kit/backoff.ts';
import { systemClock } from '../../kit/clock.ts';
import type { Child, Exit } from './child.ts';

/** A restart of a kept process. */
export interface KeeperEvent {
  readonly name: string;
  readonly state: 'restarting' | 'restarted';
  readonly detail: string;
}

const RESTART: Backoff = { firstMs: 500, maxMs: 30_000 };
/** A process that lived this long has recovered: the next failure starts over. */
const STABLE_MS = 60_000;

/**
 * A supervisor of one process: waits for its end, pauses, restarts it.
 *
 *   running ──ended──▶ pausing ──pause over──▶ starting ──▶ running
 *      │                  │                       │  └─failed─▶ pausing
 *      └───────stop───────┴───────────stop────────┴──▶ stopped
 */
export interface Keeper {
  readonly name: string;
  readonly child: () => Child;
  /** Returns the number of restarts. */
  readonly restarts: () => number;
  /** Ends the supervision and the process. Safe to repeat. */
  readonly stop: () => Promise<void>;
}

const describe = ({ code, signal }: Exit): string => (signal ? `killed by ${signal}` : `ended with code ${code}`);

/** Supervises a running child. `start` makes the next one; a rejection counts as one more failure. */
export function keep(
  first: Child,
  start: () => Promise<Child>,
  onEvent: (event: KeeperEvent) => void,
  options: { readonly stopChild?: (child: Child) => Promise<void> } = {},
): Keeper {
  const { name } = first;
  const stopped = new AbortController();
  let child = first;
  let restarts = 0;

  async function startAgain(failures: number): Promise<number> {
    try {
      child = await start();
      restarts += 1;
      onEvent({ name, state: 'restarted', detail: `pid ${child.pid}` });
      return failures;
    } catch (error) {
      if (!stopped.signal.aborted) onEvent({ name, state: 'restarting', detail: (error as Error).message });
      return failures + 1;
    }
  }

  async function watch(): Promise<void> {
    let failures = 0;
    for (let since = Date.now(); !stopped.signal.aborted; ) {
      const exit = await child.exited;
      if (stopped.signal.aborted) return;
      failures = failuresAfter(failures, Date.now() - since, STABLE_MS);
      while (!child.isRunning() && !stopped.signal.aborted) {
        const ms = pauseMs(failures, RESTART);
        onEvent({ name, state: 'restarting', detail: `${describe(exit)}; again in ${ms} ms` });
        await systemClock.sleep(ms, stopped.signal);
        if (!stopped.signal.aborted) failures = await startAgain(failures);
      }
      since = Date.now();
    }
  }

  const watched = watch();
  return {
    name,
    child: () => child,
    restarts: () => restarts,
    stop: async () => {
      stopped.abort();
      await (options.stopChild ?? ((current) => current.stop()))(child);
      await watched;
      // A start that was running at the time of the stop has created one more child.
      await child.stop();
    },
  };
}
