import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pairedBootstrap } from './bootstrap.ts';
import { pairedShares, wilson } from './intervals.ts';
import { mcnemar } from './mcnemar.ts';
import { normalQuantile } from './normal.ts';
import { randomFrom, seedFrom } from './random.ts';
import { casesFor, casesMin, holm, kappa, passAtK, passHatK } from './several.ts';

type Rows<T> = readonly T[];
type N = number;
/** Expected values by SciPy, statsmodels and scikit-learn: see scipy-table.py beside it. */
const table = JSON.parse(readFileSync('tests/fixtures/statistics/scipy-table.json', 'utf8')) as {
  readonly normal: Rows<[N, N]>;
  readonly mcnemar: Rows<[N, N, N, N]>;
  readonly wilson: Rows<[N, N, N, N, N]>;
  readonly tango: Rows<[N, N, N, N, N, N]>;
  readonly holm: Rows<[N[], N[]]>;
  readonly kappa: Rows<[N, N, N, N, N]>;
  readonly passes: Rows<[N, N, N, N, N]>;
  readonly bootstrap: Rows<[N[], N, N]>;
};

describe('statistics equal those of SciPy', () => {
  it.each(table.normal)('quantile of %f', (p, z) => expect(normalQuantile(p)).toBeCloseTo(z, 10));

  it.each(table.mcnemar)('exact McNemar, %i worse and %i better', (worse, better, drop, gain) => {
    const p = mcnemar({ worse, better });
    expect(p.worse).toBeCloseTo(drop, 12);
    expect(p.better).toBeCloseTo(gain, 12);
  });

  it.each(table.wilson)('Wilson, %i of %i at %f', (passed, of, confidence, low, high) => {
    const interval = wilson(passed, of, confidence);
    expect(interval.low).toBeCloseTo(low, 10);
    expect(interval.high).toBeCloseTo(high, 10);
  });

  it.each(table.tango)('Tango, %i worse and %i better of %i at %f', (worse, better, cases, confidence, low, high) => {
    const interval = pairedShares({ worse, better }, cases, confidence);
    expect(interval.low).toBeCloseTo(low, 6);
    expect(interval.high).toBeCloseTo(high, 6);
  });

  it.each(table.holm)('Holm of %j', (values, adjusted) => {
    for (const [at, p] of holm(values).entries()) expect(p).toBeCloseTo(adjusted[at] as number, 12);
  });

  it.each(table.kappa)("Cohen's kappa of %i, %i, %i, %i", (bothPass, bothFail, onlyFirst, onlySecond, expected) => {
    expect(kappa({ bothPass, bothFail, onlyFirst, onlySecond })).toBeCloseTo(expected, 12);
  });

  it.each(table.passes)('pass@k and pass^k of %i repeats, %i passed, %i drawn', (n, passed, k, atK, hatK) => {
    expect(passAtK(n, passed, k)).toBeCloseTo(atK, 12);
    expect(passHatK(n, passed, k)).toBeCloseTo(hatK, 12);
  });

  it.each(table.bootstrap)('mean of %j, and its spread over all resamples', (values, mean, spread) => {
    const pairs = values.map((difference, at) => ({ cluster: String(at), difference }));
    const found = pairedBootstrap(pairs, { seed: 'scipy', confidence: 0.9 });
    expect(found.estimate).toBeCloseTo(mean, 12);
    // The resamples divide by n, the standard error by n - 1.
    expect(found.error * Math.sqrt((values.length - 1) / values.length)).toBeCloseTo(spread, 12);
  });
});

describe('a bootstrap', () => {
  const pairs = Array.from({ length: 40 }, (_, at) => ({ cluster: String(at), difference: (at % 5) - 2.5 }));

  it('is the same for the same seed, and another for another one', () => {
    const of = (seed: string) => pairedBootstrap(pairs, { seed, confidence: 0.9 });
    expect(of('a')).toEqual(of('a'));
    expect(of('a').low).not.toBe(of('b').low);
  });

  it('has wider bounds where cases of one cluster answer alike', () => {
    const alike = pairs.flatMap(({ cluster, difference }) => [
      { cluster, difference },
      { cluster, difference },
      { cluster, difference },
    ]);
    const apart = alike.map(({ difference }, at) => ({ cluster: String(at), difference }));
    const width = (of: typeof alike) => {
      const { low, high } = pairedBootstrap(of, { seed: 'x', confidence: 0.9 });
      return high - low;
    };
    expect(width(alike)).toBeGreaterThan(1.5 * width(apart));
  });

  it('says that a difference of every cluster is no chance, and that none is one', () => {
    const same = (difference: number) => Array.from({ length: 6 }, (_, at) => ({ cluster: String(at), difference }));
    expect(pairedBootstrap(same(-1), { seed: 'x', confidence: 0.9 })).toMatchObject({ worse: 2 ** -6, better: 1 });
    expect(pairedBootstrap(same(0), { seed: 'x', confidence: 0.9 })).toMatchObject({ worse: 1, better: 1, low: 0 });
    expect(pairedBootstrap([], { seed: 'x', confidence: 0.9 })).toMatchObject({ clusters: 0, worse: 1 });
  });
});

it('more cases are wanted for a smaller distance; a pass needs cases that a fault could hit', () => {
  const wanted = (distance: number) => casesFor({ deviation: 0.5, distance, alpha: 0.05 });
  expect([wanted(0.1), wanted(0.05)]).toEqual([155, 619]);
  expect([casesMin(0.1, 0.05), casesMin(0.3, 0.05)]).toEqual([29, 9]);
});

it('numbers and seeds follow from a text alone', () => {
  const [one, other] = [randomFrom('a'), randomFrom('a')];
  const drawn = Array.from({ length: 1_000 }, one);
  expect(drawn).toEqual(Array.from({ length: 1_000 }, other));
  expect(drawn.every((each) => each >= 0 && each < 1)).toBe(true);
  expect(drawn.reduce((sum, each) => sum + each, 0) / 1_000).toBeCloseTo(0.5, 1);
  expect(seedFrom('a')).toBe(seedFrom('a'));
  expect(seedFrom('a')).not.toBe(seedFrom('b'));
});
