import { type Clock, systemClock } from './clock.ts';

export interface Retry {
  /** Attempts in all; from 1. */
  readonly attemptsMax: number;
  /** Pause between attempts, in ms. */
  readonly pauseMs: number;
  /** Returns true for an error that a later attempt may not have. */
  readonly passes: (error: unknown) => boolean;
  /** Called before each pause. */
  readonly onFailed?: (error: unknown) => void;
  readonly clock?: Pick<Clock, 'sleep'>;
}

/** Repeats work while it fails with a passing error. Rejects with any other error at once, and with the last one. */
export async function retried<T>(work: () => Promise<T>, retry: Retry): Promise<T> {
  const { attemptsMax, pauseMs, passes, onFailed, clock = systemClock } = retry;
  for (let attempt = 1; ; attempt += 1)
    try {
      return await work();
    } catch (error) {
      if (!passes(error) || attempt === attemptsMax) throw error;
      onFailed?.(error);
      await clock.sleep(pauseMs);
    }
}
