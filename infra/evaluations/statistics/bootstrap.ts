import type { Interval } from './intervals.ts';
import { randomFrom } from './random.ts';

/** Resamples of a bootstrap: a p value of 0.05 is then within 0.01 of its limit, in 95 of 100 seeds. */
export const RESAMPLES = 2_000;

/** Paired differences of cases, and the cluster of each: cases of one cluster are resampled together. */
export interface PairedDifference {
  readonly cluster: string;
  readonly difference: number;
}

/** What a paired bootstrap says of the mean difference. */
export interface Bootstrapped extends Interval {
  readonly estimate: number;
  /** Standard error between clusters. */
  readonly error: number;
  readonly clusters: number;
  /** One-sided p values: of a drop, and of a gain. */
  readonly worse: number;
  readonly better: number;
}

interface Sums {
  readonly sum: number;
  readonly count: number;
}

const clustersOf = (pairs: readonly PairedDifference[]): readonly Sums[] => {
  const byName = new Map<string, Sums>();
  for (const { cluster, difference } of pairs) {
    const { sum, count } = byName.get(cluster) ?? { sum: 0, count: 0 };
    byName.set(cluster, { sum: sum + difference, count: count + 1 });
  }
  return [...byName.values()];
};

/** Returns the mean over cases and its standard error between clusters (a ratio of two means, by linearization). */
function meanOf(clusters: readonly Sums[]): { readonly mean: number; readonly error: number } {
  const [m, total] = [clusters.length, clusters.reduce((sum, { count }) => sum + count, 0)];
  const mean = clusters.reduce((sum, each) => sum + each.sum, 0) / total;
  if (m < 2) return { mean, error: 0 };
  const squares = clusters.reduce((sum, each) => sum + (each.sum - mean * each.count) ** 2, 0);
  return { mean, error: Math.sqrt((m / (m - 1)) * squares) / total };
}

/**
 * Returns the mean paired difference with its studentized bootstrap by cluster. `confidence` is two-sided. The same seed gives
 * the same answer. Where no difference varies, the bounds are the estimate, and the p values are 1 or, for a difference, that
 * of all clusters on one side by chance, 2^-clusters.
 */
export function pairedBootstrap(
  pairs: readonly PairedDifference[],
  { seed, confidence, resamples = RESAMPLES }: { seed: string; confidence: number; resamples?: number },
): Bootstrapped {
  const clusters = clustersOf(pairs);
  const m = clusters.length;
  if (m === 0) return { estimate: 0, error: 0, clusters: 0, low: -1, high: 1, worse: 1, better: 1 };
  const { mean, error } = meanOf(clusters);
  if (error === 0) {
    const byChance = mean === 0 ? 1 : 2 ** -m;
    const [worse, better] = [mean < 0 ? byChance : 1, mean > 0 ? byChance : 1];
    return { estimate: mean, error, clusters: m, low: mean, high: mean, worse, better };
  }
  const random = randomFrom(seed);
  const drawn = Array.from({ length: resamples }, () => {
    const sample = Array.from({ length: m }, () => clusters[Math.floor(random() * m)] as Sums);
    const { mean: other, error: spread } = meanOf(sample);
    const distance = other - mean;
    // A sample without spread is beyond every bound, on its side.
    return spread === 0 ? Math.sign(distance) * Number.MAX_VALUE : distance / spread;
  }).sort((one, other) => one - other);
  const observed = mean / error;
  const below = drawn.filter((each) => each <= observed).length;
  const above = drawn.filter((each) => each >= observed).length;
  const tail = (1 - confidence) / 2;
  const at = (share: number): number => {
    const t = drawn[Math.min(resamples - 1, Math.max(0, Math.floor(share * resamples)))] ?? 0;
    // Beyond ten standard errors a bound says no more.
    return Math.min(10, Math.max(-10, t));
  };
  return {
    ...{ estimate: mean, error, clusters: m },
    ...{ low: mean - at(1 - tail) * error, high: mean - at(tail) * error },
    ...{ worse: (below + 1) / (resamples + 1), better: (above + 1) / (resamples + 1) },
  };
}
