import { z } from 'zod';
import { decisionSchema, labels, tokensSchema } from '../shared/schemas.ts';

export const capability = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\w.:*/-]+$/, 'Expected a capability, such as slm:invoke:*');

/** Longest prompt that is taken; the constitution may allow less. */
export const PROMPT_CHARS_MAX = 100_000;
const prompt = z
  .string()
  .min(1)
  .max(PROMPT_CHARS_MAX)
  .meta({ examples: ['What is a khipu?'] });
const maxTokens = z.int().min(1).max(4_096).meta({ description: 'Upper bound of the answer, in tokens' });
const model = z.string().min(1).max(200).meta({ description: "Model asked for; the tenant's default when left out" });

export const startSessionBody = z
  .strictObject({
    persona: z
      .string()
      .min(1)
      .max(100)
      .meta({ description: 'Persona that answers', examples: ['guide'] }),
    prompt: prompt.optional(),
    capabilities: z
      .array(capability)
      .max(64)
      .optional()
      .meta({ description: "Capabilities of the session: the API key's own, or fewer", examples: [['slm:invoke:*']] }),
    model: model.optional(),
    metadata: z
      .record(z.string().min(1).max(64), z.string().max(512))
      .refine((entries) => Object.keys(entries).length <= 16, 'Expected at most 16 labels')
      .optional()
      .meta({ description: "The caller's own labels; at most 16" }),
    max_tokens: maxTokens.optional(),
    labels,
  })
  .meta({ id: 'StartSession', examples: [{ persona: 'guide', prompt: 'What is a khipu?' }] });
export type StartSessionBody = z.infer<typeof startSessionBody>;

export const sessionStartedBody = z
  .object({
    session_id: z.string(),
    turn_id: z.string().optional().meta({ description: 'First turn, when there was a prompt' }),
    token: z.string().meta({ description: 'JWT of this session' }),
    token_type: z.literal('Bearer'),
    expires_at: z.string().meta({ description: 'RFC 3339' }),
    capabilities: z.array(z.string()),
    turn_url: z.string().meta({ description: 'Stream of the session, or of its first turn' }),
    decision: decisionSchema,
  })
  .meta({ id: 'SessionStarted' });

export const pendingBody = z
  .object({
    session_id: z.string(),
    turn_id: z.string().optional(),
    status: z.literal('pending'),
    idempotency_key: z
      .string()
      .meta({ description: 'Send the request again with it: the answer is the session with its token' }),
  })
  .meta({ id: 'SessionPending' });

export const narrowTokenBody = z
  .strictObject({
    capabilities: z
      .array(capability)
      .max(64)
      .meta({ description: "Each covered by one of the token's own; none makes a token that can only read" }),
    ttl_seconds: z
      .int()
      .min(1)
      .max(86_400)
      .optional()
      .meta({ description: 'Seconds that it lives; never longer than the token that asks for it' }),
  })
  .meta({ id: 'NarrowToken', examples: [{ capabilities: ['slm:invoke:default'], ttl_seconds: 300 }] });

export const tokenBody = z
  .object({
    token: z.string().meta({ description: 'JWT of the same session' }),
    token_type: z.literal('Bearer'),
    expires_at: z.string().meta({ description: 'RFC 3339' }),
    capabilities: z.array(z.string()),
  })
  .meta({ id: 'Token' });

export const submitTurnBody = z
  .strictObject({ prompt, max_tokens: maxTokens.optional(), labels })
  .meta({ id: 'SubmitTurn', examples: [{ prompt: 'And who could read them?' }] });

export const turnAcceptedBody = z
  .object({ session_id: z.string(), turn_id: z.string(), turn_url: z.string() })
  .meta({ id: 'TurnAccepted' });

const turnBody = z
  .object({
    turn_id: z.string(),
    status: z.enum(['queued', 'running', 'completed', 'failed', 'refused']),
    prompt: z.string().nullable(),
    text: z.string().nullable(),
    model_id: z.string().nullable(),
    finish_reason: z.string().nullable(),
    tokens_consumed: tokensSchema.nullable(),
    latency_ms: z.number().nullable(),
    code: z.string().nullable().meta({ description: 'Of a turn that failed or was refused' }),
    detail: z.string().nullable(),
    decision: decisionSchema.nullable().meta({ description: 'Of a refusal' }),
    queued_at: z.string().nullable(),
    started_at: z.string().nullable(),
    ended_at: z.string().nullable(),
  })
  .meta({ id: 'Turn' });

export const sessionSummary = z
  .object({
    session_id: z.string(),
    status: z.enum(['pending', 'started', 'refused']),
    persona: z.string().nullable(),
    capabilities: z.array(z.string()).nullable(),
    model: z.string().nullable(),
    metadata: z.record(z.string(), z.string()).nullable(),
    turn_count: z.int(),
    tokens_consumed: tokensSchema,
    code: z.string().nullable().meta({ description: 'Of a refusal' }),
    detail: z.string().nullable(),
    decision: decisionSchema.nullable().meta({ description: 'Null while pending' }),
    created_at: z.string().nullable(),
    updated_at: z.string().nullable(),
  })
  .meta({ id: 'SessionSummary' });

export const sessionBody = z
  .object({
    ...sessionSummary.shape,
    turns: z.array(turnBody),
    usage: z.array(
      z.object({
        model_id: z.string(),
        requests: z.int(),
        failures: z.int(),
        tokens_consumed: tokensSchema,
        cost: z.string().meta({ description: 'A decimal' }),
        currency: z.string().meta({ description: 'ISO 4217' }),
      }),
    ),
  })
  .meta({ id: 'Session' });

export const eventBody = z
  .object({
    event_id: z.string(),
    stream_id: z.string(),
    stream_version: z.int(),
    type: z.string().meta({ examples: ['khipu.sessions.SessionStarted'] }),
    data: z.record(z.string(), z.unknown()),
    metadata: z.record(z.string(), z.string()),
    topic: z.string(),
    partition: z.int(),
    offset: z.int(),
    at: z.string(),
    appended_at: z.string(),
  })
  .meta({ id: 'Event', description: 'One event, and where it stands in the log' });

export const auditBody = z
  .object({
    audit_id: z.string(),
    subject_id: z.string(),
    event_id: z.string(),
    event_type: z.string(),
    topic: z.string(),
    partition: z.int(),
    offset: z.int(),
    correlation_id: z.string(),
    causation_id: z.string(),
    at: z.string(),
    value_sha256: z.string().meta({ description: "sha256 of the event's bytes in the log, hex" }),
    summary: z.string(),
  })
  .meta({ id: 'Audit' });

export const next = z
  .string()
  .nullable()
  .meta({ description: 'Send it as `cursor` to get the next page; null on the last' });
export const sessionPage = z.object({ items: z.array(sessionSummary), next_cursor: next }).meta({ id: 'SessionPage' });
export const eventPage = z.object({ items: z.array(eventBody), next_cursor: next }).meta({ id: 'EventPage' });
export const auditPage = z.object({ items: z.array(auditBody), next_cursor: next }).meta({ id: 'AuditPage' });

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(1_000).optional().meta({ description: '`next_cursor` of the page before' }),
};
