import type { Schemas } from '../../../infra/client/api.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString();
const digest = 'c'.repeat(64);

type Case = Schemas['EvaluationCase'];

const caseOf = (id: string, passed: boolean, more: Partial<Case> = {}): Case => ({
  ...{ case_id: id, digest: `${id}-1`, cluster: id, verdict: 'same', passed, values: { exact: [passed ? 1 : 0] } },
  ...{ answer: passed ? 'Of cotton.' : 'Of gold.', code: null, tokens: 24 },
  ...more,
});

const scorer: Schemas['EvaluationScorer'] = {
  ...{ name: 'exact', kind: 'exact', gate: true, cases: 3, value: 0.333, low: 0.06, high: 0.79 },
  ...{ pass_at_k: 0.333, pass_hat_k: 0.333, kappa: null, compared: null },
};

/** Returns a run that ended with these cases. */
function runOf(evaluation_id: string, minute: number, cases: Case[]): Schemas['Evaluation'] {
  const golden_set = { name: 'guide-basics', version: 2, digest };
  const passed = cases.filter((each) => each.passed).length;
  return {
    ...{ evaluation_id, status: 'ended', golden_set: golden_set.name, persona: 'guide', persona_version: 1 },
    ...{ set_version: 2, set_digest: digest, baseline_evaluation_id: null, verdict: 'inconclusive', more_cases: 40 },
    ...{ detail: 'Three cases show no difference', cause: 'model', models: ['khipu-deterministic-1'], repeats: 1 },
    ...{ cases: cases.length, passed, tokens: 72, digest, ended_at: at(minute) },
    result: {
      ...{ evaluation_id, golden_set, persona: { name: 'guide', version: 1, digest }, repeats: 1, baseline: null },
      ...{ models: ['khipu-deterministic-1'], cause: 'model', verdict: 'inconclusive', more_cases: 40, cases },
      ...{
        detail: 'Three cases show no difference',
        scorers: [scorer],
        tokens: 72,
        cost: 0.0001,
        ended_at: at(minute),
      },
    },
  };
}

export const evaluationId = '1d0c5e90-3f4a-5b6c-8d7e-9f0a1b2c3d4e';

/** The latest run, in which one case failed that had passed before, and one is another than before. */
export const evaluation = runOf(evaluationId, 30, [
  caseOf('cords', true),
  caseOf('colours', false, { verdict: 'worse' }),
  caseOf('knots', false, { digest: 'knots-2', verdict: 'new' }),
]);
const before = runOf('2d0c5e90-3f4a-5b6c-8d7e-9f0a1b2c3d4e', 10, [
  ...[caseOf('cords', true), caseOf('colours', true), caseOf('knots', true)],
]);
const going: Schemas['Evaluation'] = {
  ...runOf('3d0c5e90-3f4a-5b6c-8d7e-9f0a1b2c3d4e', 40, []),
  ...{ status: 'running', verdict: null, ended_at: null, result: null, passed: null, detail: null },
};
export const evaluations: readonly Schemas['Evaluation'][] = [going, evaluation, before];

export const evaluationPage: Schemas['EvaluationPage'] = {
  items: evaluations.map(({ result: _result, ...summary }) => summary),
  next_cursor: null,
};

export const goldenSetPage: Schemas['GoldenSetPage'] = {
  items: [
    {
      ...{ golden_set: 'guide-basics', persona: 'guide', version: 2, digest, cases: 3, tools: [], baseline: null },
      description: 'What a guide must know',
      ...{ triggers: ['model', 'persona'], last_verdict: 'inconclusive', defined_by: 'user:ana', changed_at: at(0) },
    },
  ],
  next_cursor: null,
};
