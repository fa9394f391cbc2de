/** The result of a run: what each scorer says, and one row a case. A content on the log, named by its digest. */
import { z } from 'zod';
import { evaluationCauses, evaluationVerdicts } from '../../schemas/contexts/evaluations.ts';

const share = z.number().nullable();

const comparison = z
  .object({
    cases: z.int().meta({ description: 'Cases that both runs answered' }),
    baseline: z.number().meta({ description: 'Value of the baseline' }),
    difference: z.number().meta({ description: 'Now less the baseline; for an amount the share that is saved' }),
    low: z.number().meta({ description: 'Lower bound of the difference: above it with 95 %' }),
    high: z.number(),
    worse: z.int().meta({ description: 'Cases that became worse' }),
    better: z.int(),
    p_worse: z.number().meta({ description: 'One-sided p value of a drop, adjusted over the scorers (Holm)' }),
    p_better: z.number(),
    verdict: z.enum(evaluationVerdicts),
    more_cases: z.int().nullable().meta({ description: 'Further cases that would decide in four of five runs' }),
  })
  .meta({ id: 'EvaluationComparison' });

export const scorerReport = z
  .object({
    name: z.string(),
    kind: z.string(),
    gate: z.boolean().meta({ description: 'Whether the verdict depends on it; false for a judge below its kappa' }),
    cases: z.int(),
    value: share.meta({ description: 'Share of cases that pass, mean similarity, or mean amount' }),
    low: share.meta({ description: 'Bound of the value, Wilson at 90 % for passes' }),
    high: share,
    pass_at_k: share.meta({ description: 'Mean chance that at least one of the repeats passes' }),
    pass_hat_k: share.meta({ description: 'Mean chance that all repeats pass' }),
    kappa: share.meta({ description: 'Agreement of the judge with the labels' }),
    compared: comparison.nullable(),
  })
  .meta({ id: 'EvaluationScorer' });

export const caseRow = z
  .object({
    case_id: z.string(),
    digest: z.string().meta({ description: 'sha256 of the case: only equal cases are compared' }),
    cluster: z.string(),
    verdict: z.enum(['same', 'worse', 'better', 'new']).meta({ description: 'Compared with the baseline' }),
    passed: z.boolean().meta({ description: 'Whether every scorer that the case has an expectation for passed it' }),
    values: z
      .record(z.string(), z.array(z.number().nullable()))
      .meta({ description: 'Values of the repeats, by scorer' }),
    answer: z.string().meta({ description: 'The first answer, cut to 500 characters' }),
    code: z.string().nullable().meta({ description: 'Code of the first answer that failed or was refused' }),
    tokens: z.int(),
  })
  .meta({ id: 'EvaluationCase' });

export const evaluationResult = z
  .object({
    evaluation_id: z.string(),
    golden_set: z.object({ name: z.string(), version: z.int(), digest: z.string() }),
    persona: z.object({
      name: z.string(),
      version: z.int().meta({ description: '0 for one that was only tried' }),
      digest: z.string().meta({ description: 'sha256 of its instructions and defaults' }),
    }),
    models: z.array(z.string()),
    cause: z.enum(evaluationCauses),
    repeats: z.int(),
    baseline: z.object({ evaluation_id: z.string(), digest: z.string() }).nullable(),
    verdict: z.enum(evaluationVerdicts),
    detail: z.string().meta({ description: 'Why, in one sentence' }),
    more_cases: z.int().nullable(),
    scorers: z.array(scorerReport),
    tokens: z.int(),
    cost: z.number(),
    ended_at: z.string(),
    cases: z.array(caseRow),
  })
  .meta({ id: 'EvaluationResult' });

export type EvaluationResult = z.output<typeof evaluationResult>;
export type CaseRow = z.output<typeof caseRow>;
export type ScorerReport = z.output<typeof scorerReport>;
export type Comparison = z.output<typeof comparison>;
