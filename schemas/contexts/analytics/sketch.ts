/**
 * Quantiles of latencies by logarithmic buckets: the mapping of DDSketch (Masson, Rim, Lee, VLDB 2019) with 1 % relative
 * error. The state of a sketch is one count a bucket, so two sketches merge by adding their counts, in any order.
 */

/** Bound on the relative error of a quantile. */
export const RELATIVE_ERROR = 0.01;
const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
/** Largest value that has a bucket of its own, in ms: 31 days. */
const VALUE_MAX = 31 * 24 * 60 * 60 * 1000;

/** Returns the bucket of a value: from 0, which has every value up to 1, to some 1,100. NaN is in bucket 0. */
export const bucketOf = (value: number): number =>
  value > 1 ? Math.ceil(Math.log(Math.min(value, VALUE_MAX)) / LOG_GAMMA) : 0;

/** Returns the value that stands for a bucket: within RELATIVE_ERROR of every value in it that is above 1. */
export const midOf = (bucket: number): number => (bucket <= 0 ? 1 : (2 * GAMMA ** bucket) / (GAMMA + 1));

/** Counts by bucket. */
export type Sketch = ReadonlyMap<number, number>;

/** Returns the merged sketch. */
export function merged(...sketches: readonly Sketch[]): Sketch {
  const sum = new Map<number, number>();
  for (const sketch of sketches) for (const [bucket, count] of sketch) sum.set(bucket, (sum.get(bucket) ?? 0) + count);
  return sum;
}

/** Returns the quantile `q` (0 to 1, the value of rank ⌊q·(n−1)⌋) of what a sketch counted; null for an empty one. */
export function quantile(sketch: Sketch, q: number): number | null {
  const ordered = [...sketch].filter(([, count]) => count > 0).sort(([one], [other]) => one - other);
  const count = ordered.reduce((sum, [, each]) => sum + each, 0);
  if (count === 0) return null;
  const rank = Math.floor(q * (count - 1));
  let seen = 0;
  for (const [bucket, each] of ordered) {
    seen += each;
    if (seen > rank) return midOf(bucket);
  }
  return null;
}
