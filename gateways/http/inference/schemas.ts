import { z } from 'zod';
import { answerModeration } from '../../shared/moderation.ts';
import { labels, model, tokensSchema } from '../../shared/schemas.ts';

/** Body of a text request. */
export const inferBody = z
  .strictObject({
    prompt: z.string().min(1).max(100_000),
    model: model.optional(),
    max_tokens: z.int().min(1).max(4_096).optional().meta({ description: 'Maximum length of the answer, in tokens' }),
    labels,
  })
  .meta({ id: 'Infer', examples: [{ prompt: 'Say hello.', max_tokens: 32 }] });

/** A text to embed. Models reject white space alone, so it is refused before the log. */
const embeddedText = z
  .string()
  .min(1)
  .refine((text) => text.trim() !== '', 'Expected text that is not only white space');

/** Body of an embedding request. */
export const embedBody = z
  .strictObject({
    input: z
      .union([embeddedText, z.array(embeddedText).min(1).max(64)])
      .meta({ description: 'One text, or a list of at most 64 texts; none is only white space' }),
    model: model.optional(),
    labels,
  })
  .meta({ id: 'Embed', examples: [{ input: ['a knotted cord', 'a ledger'] }] });

/** Schema of a finish reason. */
export const finishReason = z.enum(['stop', 'length', 'tool_calls', 'other']).meta({
  description: '`stop`: the answer ended by itself. `length`: it reached its maximum length. `other`: any other reason',
});

const answered = {
  request_id: z.string().meta({ description: 'Id of the request' }),
  model_id: z.string().meta({ description: 'Model that answered' }),
  tokens_consumed: tokensSchema.meta({ description: 'Tokens of the request' }),
  latency_ms: z.number().meta({ description: 'Time of the model, in ms' }),
};

/** Schema of a generated text. */
export const inferredBody = z
  .object({
    ...answered,
    text: z.string().meta({ description: 'Generated text' }),
    finish_reason: finishReason,
    moderation: answerModeration
      .nullable()
      .meta({ description: 'What rules found in the answer; null without rules of outputs', examples: [null] }),
  })
  .meta({ id: 'Inferred' });

/** Schema of embeddings. */
export const embeddedBody = z
  .object({ ...answered, embeddings: z.array(z.array(z.number())).meta({ description: 'One vector per text' }) })
  .meta({ id: 'Embedded' });

/** Schema of the model's health. */
export const slmHealthBody = z
  .object({
    status: z.enum(['ok', 'idle', 'failing', 'stuck']).meta({
      description:
        '`idle`: no request was answered since this gateway started. `stuck`: requests wait, and none was answered for 30 s',
    }),
    detail: z.string().meta({ description: 'Reason of the status' }),
    backlog: z.int().meta({ description: 'Requests that no worker has finished' }),
    last: z
      .object({
        at: z.string(),
        outcome: z.enum(['completed', 'failed']),
        provider: z.string(),
        model_id: z.string(),
        latency_ms: z.number(),
        time_to_first_token_ms: z.number().nullable(),
      })
      .nullable()
      .meta({ description: 'The last request that ended since this gateway started' }),
  })
  .meta({ id: 'SlmHealth' });
