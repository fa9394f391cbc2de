/** A golden set: its state and how events change it. */
import type { Baseline, GoldenSetDefined } from '../../schemas/generated/records.ts';
import { assertNever, type RecordOf } from '../kernel.ts';

export type EvaluationEvent = RecordOf<
  'GoldenSetDefined' | 'GoldenCaseAdded' | 'GoldenSetRemoved' | 'BaselineSet' | 'EvaluationEnded' | 'GoldenSetRefused'
>;
export type Output = EvaluationEvent | RecordOf<'GoldenSet'>;

/** What a golden set has: its definition, the run that others are compared with, and its latest run. */
export interface Golden extends Omit<GoldenSetDefined, 'goldenSetId' | 'decisionId'> {
  readonly baseline: Baseline | null;
  readonly lastRun: { readonly runId: string; readonly verdict: string; readonly modelsDigest: string } | null;
}

/**
 * absent ──define──▶ kept ──define, add a case, set a baseline, a run──▶ kept
 *                     └──remove──▶ removed ──define──▶ kept
 *
 * A removed one keeps its version, so that no ETag has two meanings. At most 4 KB: the document is a content of its own.
 */
export type GoldenState =
  | { readonly status: 'absent' }
  | ({ readonly status: 'kept' } & Golden)
  | ({ readonly status: 'removed' } & Golden);

/** Folds one output into the state of its golden set. */
export function evolve(state: GoldenState, event: Output): GoldenState {
  if (event.type === 'GoldenSetDefined') {
    const { goldenSetId: _, decisionId: __, ...defined } = event.data;
    const before = state.status === 'kept' ? { baseline: state.baseline, lastRun: state.lastRun } : null;
    return { status: 'kept', ...defined, ...(before ?? { baseline: null, lastRun: null }) };
  }
  if (state.status === 'absent') return state;
  switch (event.type) {
    case 'GoldenCaseAdded': {
      const { version, content, cases } = event.data;
      return { ...state, version, content, cases };
    }
    case 'GoldenSetRemoved':
      return { ...state, status: 'removed', version: event.data.version };
    case 'BaselineSet': {
      const { runId, result, setDigest, principal, setAt } = event.data;
      return { ...state, baseline: { runId, result, setDigest, principal, setAt } };
    }
    case 'EvaluationEnded': {
      const { runId, verdict, modelsDigest } = event.data.run;
      return { ...state, lastRun: { runId, verdict, modelsDigest } };
    }
    case 'GoldenSetRefused':
    case 'GoldenSet':
      return state;
    default:
      return assertNever(event);
  }
}
