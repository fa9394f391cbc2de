import { z } from 'zod';
import { decisionSchema } from '../../shared/schemas.ts';
import { VERSION } from '../constitution/schemas.ts';
import { startSessionBody } from '../sessions/schemas.ts';
import { featureScores } from '../sessions/trace-route.ts';

const { prompt, persona, model, capabilities, max_tokens, labels } = startSessionBody.shape;

const constitution_version = z
  .string()
  .regex(VERSION, 'Expected a version, such as 1.0.0')
  .optional()
  .meta({ description: 'Published version to decide by; the active one when omitted' });

/** Body of a trial: of a prompt, or of a recorded decision. */
export const trialBody = z
  .strictObject({
    ...{ prompt, persona: persona.optional(), model, capabilities, max_tokens, labels },
    decision_id: z
      .uuid()
      .optional()
      .meta({ description: 'Recorded decision to explain, instead of a prompt; by the constitution that it names' }),
    constitution_version,
  })
  .refine(
    ({ decision_id, prompt, persona, ...rest }) =>
      decision_id === undefined
        ? prompt !== undefined && persona !== undefined
        : [prompt, persona, rest.model, rest.capabilities, rest.max_tokens, rest.labels].every(
            (each) => each === undefined,
          ),
    'Expected prompt and persona, or decision_id without them',
  )
  .meta({ id: 'TryPolicy', examples: [{ persona: 'guide', prompt: 'What is a khipu?' }] });

/** Schema of the answer to a trial. */
export const trialAnswer = z
  .object({
    trial_id: z.string().meta({ description: 'Id of the trial' }),
    command_type: z.string().meta({ description: 'Type of the command', examples: ['khipu.sessions.StartSession'] }),
    decision: decisionSchema,
    features: featureScores,
    labels: z.array(z.string()).meta({ description: 'Labels of the command, declared or found in its text' }),
    findings: z
      .array(
        z.object({
          rule: z.string().meta({ description: 'Id of the rule', examples: ['no-card-numbers'] }),
          category: z.string().meta({
            description: 'Code of a moderation rule, or label of a label rule',
            examples: ['MODERATION_PAYMENT_CARD'],
          }),
          outcome: z.string().meta({ description: '`forbid`, `caution` or `label`', examples: ['forbid'] }),
          score: z.number().meta({ description: 'From 0 to 1', examples: [1] }),
          place: z.string().meta({ description: 'Where the text was checked: `input`', examples: ['input'] }),
        }),
      )
      .meta({ description: 'What the rules of the constitution found in the text' }),
    counterfactuals: z
      .array(
        z.object({
          input: z.string().meta({ description: 'Input that would change', examples: ['prompt'] }),
          what: z.string().meta({ description: 'The change, in one sentence' }),
          size: z.number().meta({ description: 'Share of the input that changes, from 0 to 1' }),
        }),
      )
      .meta({ description: 'Changes of one input that would reverse a denial, the smallest first' }),
  })
  .meta({ id: 'Trial', description: 'What policy would decide. Nothing ran and nothing was charged' });
