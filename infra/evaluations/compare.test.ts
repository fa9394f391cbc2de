import { describe, expect, it } from 'vitest';
import { comparisonsOf, verdictOver } from './compare.ts';
import { scorer as scorerSchema } from './golden-set.ts';
import { randomFrom } from './statistics/random.ts';

const exact = scorerSchema.parse({ kind: 'exact' });
const cosine = scorerSchema.parse({ kind: 'cosine' });
const both = [
  { scorer: exact, name: 'exact', gates: true },
  { scorer: cosine, name: 'cosine', gates: true },
];

interface Play {
  readonly cases: number;
  readonly seed: string;
  /** Chance that a case which would have passed fails now. */
  readonly drop?: number;
  readonly perCluster?: number;
  readonly repeats?: number;
}

/** Plays two runs over cases of different difficulty: answers of a case are alike, and chance is in each of them. */
function played({ cases, seed, drop = 0, perCluster = 1, repeats = 1 }: Play) {
  const random = randomFrom(seed);
  const difficulty = Array.from({ length: Math.ceil(cases / perCluster) }, () => 0.6 + 0.4 * random() ** 0.5);
  const answers = (at: number, lost: number) =>
    Array.from({ length: repeats }, () =>
      random() < (difficulty[Math.floor(at / perCluster)] as number) && random() >= lost ? 1 : 0,
    );
  const run = (lost: number) =>
    Array.from({ length: cases }, (_, at) => {
      const passed = answers(at, lost);
      const similar = passed.map((each) => Math.max(0, Math.min(1, 0.3 + 0.5 * each + 0.2 * random())));
      const cluster = `c${Math.floor(at / perCluster)}`;
      return { case_id: String(at), digest: '', cluster, values: { exact: passed, cosine: similar } };
    });
  const compared = comparisonsOf(both, run(0), run(drop), { margin: 0.05, seed });
  return verdictOver(
    both.map(({ name }, at) => ({ name, gate: true, compared: compared[at] ?? null })),
    true,
  ).verdict;
}

const shareOf = (verdict: string, runs: number, play: Omit<Play, 'seed'>): number =>
  Array.from({ length: runs }, (_, n) => played({ ...play, seed: `run ${n}` })).filter((each) => each === verdict)
    .length / runs;

/** 1,000 runs with FUZZ_RUNS=25; some minutes. */
const RUNS = 40 * Number(process.env['FUZZ_RUNS'] ?? '1');
const isLong = RUNS >= 1_000;

describe(`over ${RUNS} runs`, () => {
  // In 40 runs of a rate of 5 % five or more regress by chance in one test of twenty; the seeds are fixed.
  const FALSE_MAX = isLong ? 0.05 : 0.1;

  it('a change of nothing regresses in at most 5 %', { timeout: 900_000 }, () => {
    expect(shareOf('regress', RUNS, { cases: 100 })).toBeLessThanOrEqual(FALSE_MAX);
    expect(shareOf('regress', RUNS, { cases: 120, perCluster: 4 })).toBeLessThanOrEqual(FALSE_MAX);
  });

  it('a drop of ten points on 200 cases is found in at least 80 %', { timeout: 900_000 }, () => {
    expect(shareOf('regress', RUNS, { cases: 200, drop: 0.115, repeats: 3 })).toBeGreaterThanOrEqual(0.8);
  });
});

const rows = (values: readonly number[]) =>
  values.map((each, at) => ({ case_id: String(at), digest: '', cluster: String(at), values: { exact: [each] } }));
const only = [{ scorer: exact, name: 'exact', gates: true }];
const verdictOf = (before: readonly number[], now: readonly number[], margin = 0.1) => {
  const [compared = null] = comparisonsOf(only, rows(before), rows(now), { margin, seed: 'x' });
  return { compared, ...verdictOver([{ name: 'exact', gate: true, compared }], true) };
};
const times = (value: number, n: number): readonly number[] => Array.from({ length: n }, () => value);

describe('a verdict', () => {
  it('is pass when all cases are as they were, and there are enough of them', () => {
    expect(verdictOf(times(1, 30), times(1, 30)).verdict).toBe('pass');
    const few = verdictOf(times(1, 5), times(1, 5));
    expect(few).toMatchObject({ verdict: 'inconclusive', moreCases: 24 });
    expect(verdictOf(times(1, 29), times(1, 29)).verdict).toBe('pass');
  });

  it('is regress when cases fail that passed, and improve when they pass that failed', () => {
    expect(verdictOf(times(1, 40), [...times(1, 30), ...times(0, 10)])).toMatchObject({ verdict: 'regress' });
    expect(verdictOf([...times(1, 30), ...times(0, 10)], times(1, 40))).toMatchObject({ verdict: 'improve' });
  });

  it('is inconclusive when a drop may be chance and may be more than the margin', () => {
    const { verdict, moreCases, detail } = verdictOf(times(1, 40), [...times(1, 38), ...times(0, 2)]);
    expect(verdict).toBe('inconclusive');
    expect(detail).toContain(`needs ${moreCases} more cases`);
  });

  it('is pass within the margin, even where the drop is no chance', () => {
    expect(verdictOf(times(1, 400), [...times(1, 390), ...times(0, 10)], 0.1).verdict).toBe('pass');
    expect(verdictOf(times(1, 400), [...times(1, 390), ...times(0, 10)], 0.02).verdict).toBe('regress');
  });

  it('compares equal cases alone, and says when there is none', () => {
    const changed = rows(times(1, 30)).map((row) => ({ ...row, digest: 'other' }));
    const [compared] = comparisonsOf(only, rows(times(1, 30)), changed, { margin: 0.1, seed: 'x' });
    expect(compared).toBeNull();
    expect(verdictOver([{ name: 'exact', gate: true, compared: null }], true).verdict).toBe('inconclusive');
    expect(verdictOver([], false).detail).toContain('no baseline');
  });

  it('does not depend on a scorer without a gate', () => {
    const { compared } = verdictOf(times(1, 40), times(0, 40));
    const fine = verdictOf(times(1, 40), times(1, 40)).compared;
    const reports = [
      { name: 'exact', gate: false, compared },
      { name: 'regex', gate: true, compared: fine },
    ];
    expect(verdictOver(reports, true).verdict).toBe('pass');
  });

  it('of an amount is by its ratio: dearer by more than the margin regresses', () => {
    const cost = scorerSchema.parse({ kind: 'cost' });
    const of = (factor: number) =>
      Array.from({ length: 40 }, (_, at) => ({
        ...{ case_id: String(at), digest: '', cluster: String(at) },
        values: { cost: [(1 + (at % 7) / 50) * factor * (1 + (factor === 1 ? 0 : ((at * 13) % 11) / 500))] },
      }));
    const verdict = (factor: number) =>
      comparisonsOf([{ scorer: cost, name: 'cost', gates: true }], of(1), of(factor), { margin: 0.1, seed: 'x' })[0];
    expect(verdict(1.3)).toMatchObject({ verdict: 'regress', worse: 40 });
    expect(verdict(1.02)?.verdict).toBe('pass');
    expect(verdict(0.5)?.verdict).toBe('improve');
  });
});
