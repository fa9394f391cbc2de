/** Wall clock, waits and chance: all that a runner takes from the machine beside the log. The simulation holds all three. */
export interface Clock {
  /** Ms since 1970. Paces waits, timers and metrics; what is decided never sees it. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` is aborted. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** At least 0, below 1. Spreads retries. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const over = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', over);
        resolve();
      };
      const timer = setTimeout(over, ms);
      signal?.addEventListener('abort', over, { once: true });
    }),
  random: Math.random,
};

/** A wait that may be ended before its time; `end` is harmless to repeat. */
export interface Wait {
  readonly over: Promise<void>;
  end(): void;
}

/** A reason of its own: the default one is an exception with a stack, which costs more than the wait. */
const ENDED = 'ended';

export function waitOf(clock: Clock, ms: number): Wait {
  const early = new AbortController();
  return { over: clock.sleep(ms, early.signal), end: () => early.abort(ENDED) };
}
