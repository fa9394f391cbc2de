import { z } from 'zod';
import { builtInNames, PERSONA_DEFAULT } from '../../../schemas/contexts/personas/built-in.ts';
import { answerModeration } from '../../shared/moderation.ts';
import { page } from '../../shared/paging.ts';
import { answerTokens, capability, decisionSchema, labels, model, prompt, tokensSchema } from '../../shared/schemas.ts';
import { turnRecall } from '../../shared/turn-recall.ts';

const maxTokens = answerTokens.meta({
  description: 'Maximum length of the answer, in tokens; that of the persona when omitted',
});
/** Body of a start. */
export const startSessionBody = z
  .strictObject({
    persona: z
      .string()
      .min(1)
      .max(100)
      .meta({ description: 'Persona that answers: `GET /v1/personas` lists them', examples: [...builtInNames] }),
    prompt: prompt.optional(),
    capabilities: z
      .array(capability)
      .max(64)
      .optional()
      .meta({
        description:
          'Capabilities of the session, each covered by the API key; those of the key, without governing ones, when omitted',
        examples: [['slm:invoke:*']],
      }),
    model: model.meta({ description: 'Name of the model; that of the persona when omitted' }).optional(),
    metadata: z
      .record(z.string().min(1).max(64), z.string().max(512))
      .refine((entries) => Object.keys(entries).length <= 16, 'Expected at most 16 labels')
      .optional()
      .meta({ description: 'Key-value pairs of the caller, at most 16; the platform does not interpret them' }),
    max_tokens: maxTokens.optional(),
    recall: turnRecall.optional(),
    labels,
  })
  .refine(({ prompt: asked, recall: wanted }) => wanted === undefined || asked !== undefined, {
    error: 'Expected a prompt to recall for',
    path: ['recall'],
  })
  .meta({ id: 'StartSession', examples: [{ persona: PERSONA_DEFAULT, prompt: 'What is a khipu?' }] });
/** The body of a start. */
export type StartSessionBody = z.infer<typeof startSessionBody>;

/** Schema of a started session. */
export const sessionStartedBody = z
  .object({
    session_id: z.string().meta({ description: 'Id of the session' }),
    turn_id: z.string().optional().meta({ description: 'First turn, when the request had a prompt' }),
    token: z.string().meta({ description: 'Session token (JWT)' }),
    token_type: z.literal('Bearer').meta({ description: 'Always `Bearer`' }),
    expires_at: z.string().meta({ description: 'Expiry of the token, RFC 3339' }),
    capabilities: z.array(z.string()).meta({ description: 'Capabilities of the session' }),
    turn_url: z.string().meta({ description: 'URL of the stream of the first turn, or of the session without one' }),
    decision: decisionSchema.meta({ description: 'Decision that allowed the start' }),
  })
  .meta({ id: 'SessionStarted' });

/** Fields that a 202 of a start adds: the ids of the session and of its first turn. */
export const pendingSession = {
  id: 'SessionPending',
  shape: {
    session_id: z.string().meta({ description: 'Id of the session' }),
    turn_id: z.string().optional().meta({ description: 'First turn, when the request had a prompt' }),
  },
};

/** Body of a narrower token. */
export const narrowTokenBody = z
  .strictObject({
    capabilities: z.array(capability).max(64).meta({
      description:
        'Capabilities of the new token, each covered by the token of the request; an empty list makes a read-only token',
    }),
    ttl_seconds: z
      .int()
      .min(1)
      .max(86_400)
      .optional()
      .meta({ description: 'Time to live, in seconds; bounded by the expiry of the token of the request' }),
  })
  .meta({ id: 'NarrowToken', examples: [{ capabilities: ['slm:invoke:default'], ttl_seconds: 300 }] });

/** Schema of a narrower token. */
export const tokenBody = z
  .object({
    token: z.string().meta({ description: 'Token of the same session (JWT)' }),
    token_type: z.literal('Bearer').meta({ description: 'Always `Bearer`' }),
    expires_at: z.string().meta({ description: 'Expiry of the token, RFC 3339' }),
    capabilities: z.array(z.string()).meta({ description: 'Capabilities of the token' }),
  })
  .meta({ id: 'Token' });

/** Schema of a stream ticket. */
export const streamTicketBody = z
  .object({
    ticket: z.string().meta({ description: 'Ticket, for `?ticket=` of the stream' }),
    expires_at: z.string().meta({ description: 'Time until which a stream can be opened with it, RFC 3339' }),
  })
  .meta({ id: 'StreamTicket' });

