import type { Discordant } from './mcnemar.ts';
import { normalQuantile } from './normal.ts';

/** Bounds of an estimate. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Returns Wilson's score interval of a share: `confidence` is two-sided, such as 0.9. The whole range without trials. */
export function wilson(passed: number, of: number, confidence: number): Interval {
  if (of === 0) return { low: 0, high: 1 };
  const z = normalQuantile((1 + confidence) / 2);
  const [share, square] = [passed / of, z * z];
  const centre = share + square / (2 * of);
  const reach = z * Math.sqrt((share * (1 - share)) / of + square / (4 * of * of));
  const scale = 1 + square / of;
  return {
    low: passed === 0 ? 0 : Math.max(0, (centre - reach) / scale),
    high: passed === of ? 1 : Math.min(1, (centre + reach) / scale),
  };
}

/** Halvings of a bound: 2^-50 is below the precision that anybody reads. */
const HALVINGS = 50;

/**
 * Returns Tango's score interval (1998) of the difference of two paired shares, now less the baseline. It holds for few
 * cases, and where no case differs: then the bounds are ±z²/(n + z²).
 */
export function pairedShares({ worse, better }: Discordant, cases: number, confidence: number): Interval {
  if (cases === 0) return { low: -1, high: 1 };
  const z = normalQuantile((1 + confidence) / 2);
  /** Score statistic of a difference; it falls as the difference grows. */
  const score = (difference: number): number => {
    const a = 2 * cases;
    const b = -better - worse + (2 * cases - better + worse) * difference;
    const c = -worse * difference * (1 - difference);
    const rate = (Math.sqrt(Math.max(0, b * b - 4 * a * c)) - b) / (2 * a);
    const variance = cases * (2 * rate + difference * (1 - difference));
    const distance = better - worse - cases * difference;
    return variance <= 0 ? Math.sign(distance) * Number.POSITIVE_INFINITY || 0 : distance / Math.sqrt(variance);
  };
  const estimate = (better - worse) / cases;
  const bound = (outside: number, limit: number): number => {
    let [near, far] = [estimate, outside];
    for (let n = 0; n < HALVINGS; n += 1) {
      const middle = (near + far) / 2;
      if (Math.abs(score(middle)) <= limit) near = middle;
      else far = middle;
    }
    return near;
  };
  return { low: bound(-1, z), high: bound(1, z) };
}
