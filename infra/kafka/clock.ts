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

export function waitOf(clock: Clock, ms: number): Wait {
  const early = new AbortController();
  return { over: clock.sleep(ms, early.signal), end: () => early.abort() };
}

export interface Deadline {
  /** Aborted with a `TimeoutError` when the time is over. */
  readonly signal: AbortSignal;
  /** Frees the wait; the signal is then never aborted. */
  end(): void;
}

export function deadlineOf(clock: Clock, ms: number): Deadline {
  const passed = new AbortController();
  const wait = waitOf(clock, ms);
  let ended = false;
  void wait.over.then(() => {
    if (!ended) passed.abort(new DOMException(`not done within ${ms} ms`, 'TimeoutError'));
  });
  return {
    signal: passed.signal,
    end: () => {
      ended = true;
      wait.end();
    },
  };
}
