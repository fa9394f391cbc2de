/**
 * Wall clock, waits and randomness: all that a runner uses of the machine beside the log. The simulation replaces all
 * three.
 */
export interface Clock {
  /** Ms since 1970. For waits, timers and metrics; decisions never depend on it. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` is aborted. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** At least 0, below 1. Spreads retries. */
  random(): number;
}

/** The clock of this machine. */
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

/** A wait that can be ended early; `end` is safe to repeat. */
export interface Wait {
  readonly over: Promise<void>;
  end(): void;
}

/** Abort reason: the default is an exception with a stack, which costs more than the wait. */
const ENDED = 'ended';

/** Starts a wait of `ms`. */
export function waitOf(clock: Clock, ms: number): Wait {
  const early = new AbortController();
  return { over: clock.sleep(ms, early.signal), end: () => early.abort(ENDED) };
}
