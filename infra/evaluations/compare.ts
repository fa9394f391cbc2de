/** Compares a run with its baseline: one test a scorer, and one verdict. */
import type { EvaluationVerdict } from '../../schemas/contexts/evaluations.ts';
import type { Scorer } from './golden-set.ts';
import type { CaseRow, Comparison } from './result.ts';
import { measureOf, passes } from './scorers.ts';
import { pairedBootstrap } from './statistics/bootstrap.ts';
import { type Interval, pairedShares } from './statistics/intervals.ts';
import { mcnemar } from './statistics/mcnemar.ts';
import { casesFor, casesMin, holm } from './statistics/several.ts';

/** One-sided level of each direction: of a hundred runs without a change, at most five regress. */
export const ALPHA = 0.05;
/** Two-sided confidence of the bounds: each of them holds with 95 %. */
export const CONFIDENCE = 1 - 2 * ALPHA;
/** Most further cases that an answer asks for. */
const MORE_CASES_MAX = 100_000;
/** Least amount: that of an answer which costs nothing. */
const AMOUNT_MIN = 1e-9;

type Row = Pick<CaseRow, 'case_id' | 'digest' | 'cluster' | 'values'>;

/** A case of both runs. */
interface Pair {
  readonly cluster: string;
  readonly before: number;
  readonly now: number;
}

/** What one scorer found, before the p values of all are adjusted. */
interface Found extends Interval, Pick<Comparison, 'cases' | 'baseline' | 'difference' | 'worse' | 'better'> {
  readonly pWorse: number;
  readonly pBetter: number;
  readonly clusters: number;
  /** Standard deviation of the differences between clusters. */
  readonly deviation: number;
  readonly margin: number;
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, each) => sum + each, 0) / values.length;

/** Returns the value of a case: 1 for a pass, else the mean of its repeats. Null without one. */
function measured(scorer: Scorer, values: readonly (number | null)[] = []): number | null {
  const known = values.filter((each) => each !== null);
  if (known.length === 0) return null;
  return measureOf(scorer) === 'passes' ? (passes(scorer, values) === true ? 1 : 0) : mean(known);
}

function pairsOf(scorer: Scorer, name: string, before: ReadonlyMap<string, Row>, now: readonly Row[]): readonly Pair[] {
  return now.flatMap(({ case_id, digest, cluster, values }) => {
    const other = before.get(case_id);
    if (other === undefined || other.digest !== digest) return [];
    const [earlier, later] = [measured(scorer, other.values[name]), measured(scorer, values[name])];
    return earlier === null || later === null ? [] : [{ cluster, before: earlier, now: later }];
  });
}

/** Returns the gain of a case: for an amount, of its logarithm. */
const gainOf = (isAmount: boolean, { before, now }: Pair): number =>
  isAmount ? Math.log(Math.max(before, AMOUNT_MIN)) - Math.log(Math.max(now, AMOUNT_MIN)) : now - before;

function findingOf(scorer: Scorer, pairs: readonly Pair[], { margin, seed }: Settings): Found {
  const measure = measureOf(scorer);
  const isAmount = measure === 'amount';
  const gains = pairs.map((pair) => ({ cluster: pair.cluster, difference: gainOf(isAmount, pair) }));
  const [worse, better] = [-1, 1].map((side) => gains.filter(({ difference }) => difference * side > 0).length);
  const counted = { worse: worse ?? 0, better: better ?? 0 };
  const drawn = pairedBootstrap(gains, { seed, confidence: CONFIDENCE });
  const { clusters } = drawn;
  const common = {
    ...{ cases: pairs.length, baseline: mean(pairs.map(({ before }) => before)), ...counted, clusters },
    ...{ deviation: drawn.error * Math.sqrt(clusters), difference: drawn.estimate },
    margin: isAmount ? Math.log1p(margin) : margin,
  };
  // Each case on its own: the exact test, and bounds that hold where no case differs.
  if (measure === 'passes' && clusters === pairs.length) {
    const p = mcnemar(counted);
    return { ...common, pWorse: p.worse, pBetter: p.better, ...pairedShares(counted, pairs.length, CONFIDENCE) };
  }
  return { ...common, pWorse: drawn.worse, pBetter: drawn.better, low: drawn.low, high: drawn.high };
}

/** How runs are compared. */
export interface Settings {
  /** Drop that is accepted. */
  readonly margin: number;
  /** Of the resamples. */
  readonly seed: string;
}