/** Body of a turn. */
export const submitTurnBody = z
  .strictObject({ prompt, max_tokens: maxTokens.optional(), recall: turnRecall.optional(), labels })
  .meta({ id: 'SubmitTurn', examples: [{ prompt: 'And who could read them?' }] });

/** Fields that a 202 of a turn adds, with the URL of its stream. */
export const acceptedTurn = {
  id: 'TurnAccepted',
  shape: {
    session_id: z.string().meta({ description: 'Id of the session' }),
    turn_id: z.string().meta({ description: 'Id of the turn' }),
    turn_url: z.string().meta({ description: 'URL of the stream of the turn' }),
  },
};

/** Memories that a turn is answered with, by name. */
const recalledNames = z
  .object({
    memories: z
      .array(
        z.object({
          memory_id: z.string().meta({ description: 'The memory' }),
          digest: z.string().meta({ description: 'sha256 of its text, hex' }),
        }),
      )
      .meta({ description: 'The nearest first' }),
    labels: z.array(z.string()).meta({ description: 'Labels of them: those of the answer as well' }),
  })
  .meta({ id: 'TurnRecalled' });

const turnBody = z
  .object({
    turn_id: z.string().meta({ description: 'Id of the turn' }),
    status: z
      .enum(['queued', 'running', 'completed', 'failed', 'refused'])
      .meta({ description: 'Progress of the turn' }),
    prompt: z.string().nullable().meta({ description: 'Text of the prompt' }),
    text: z.string().nullable().meta({ description: 'Answer, when the turn has completed' }),
    model_id: z.string().nullable().meta({ description: 'Model that answered' }),
    finish_reason: z.string().nullable().meta({ description: '`stop`, `length` or `other`' }),
    tokens_consumed: tokensSchema.nullable().meta({ description: 'Tokens of the turn' }),
    latency_ms: z.number().nullable().meta({ description: 'Time of the model, in ms' }),
    code: z.string().nullable().meta({ description: 'Error code of a failed or refused turn' }),
    detail: z.string().nullable().meta({ description: 'Error text of a failed or refused turn' }),
    decision: decisionSchema.nullable().meta({ description: 'Decision of a refused turn' }),
    recalled: recalledNames
      .nullable()
      .meta({ description: 'Memories that it is answered with; null without `recall`', examples: [null] }),
    moderation: answerModeration.nullable().meta({
      description: 'What rules found in the answer; null before it, and without rules of outputs',
      examples: [null],
    }),
    queued_at: z.string().nullable().meta({ description: 'Time of the request, RFC 3339' }),
    started_at: z.string().nullable().meta({ description: 'Time of the start, RFC 3339' }),
    ended_at: z.string().nullable().meta({ description: 'Time of the end, RFC 3339' }),
  })
  .meta({ id: 'Turn' });

/** Schema of a session without its turns. */
export const sessionSummary = z
  .object({
    session_id: z.string().meta({ description: 'Id of the session' }),
    status: z.enum(['pending', 'started', 'refused']).meta({ description: '`pending` until the decision' }),
    persona: z.string().nullable().meta({ description: 'Persona that answers' }),
    capabilities: z.array(z.string()).nullable().meta({ description: 'Capabilities of the session' }),
    model: z.string().nullable().meta({ description: 'Model of the session; null for the default of the tenant' }),
    metadata: z.record(z.string(), z.string()).nullable().meta({ description: 'Key-value pairs of the caller' }),
    turn_count: z.int().meta({ description: 'Number of turns' }),
    tokens_consumed: tokensSchema.meta({ description: 'Tokens of all turns' }),
    code: z.string().nullable().meta({ description: 'Error code of a refused session' }),
    detail: z.string().nullable().meta({ description: 'Error text of a refused session' }),
    decision: decisionSchema.nullable().meta({ description: 'Null while pending' }),
    created_at: z.string().nullable().meta({ description: 'Time of the start, RFC 3339' }),
    updated_at: z.string().nullable().meta({ description: 'Time of the latest change, RFC 3339' }),
  })
  .meta({ id: 'SessionSummary' });

/** Schema of a session with its turns and its usage. */
export const sessionBody = z
  .object({
    ...sessionSummary.shape,
    turns: z.array(turnBody).meta({ description: 'The first 200 turns' }),
    usage: z.array(
      z.object({
        model_id: z.string(),
        requests: z.int(),
        failures: z.int(),
        tokens_consumed: tokensSchema,
        cost: z.string().meta({ description: 'Decimal amount' }),
        currency: z.string().meta({ description: 'ISO 4217' }),
      }),
    ),
  })
  .meta({ id: 'Session' });

/** Schema of a page of sessions. */
export const sessionPage = page(sessionSummary, 'SessionPage');
