import { z } from 'zod';
import { expectation, goldenDocument, goldenFields } from '../../../infra/evaluations/golden-set.ts';
import { evaluationResult } from '../../../infra/evaluations/result.ts';
import {
  evaluationCauses,
  evaluationTriggers,
  evaluationVerdicts,
  GOLDEN_SET_NAME,
} from '../../../schemas/contexts/evaluations.ts';
import {
  areInstructions,
  INSTRUCTIONS_BYTES_MAX,
  TEMPERATURE_DEFAULT,
  TEMPERATURE_MAX,
} from '../../../schemas/contexts/personas/entries.ts';
import { page } from '../../shared/paging.ts';
import { answerTokens, labels, model } from '../../shared/schemas.ts';

const RUN = '0b2f0e54-6d70-5b1c-9a3e-2f1d5c7a9b10';
const DIGEST = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

const goldenSetName = z
  .string()
  .regex(GOLDEN_SET_NAME, 'Expected lower-case letters, digits, dots, dashes and underscores')
  .meta({ description: 'Name of the golden set', examples: ['clerk-basics'] });
const runId = z.uuid().meta({ description: 'Id of the run, which is a job', examples: [RUN] });
const digest = z.string().meta({ description: 'sha256, hex', examples: [DIGEST] });
const time = z.string().meta({ description: 'RFC 3339', examples: ['2026-11-29T10:30:00.000Z'] });

export const goldenSetFields = { golden_set: goldenSetName };
export const goldenVersionFields = {
  golden_set: goldenSetName,
  golden_version: z.coerce
    .number<string>()
    .int()
    .min(1)
    .meta({ description: 'Version of the golden set', examples: [1] }),
};
export const runFields = { evaluation_id: runId };

const triggers = z
  .array(z.enum(evaluationTriggers))
  .max(evaluationTriggers.length)
  .default([])
  .meta({
    description: 'Changes that start a run, in the name of who defines the golden set',
    examples: [['persona']],
  });

/** Body of a write of a golden set. */
export const putGoldenSetBody = z.strictObject({ ...goldenFields, triggers, labels }).meta({
  id: 'PutGoldenSet',
  examples: [
    {
      ...{ persona: 'guide', description: 'What every answer must have', margin: 0.2, triggers: ['persona'] },
      scorers: [{ kind: 'regex' }],
      cases: [{ case_id: 'khipu', prompt: 'What is a khipu?', expect: { pattern: 'khipu' } }],
    },
  ],
});

/** Body that makes a turn of production a case. */
export const addGoldenCaseBody = z
  .strictObject({
    session_id: z.uuid().meta({ description: 'Session of the turn' }),
    turn_id: z.uuid().meta({ description: 'A turn that has ended' }),
    case_id: goldenSetName.optional().meta({ description: 'Name of the case; default: the id of the turn' }),
    expect: expectation
      .optional()
      .meta({ description: 'Expectation; default: the answer of the turn and the verdict of the policy on it' }),
    earlier: z.boolean().default(true).meta({ description: 'Whether the turns before it become messages of the case' }),
    labels,
  })
  .meta({ id: 'AddGoldenCase', examples: [{ session_id: RUN, turn_id: RUN }] });

/** Body that sets a baseline. */
export const setBaselineBody = z
  .strictObject({ evaluation_id: runId, labels })
  .meta({ id: 'SetBaseline', examples: [{ evaluation_id: RUN }] });

const candidate = z
  .strictObject({
    instructions: z
      .string()
      .min(1)
      .refine(
        areInstructions,
        `instructions must have 1 to ${INSTRUCTIONS_BYTES_MAX} bytes of UTF-8, and not only spaces`,
      ),
    temperature: z.number().min(0).max(TEMPERATURE_MAX).default(TEMPERATURE_DEFAULT),
    model: model.nullable().default(null),
    max_tokens: answerTokens.nullable().default(null),
  })
  .meta({ id: 'PersonaCandidate' });

/** Body that starts a run. */
export const startRunBody = z
  .strictObject({
    golden_set: goldenSetName,
    candidate: candidate.optional().meta({
      description: 'A persona that is only tried; default: the persona of the golden set as it is now',
    }),
    baseline: runId.optional().meta({ description: 'Run to compare with; default: the baseline of the golden set' }),
    labels,
  })
  .meta({ id: 'StartEvaluation', examples: [{ golden_set: 'clerk-basics' }] });

