import type { Schemas } from '../../../../infra/client/api.ts';

type Run = Pick<Schemas['Evaluation'], 'evaluation_id' | 'ended_at' | 'result'>;

/** Outcome of a case in a run: empty where the run did not have this case, or had another one under its id. */
export type CaseOutcome = 'passed' | 'failed' | '';

/** A case with its outcome in each of several runs. */
export interface ComparedCase {
  readonly caseId: string;
  /** In the order of the runs. */
  readonly outcomes: readonly CaseOutcome[];
  /** True when it passed in one run and failed in another one. */
  readonly differs: boolean;
}

/** Returns the ended runs in the order of time, so that the latest one stands at the right. */
export const inTime = <Each extends Run>(runs: readonly Each[]): readonly Each[] =>
  runs.filter(({ result }) => result !== null).toSorted((a, b) => (a.ended_at ?? '').localeCompare(b.ended_at ?? ''));

/** Returns the cases of a run with their outcomes in several runs of its golden set; those that differ come first. */
export function comparedCases(of: Run, runs: readonly Run[]): readonly ComparedCase[] {
  const outcomes = runs.map(
    ({ result }) => new Map(result?.cases.map(({ case_id: id, digest, passed }) => [`${id} ${digest}`, passed])),
  );
  const cases = (of.result?.cases ?? []).map(({ case_id: caseId, digest }): ComparedCase => {
    const found = outcomes.map((each): CaseOutcome => {
      const passed = each.get(`${caseId} ${digest}`);
      return passed === undefined ? '' : passed ? 'passed' : 'failed';
    });
    return { caseId, outcomes: found, differs: found.includes('passed') && found.includes('failed') };
  });
  return cases.toSorted((a, b) => Number(b.differs) - Number(a.differs));
}
