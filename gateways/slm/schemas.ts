import { z } from 'zod';
import { labels, tokensSchema } from '../shared/schemas.ts';

const model = z.string().min(1).max(200).meta({ description: "Model asked for; the tenant's default when left out" });

export const inferBody = z
  .strictObject({
    prompt: z.string().min(1).max(100_000),
    model: model.optional(),
    max_tokens: z.int().min(1).max(4_096).optional(),
    labels,
  })
  .meta({ id: 'Infer', examples: [{ prompt: 'Say hello.', max_tokens: 32 }] });

export const embedBody = z
  .strictObject({
    input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(64)]),
    model: model.optional(),
    labels,
  })
  .meta({ id: 'Embed', examples: [{ input: ['a knotted cord', 'a ledger'] }] });

const answered = {
  request_id: z.string(),
  model_id: z.string(),
  tokens_consumed: tokensSchema,
  latency_ms: z.number(),
};

export const inferredBody = z
  .object({ ...answered, text: z.string(), finish_reason: z.enum(['stop', 'length']) })
  .meta({ id: 'Inferred' });

export const embeddedBody = z
  .object({ ...answered, embeddings: z.array(z.array(z.number())).meta({ description: 'One vector a text' }) })
  .meta({ id: 'Embedded' });

export const pendingRequestBody = z
  .object({ request_id: z.string(), status: z.literal('pending') })
  .meta({ id: 'RequestPending' });

export const slmHealthBody = z
  .object({
    status: z.enum(['ok', 'idle', 'failing', 'stuck']),
    detail: z.string(),
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