const baseline = z
  .object({ evaluation_id: z.string(), digest, set_digest: digest, set_by: z.string(), set_at: time })
  .meta({ id: 'EvaluationBaseline' });

const summary = {
  golden_set: goldenSetName,
  persona: z.string(),
  description: z.string(),
  version: z.int().meta({ description: 'Number of versions, from 1; the ETag is the same number in quotes' }),
  digest: digest.meta({ description: 'sha256 of the document of this version, hex' }),
  cases: z.int(),
  tools: z.array(z.string()),
  triggers: z.array(z.string()),
  baseline: baseline.nullable().meta({ description: 'Run that others are compared with' }),
  last_verdict: z
    .string()
    .nullable()
    .meta({ description: 'Verdict of the latest run', examples: ['pass'] }),
  defined_by: z.string().meta({ description: 'Who defined it: runs of its triggers are in this name' }),
  changed_at: time,
};

export const goldenSetSummary = z.object(summary).meta({ id: 'GoldenSetSummary' });
export const goldenSetPage = page(goldenSetSummary, 'GoldenSetPage');
export const goldenSetBody = z
  .object({
    ...summary,
    document: z
      .object(goldenFields)
      .nullable()
      .meta({ description: 'The document; null right after a write, until it can be read' }),
  })
  .meta({ id: 'GoldenSet' });

export const goldenVersion = z
  .object({
    ...{ golden_set: goldenSetName, version: z.int(), digest, cases: z.int() },
    turn_id: z.string().nullable().meta({ description: 'Turn that it has as a further case; null for a definition' }),
    ...{ defined_by: z.string(), decision_id: z.string(), created_at: time },
  })
  .meta({ id: 'GoldenSetVersion' });
export const goldenVersionPage = page(goldenVersion, 'GoldenSetVersionPage');
export const goldenDocumentBody = z
  .object({ ...goldenVersion.shape, document: z.object(goldenDocument.shape) })
  .meta({ id: 'GoldenSetDocument' });

const run = {
  evaluation_id: runId,
  status: z.enum(['running', 'ended', 'failed']).meta({ description: 'ended: it has a verdict' }),
  golden_set: z.string().nullable(),
  persona: z.string().nullable(),
  persona_version: z.int().nullable().meta({ description: '0 for one that was only tried' }),
  set_version: z.int().nullable(),
  set_digest: z.string().nullable(),
  baseline_evaluation_id: z.string().nullable(),
  verdict: z.enum(evaluationVerdicts).nullable(),
  detail: z.string().nullable().meta({ description: 'Why, in one sentence' }),
  more_cases: z.int().nullable().meta({ description: 'Further cases that would decide in four of five runs' }),
  cause: z.enum(evaluationCauses).nullable(),
  models: z.array(z.string()),
  cases: z.int().nullable(),
  repeats: z.int().nullable(),
  passed: z.int().nullable().meta({ description: 'Cases that every scorer passed' }),
  tokens: z.int().nullable(),
  digest: z.string().nullable().meta({ description: 'sha256 of the result' }),
  ended_at: time.nullable(),
};

export const runSummary = z.object(run).meta({ id: 'EvaluationSummary' });
export const runPage = page(runSummary, 'EvaluationPage');
export const runBody = z.object({ ...run, result: evaluationResult.nullable() }).meta({ id: 'Evaluation' });

export const runStartedBody = z
  .object({
    evaluation_id: runId,
    golden_set: z.string(),
    set_version: z.int(),
    status: z.literal('running'),
    url: z.string(),
  })
  .meta({
    id: 'EvaluationStarted',
    examples: [
      {
        ...{ evaluation_id: RUN, golden_set: 'clerk-basics', set_version: 1, status: 'running' },
        url: `/v1/evaluations/runs/${RUN}`,
      },
    ],
  });

export const pendingGoldenSet = { id: 'GoldenSetPending', shape: { golden_set: goldenSetName } };
export const pendingRun = { id: 'EvaluationPending', shape: { evaluation_id: runId } };