/** Returns the verdict of one scorer by its adjusted p values. */
function decided(
  { low, clusters, margin, cases, deviation, difference }: Found,
  { worse, better }: { readonly worse: number; readonly better: number },
): { readonly verdict: EvaluationVerdict; readonly moreCases: number | null } {
  const isHeld = low > -margin;
  if (!isHeld && worse <= ALPHA) return { verdict: 'regress', moreCases: null };
  const least = casesMin(Math.min(margin, 0.5), ALPHA);
  if (isHeld && clusters >= least) return { verdict: better <= ALPHA ? 'improve' : 'pass', moreCases: null };
  const distance = margin + difference > margin / 10 ? margin + difference : Math.abs(difference) + margin / 10;
  const wanted = Math.max(least, casesFor({ deviation, distance, alpha: ALPHA }));
  return { verdict: 'inconclusive', moreCases: Math.min(MORE_CASES_MAX, Math.max(1, wanted - cases)) };
}

/** A gain as it is shown: for an amount the share that is saved. */
const shown = (scorer: Scorer, gain: number): number => (measureOf(scorer) === 'amount' ? 1 - Math.exp(-gain) : gain);

/**
 * Returns what changed by each scorer, in their order; null where no case can be compared. P values are adjusted over the scorers
 * that gate.
 */
export function comparisonsOf(
  scorers: readonly { readonly scorer: Scorer; readonly name: string; readonly gates: boolean }[],
  before: readonly Row[],
  now: readonly Row[],
  settings: Settings,
): readonly (Comparison | null)[] {
  const byId = new Map(before.map((row) => [row.case_id, row]));
  const found = scorers.map(({ scorer, name }) => {
    const pairs = pairsOf(scorer, name, byId, now);
    return pairs.length === 0 ? null : findingOf(scorer, pairs, { ...settings, seed: `${settings.seed}/${name}` });
  });
  const gating = found
    .map((each, at) => (each !== null && scorers[at]?.gates === true ? at : -1))
    .filter((at) => at >= 0);
  const adjusted = (of: (each: Found) => number): ReadonlyMap<number, number> => {
    const values = holm(gating.map((at) => of(found[at] as Found)));
    return new Map(gating.map((at, n) => [at, values[n] ?? 1]));
  };
  const [drops, rises] = [adjusted(({ pWorse }) => pWorse), adjusted(({ pBetter }) => pBetter)];
  return found.map((each, at) => {
    if (each === null) return null;
    const { scorer } = scorers[at] as (typeof scorers)[number];
    const [worse, better] = [drops.get(at) ?? each.pWorse, rises.get(at) ?? each.pBetter];
    const { verdict, moreCases } = decided(each, { worse, better });
    return {
      ...{ cases: each.cases, baseline: each.baseline, difference: shown(scorer, each.difference) },
      ...{ low: shown(scorer, each.low), high: shown(scorer, each.high), worse: each.worse, better: each.better },
      ...{ p_worse: worse, p_better: better, verdict, more_cases: moreCases },
    };
  });
}

/** The verdict of a run. */
export interface RunVerdict {
  readonly verdict: EvaluationVerdict;
  readonly detail: string;
  readonly moreCases: number | null;
}

/** Returns the verdict over the scorers that gate: the worst of regress, inconclusive, improve and pass. */
export function verdictOver(
  reports: readonly { readonly name: string; readonly gate: boolean; readonly compared: Comparison | null }[],
  hasBaseline: boolean,
): RunVerdict {
  if (!hasBaseline)
    return { verdict: 'inconclusive', detail: 'There is no baseline to compare with.', moreCases: null };
  const gating = reports.filter(({ gate }) => gate);
  const compared = gating.filter(({ compared }) => compared !== null);
  if (compared.length === 0)
    return { verdict: 'inconclusive', detail: 'No case of the baseline is in this run.', moreCases: null };
  const named = (verdict: EvaluationVerdict) => compared.filter((each) => each.compared?.verdict === verdict);
  const list = (of: typeof compared): string => of.map(({ name }) => name).join(', ');
  const [regressed, open, improved] = [named('regress'), named('inconclusive'), named('improve')];
  if (regressed.length > 0)
    return { verdict: 'regress', detail: `Worse than the baseline by ${list(regressed)}.`, moreCases: null };
  if (open.length > 0) {
    const moreCases = Math.max(...open.map((each) => each.compared?.more_cases ?? 1));
    return { verdict: 'inconclusive', detail: `${list(open)}: needs ${moreCases} more cases.`, moreCases };
  }
  if (improved.length > 0)
    return { verdict: 'improve', detail: `Better than the baseline by ${list(improved)}.`, moreCases: null };
  return { verdict: 'pass', detail: 'No worse than the baseline within the margin.', moreCases: null };
}
