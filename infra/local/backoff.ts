export interface BackoffLimits {
  readonly firstMs: number;
  readonly maxMs: number;
  /** A process that lived this long has recovered: the next failure starts over. */
  readonly resetAfterMs: number;
}

export const restartBackoff: BackoffLimits = { firstMs: 500, maxMs: 30_000, resetAfterMs: 60_000 };

/**
 * How many failures in a row there are, now that a process which lived `livedMs` ended. 0 failures before give 1.
 */
export const failuresAfter = (failuresBefore: number, livedMs: number, limits = restartBackoff): number =>
  livedMs >= limits.resetAfterMs ? 1 : failuresBefore + 1;

/** Pause before the next try: doubles with each failure in a row, from `firstMs` at the first up to `maxMs`. */
export const pauseMs = (failures: number, limits = restartBackoff): number =>
  Math.min(limits.maxMs, limits.firstMs * 2 ** Math.max(0, failures - 1));
