import { failuresAfter, pauseMs } from './backoff.ts';
import type { Child, Exit } from './child.ts';

export interface KeeperEvent {
  readonly name: string;
  readonly state: 'restarting' | 'restarted';
  readonly detail: string;
}

/**
 * Keeps one process running: waits for its end, pauses, starts it again.
 *
 *   running ──ended──▶ pausing ──pause over──▶ starting ──▶ running
 *      │                  │                       │  └─failed─▶ pausing
 *      └───────stop───────┴───────────stop────────┴──▶ stopped
 */
export interface Keeper {
  readonly name: string;
  readonly child: () => Child;
  /** How often it was started again. */
  readonly restarts: () => number;
  /** Ends the watch and the process. May be called often. */
  readonly stop: () => Promise<void>;
}

const describe = ({ code, signal }: Exit): string => (signal ? `killed by ${signal}` : `ended with code ${code}`);

/** Takes over a running child. `start` makes the next one; when it rejects, that counts as one more failure. */
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

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      stopped.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });

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
      failures = failuresAfter(failures, Date.now() - since);
      while (!child.isRunning() && !stopped.signal.aborted) {
        const ms = pauseMs(failures);
        onEvent({ name, state: 'restarting', detail: `${describe(exit)}; again in ${ms} ms` });
        await pause(ms);
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
      // A start that was under way when the stop came has brought up one more.
      await child.stop();
    },
  };
}
