/** McNemar's test on cases that two arms answered: only those that one arm passed and the other failed say something. */

/** Returns P(X ≥ k) of n tosses of a fair coin. Exact up to rounding, summed in logarithms. */
export function atLeastHeads(k: number, n: number): number {
  if (k <= 0) return 1;
  if (k > n) return 0;
  let logTerm = -n * Math.LN2;
  let sum = 0;
  for (let at = 0; at <= n; at += 1) {
    if (at >= k) sum += Math.exp(logTerm);
    logTerm += Math.log((n - at) / (at + 1));
  }
  return Math.min(1, sum);
}

/** Cases that only one of two arms passed. */
export interface Discordant {
  /** Passed by the baseline, failed now. */
  readonly worse: number;
  /** Failed by the baseline, passed now. */
  readonly better: number;
}

/** Returns the exact one-sided p values, that of a drop and that of a gain. */
export const mcnemar = ({ worse, better }: Discordant): { readonly worse: number; readonly better: number } => ({
  worse: atLeastHeads(worse, worse + better),
  better: atLeastHeads(better, worse + better),
});
