/** Growing pauses between retries. */
export interface Backoff {
  /** Pause after the first failure, in ms. */
  readonly firstMs: number;
  /** Longest pause before jitter, in ms. */
  readonly maxMs: number;
  /** Factor from one pause to the next; default 2. */
  readonly factor?: number;
  /**
   * Largest share of a pause that is added at random, so that callers that failed together do not retry together;
   * default 0.
   */
  readonly jitter?: number;
}

/**
 * Returns the pause after the n-th consecutive failure, in ms: `firstMs` after the first, up to `maxMs`, plus jitter.
 * `random` returns a number from 0 to below 1; it is called once, and only with jitter.
 */
export function pauseMs(failures: number, backoff: Backoff, random: () => number = Math.random): number {
  const { firstMs, maxMs, factor = 2, jitter = 0 } = backoff;
  const grownMs = Math.min(maxMs, firstMs * factor ** Math.max(0, failures - 1));
  return jitter === 0 ? grownMs : grownMs * (1 + jitter * random());
}

/**
 * Returns the number of consecutive failures after the end of something that lived `livedMs`: 1 when it lived for at
 * least `stableMs`.
 */
export const failuresAfter = (failuresBefore: number, livedMs: number, stableMs: number): number =>
  livedMs >= stableMs ? 1 : failuresBefore + 1;
