import { normalQuantile } from './normal.ts';

/** Returns p values adjusted by Holm (1979): at a level, the chance of any false finding among all of them is at most it. */
export function holm(pValues: readonly number[]): readonly number[] {
  const order = pValues.map((p, at) => ({ p, at })).sort((one, other) => one.p - other.p);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let largest = 0;
  for (const [rank, { p, at }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * p));
    adjusted[at] = largest;
  }
  return adjusted;
}

/** Labels by two raters of the same texts: how often each pair occurred. */
export interface Agreement {
  readonly bothPass: number;
  readonly bothFail: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
}

/** Returns Cohen's kappa, from -1 to 1; null without texts. 1 where both raters gave one and the same label to all. */
export function kappa({ bothPass, bothFail, onlyFirst, onlySecond }: Agreement): number | null {
  const n = bothPass + bothFail + onlyFirst + onlySecond;
  if (n === 0) return null;
  const observed = (bothPass + bothFail) / n;
  const [first, second] = [(bothPass + onlyFirst) / n, (bothPass + onlySecond) / n];
  const expected = first * second + (1 - first) * (1 - second);
  return expected === 1 ? 1 : (observed - expected) / (1 - expected);
}

/** Returns C(n - passed, k) / C(n, k), the chance that k of n repeats, drawn without return, all fail. */
function allFail(n: number, passed: number, k: number): number {
  let share = 1;
  for (let at = 0; at < k; at += 1) share *= Math.max(0, n - passed - at) / (n - at);
  return share;
}

/** Returns pass@k, the chance that at least one of k repeats passes, without bias. `k` is at most `n`. */
export const passAtK = (n: number, passed: number, k: number): number => 1 - allFail(n, passed, k);
/** Returns pass^k, the chance that all of k repeats pass, without bias. `k` is at most `n`. */
export const passHatK = (n: number, passed: number, k: number): number => allFail(n, n - passed, k);

/** Chance of an answer other than inconclusive that a number of cases is for. */
const POWER = 0.8;

/** What a number of cases is derived from. */
export interface Wanted {
  /** Standard deviation of the differences between clusters. */
  readonly deviation: number;
  /** Distance of the estimate from the bound that decides, above 0. */
  readonly distance: number;
  /** One-sided level. */
  readonly alpha: number;
}

/** Returns the cases that decide in four of five runs, at least 1: (z₁₋ₐ + z₀.₈)² σ² / δ². */
export const casesFor = ({ deviation, distance, alpha }: Wanted): number =>
  Math.max(1, Math.ceil(((normalQuantile(1 - alpha) + normalQuantile(POWER)) * (deviation / distance)) ** 2));

/**
 * Returns the least cases for a pass: with fewer, a fault that hits a share `margin` of cases could have hit none of them with
 * a chance above `alpha`.
 */
export const casesMin = (margin: number, alpha: number): number => Math.ceil(Math.log(alpha) / Math.log(1 - margin));
