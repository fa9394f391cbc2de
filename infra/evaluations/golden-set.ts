/** The document of a golden set: cases with what is expected of an answer, and scorers that check it. */
import { z } from 'zod';
import {
  EVALUATION_REPEATS_MAX,
  GOLDEN_CASES_MAX,
  GOLDEN_DESCRIPTION_CHARS_MAX,
  GOLDEN_TEXT_CHARS_MAX,
  SCORERS_MAX,
} from '../../schemas/contexts/evaluations.ts';
import { programOf } from '../../schemas/contexts/moderation/pattern.ts';
import { PERSONA_NAME } from '../../schemas/contexts/personas/entries.ts';

const text = z.string().min(1).max(GOLDEN_TEXT_CHARS_MAX);
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'Expected lower-case letters, digits, dots, dashes and underscores');

const isPattern = (pattern: string): boolean => {
  try {
    programOf(pattern);
    return true;
  } catch {
    return false;
  }
};

export const expectation = z
  .strictObject({
    text: text.optional().meta({ description: 'The answer that `exact` and `cosine` compare with' }),
    pattern: z
      .string()
      .min(1)
      .max(1_000)
      .refine(isPattern, 'Expected a pattern as in rules of moderation, which takes linear time')
      .optional()
      .meta({ description: 'Pattern that `regex` finds in the answer; upper and lower case are the same' }),
    schema: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'JSON Schema that `json_schema` checks the answer by' }),
    number: z
      .number()
      .optional()
      .meta({ description: 'Number that `numeric` compares with the last one of the answer' }),
    verdict: z.enum(['allow', 'deny']).optional().meta({ description: 'Verdict of the policy that `verdict` expects' }),
    code: z.string().max(64).optional().meta({ description: 'Code of the refusal that `verdict` expects' }),
    tools: z
      .array(z.string().min(1).max(128))
      .max(32)
      .optional()
      .meta({ description: 'Tools that are called, in their order, which `tools` expects' }),
  })
  .meta({ id: 'GoldenExpectation' });

export const goldenCase = z
  .strictObject({
    case_id: name.meta({ description: 'Name of the case in its set', examples: ['opening-hours'] }),
    cluster: name.optional().meta({
      description: 'Cases that are alike, such as those of one document; they count together. Default: each on its own',
    }),
    prompt: text.meta({ description: 'The prompt', examples: ['When is the office open?'] }),
    earlier: z
      .array(z.strictObject({ role: z.enum(['user', 'assistant']), content: text }))
      .max(64)
      .default([])
      .meta({ description: 'Messages before the prompt, the oldest first' }),
    expect: expectation.default({}),
    source: z
      .strictObject({
        session_id: z.uuid(),
        turn_id: z.uuid(),
        redactions: z.int().min(0),
        labels: z.array(z.string()),
      })
      .optional()
      .meta({ description: 'Turn of production that it comes from; without personal data' }),
  })
  .meta({ id: 'GoldenCase' });

const common = {
  name: name.optional().meta({ description: 'Name in results; default: its kind', examples: ['same-text'] }),
  gate: z.boolean().default(true).meta({ description: 'Whether the verdict of a run depends on it' }),
};

export const scorer = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('exact'), ignore_case: z.boolean().default(false), ...common }),
    z.strictObject({ kind: z.literal('regex'), ...common }),
    z.strictObject({ kind: z.literal('json_schema'), ...common }),
    z.strictObject({
      ...{ kind: z.literal('numeric'), tolerance: z.number().min(0).default(0), ...common },
      relative: z.boolean().default(false).meta({ description: 'Whether the tolerance is a share of the number' }),
    }),
    z.strictObject({
      ...{ kind: z.literal('cosine'), ...common },
      least: z.number().min(0).max(1).default(0.7).meta({ description: 'Least similarity of an answer that passes' }),
    }),
    z.strictObject({ kind: z.literal('verdict'), ...common }),
    z.strictObject({ kind: z.literal('tools'), ...common }),
    z.strictObject({ kind: z.literal('cost'), ...common }),
    z.strictObject({ kind: z.literal('latency'), ...common }),
    z.strictObject({
      ...{ kind: z.literal('judge'), rubric: text, model: z.string().min(1).max(200).optional(), ...common },
      labelled: z
        .array(z.strictObject({ prompt: text, answer: text, passes: z.boolean() }).meta({ id: 'LabelledAnswer' }))
        .min(1)
        .max(100)
        .meta({ description: 'Answers that people have labelled: the judge is measured by them in each run' }),
      kappa_min: z.number().min(-1).max(1).default(0.6).meta({
        description: 'Least agreement (Cohen’s kappa) with the labels; below it no verdict depends on the judge',
      }),
    }),
  ])
  .meta({ id: 'GoldenScorer' });

/** Answers to each case, and the drop that is accepted when they are compared with those of a baseline. */
export const repeats = z
  .int()
  .min(1)
  .max(EVALUATION_REPEATS_MAX)
  .default(1)
  .meta({ description: 'Answers to each case' });
export const margin = z.number().min(0.01).max(0.5).default(0.1);

export const goldenFields = {
  description: z
    .string()
    .max(GOLDEN_DESCRIPTION_CHARS_MAX)
    .default('')
    .meta({ description: 'Purpose, in one sentence' }),
  persona: z
    .string()
    .regex(PERSONA_NAME)
    .meta({ description: 'Persona that it is for', examples: ['clerk'] }),
  repeats,
  margin: margin.meta({
    description:
      'Drop that is accepted: a share of cases for passes and similarities, of the value for cost and latency',
    examples: [0.1],
  }),
  max_tokens: z
    .int()
    .min(1)
    .max(32_768)
    .optional()
    .meta({ description: 'Longest answer; default: that of the persona' }),
  tools: z
    .array(z.string().min(1).max(128))
    .max(32)
    .default([])
    .meta({ description: 'Tools that answers may call; each case is then a run of an agent' }),
  scorers: z.array(scorer).min(1).max(SCORERS_MAX),
  cases: z.array(goldenCase).min(1).max(GOLDEN_CASES_MAX),
};

/** Returns the names of the scorers, each once: its kind where it has no name. */
export const scorerName = ({ name: own, kind }: Pick<Scorer, 'name' | 'kind'>): string => own ?? kind;

const isDistinct = (names: readonly string[]): boolean => new Set(names).size === names.length;

export const goldenDocument = z
  .strictObject(goldenFields)
  .refine(({ cases }) => isDistinct(cases.map(({ case_id }) => case_id)), 'Expected each case_id once')
  .refine(({ scorers }) => isDistinct(scorers.map(scorerName)), 'Expected each name of a scorer once');

export type GoldenDocument = z.output<typeof goldenDocument>;
export type GoldenCase = z.output<typeof goldenCase>;
export type Scorer = z.output<typeof scorer>;
