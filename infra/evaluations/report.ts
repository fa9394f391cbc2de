/** What the scorers of a golden set say of its cases, and of their comparison with a baseline. Pure. */
import { createHash } from 'node:crypto';
import { CONFIDENCE, comparisonsOf, type RunVerdict, verdictOver } from './compare.ts';
import { type GoldenCase, type GoldenDocument, type Scorer, scorerName } from './golden-set.ts';
import type { CaseRow, ScorerReport } from './result.ts';
import { measureOf, passes } from './scorers.ts';
import { wilson } from './statistics/intervals.ts';
import { passAtK, passHatK } from './statistics/several.ts';

/** Longest answer in a row, in characters. */
export const ANSWER_CHARS_SHOWN = 500;

/** A case that was run. */
export interface CasePlayed {
  readonly row: Omit<CaseRow, 'verdict'>;
  /** Models that answered it. */
  readonly models: readonly string[];
  /** In the currency of the platform. */
  readonly cost: number;
}

/** Returns the digest of a case: where it comes from is no part of it. */
export const caseDigest = ({ source: _, ...rest }: GoldenCase): string =>
  createHash('sha256').update(JSON.stringify(rest)).digest('hex');

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, each) => sum + each, 0) / values.length;

/** Returns what a scorer says of a run alone. */
function reportOf(
  scorer: Scorer,
  rows: readonly Pick<CaseRow, 'values'>[],
  { repeats, agreement }: { readonly repeats: number; readonly agreement: number | null },
): Omit<ScorerReport, 'compared'> {
  const name = scorerName(scorer);
  const all = rows.map(({ values }) => values[name] ?? []);
  const known = all.map((values) => values.filter((each) => each !== null)).filter((values) => values.length > 0);
  const verdicts = all.map((values) => passes(scorer, values)).filter((each) => each !== null);
  const passed = verdicts.filter(Boolean).length;
  const isPasses = measureOf(scorer) === 'passes';
  const bounds = isPasses && verdicts.length > 0 ? wilson(passed, verdicts.length, CONFIDENCE) : null;
  const least = scorer.kind === 'cosine' ? scorer.least : 1;
  const ofK = (chance: typeof passAtK): number | null =>
    measureOf(scorer) === 'amount'
      ? null
      : mean(
          known.map((values) =>
            chance(values.length, values.filter((each) => each >= least).length, Math.min(repeats, values.length)),
          ),
        );
  const isTrusted = scorer.kind !== 'judge' || (agreement ?? -1) >= scorer.kappa_min;
  return {
    ...{ name, kind: scorer.kind, gate: scorer.gate && isTrusted, cases: known.length, kappa: agreement },
    value: isPasses
      ? verdicts.length === 0
        ? null
        : passed / verdicts.length
      : mean(known.map((each) => mean(each) ?? 0)),
    ...{ low: bounds?.low ?? null, high: bounds?.high ?? null, pass_at_k: ofK(passAtK), pass_hat_k: ofK(passHatK) },
  };
}

/** Returns how a case compares with the same case of the baseline: by the mean of its passes. */
function caseVerdict(
  document: GoldenDocument,
  row: Omit<CaseRow, 'verdict'>,
  before: CaseRow | undefined,
): CaseRow['verdict'] {
  if (before === undefined || before.digest !== row.digest) return 'new';
  const passed = (of: Pick<CaseRow, 'values'>): number =>
    document.scorers.filter((scorer) => passes(scorer, of.values[scorerName(scorer)] ?? []) === true).length;
  const difference = passed(row) - passed(before);
  return difference === 0 ? 'same' : difference < 0 ? 'worse' : 'better';
}

/** Returns the cost of cases with nine fraction digits, as amounts in the log have. */
export const costOf = (played: readonly Pick<CasePlayed, 'cost'>[]): number =>
  Math.round(played.reduce((sum, { cost }) => sum + cost, 0) * 1e9) / 1e9;

/** What a run is compared with, and how. */
export interface Compared {
  /** Cases of the baseline; null without one. */
  readonly before: readonly CaseRow[] | null;
  /** Of the resamples. */
  readonly seed: string;
  /** Agreement of each judge with its labels, by the name of its scorer. */
  readonly agreements: ReadonlyMap<string, number | null>;
}

/** The verdict of a run, what each scorer says, and one row a case. */
export interface RunReport extends RunVerdict {
  readonly scorers: readonly ScorerReport[];
  readonly cases: readonly CaseRow[];
}

/** Returns the verdict over the cases of a run. */
export function runReportOf(
  document: GoldenDocument,
  rows: readonly Omit<CaseRow, 'verdict'>[],
  { before, seed, agreements }: Compared,
): RunReport {
  const { scorers, repeats, margin } = document;
  const reports = scorers.map((scorer) =>
    reportOf(scorer, rows, { repeats, agreement: agreements.get(scorerName(scorer)) ?? null }),
  );
  const tested = scorers.map((scorer, at) => ({ scorer, name: scorerName(scorer), gates: reports[at]?.gate === true }));
  const compared = before === null ? [] : comparisonsOf(tested, before, rows, { margin, seed });
  const withCompared = reports.map((report, at) => ({ ...report, compared: compared[at] ?? null }));
  const known = new Map(before?.map((row) => [row.case_id, row]));
  return {
    ...verdictOver(withCompared, before !== null),
    scorers: withCompared,
    cases: rows.map((row) => ({ ...row, verdict: caseVerdict(document, row, known.get(row.case_id)) })),
  };
}
