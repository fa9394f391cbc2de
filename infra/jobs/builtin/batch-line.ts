import { z } from 'zod';
import type { BatchEndpoint } from '../../../schemas/contexts/jobs/batch.ts';
import { DEFAULT_MODEL } from '../../../schemas/contexts/slm/models.ts';
import { responseFormat } from '../../models/openai/response-format.ts';
import type { EmbeddingRequest, ModelRequest } from '../sdk/context.ts';
import { askedFormat } from './asked-format.ts';

/** Longest `custom_id`, in characters. */
const CUSTOM_ID_CHARS_MAX = 256;
const TOKENS_MAX = 4_096;
/** Most texts of one request for embeddings. */
const INPUTS_MAX = 64;

const text = z.string();
const content = z.union([
  text,
  z
    .array(z.strictObject({ type: z.literal('text'), text }))
    .min(1)
    .transform((parts) => parts.map((part) => part.text).join('')),
]);
const message = z.strictObject({ role: z.enum(['system', 'developer', 'user', 'assistant']), content });
const model = z.string().min(1);
const tokens = z.int().min(1).max(TOKENS_MAX).nullish();

/** Returns a parameter that may only have the value which changes nothing. */
const only = <const V extends number | boolean>(value: V) =>
  z.literal(value, `expected ${value}: no other value is supported`).nullish();

/** The body of a chat completion, as far as jobs can ask for one. */
const chatBody = z
  .strictObject({
    model,
    messages: z.array(message).min(1).max(256),
    ...{ max_completion_tokens: tokens, max_tokens: tokens },
    temperature: z.number().min(0).max(2).nullish(),
    seed: z.int().min(0).max(2_147_483_647).nullish(),
    stop: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(4)]).nullish(),
    ...{ n: only(1), top_p: only(1), stream: only(false), frequency_penalty: only(0), presence_penalty: only(0) },
    response_format: responseFormat.nullish(),
    user: z.string().nullish(),
  })
  .refine(({ messages }) => messages.at(-1)?.role === 'user', {
    path: ['messages'],
    message: 'expected the last message to be of the user',
  });

const embeddingBody = z.strictObject({
  model,
  input: z.union([text.min(1), z.array(text.min(1)).min(1).max(INPUTS_MAX)]),
  encoding_format: z.enum(['float', 'base64']).default('float'),
  user: z.string().nullish(),
});

const line = z.strictObject({
  custom_id: z.string().min(1).max(CUSTOM_ID_CHARS_MAX),
  method: z.literal('POST'),
  url: z.string(),
  body: z.record(z.string(), z.unknown()),
});

/** A request of a batch, or why a line is none. */
export type BatchRequest =
  | { readonly kind: 'chat'; readonly customId: string; readonly model: string; readonly request: ModelRequest }
  | {
      readonly kind: 'embedding';
      readonly customId: string;
      readonly model: string;
      readonly format: 'float' | 'base64';
      readonly request: EmbeddingRequest;
    }
  | { readonly kind: 'invalid'; readonly customId: string | null; readonly detail: string };

/** Returns the `custom_id` of a line; null where it has none. */
export function customIdIn(value: unknown): string | null {
  const { custom_id: id } = (value ?? {}) as { readonly custom_id?: unknown };
  return typeof id === 'string' ? id : null;
}

/** Returns JSON; undefined for a text that is none. */
export function jsonOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const faultOf = ({ issues: [issue] }: z.ZodError, root: readonly string[] = []): string => {
  const where = [...root, ...(issue?.path ?? [])].join('.');
  return `${where === '' ? '' : `${where}: `}${issue?.message ?? 'not valid'}`;
};

const asked = (name: string): { readonly model?: string } => (name === DEFAULT_MODEL ? {} : { model: name });

/** Returns the request of a line of a batch. Never throws. */
export function requestIn(json: string, endpoint: BatchEndpoint): BatchRequest {
  const value = jsonOf(json);
  const customId = customIdIn(value);
  const invalid = (detail: string): BatchRequest => ({ kind: 'invalid', customId, detail });
  const given = line.safeParse(value);
  if (!given.success) return invalid(faultOf(given.error));
  if (given.data.url !== endpoint) return invalid(`url: expected ${endpoint}, the endpoint of the batch`);
  return endpoint === '/v1/embeddings'
    ? embeddingOf(given.data.custom_id, given.data.body, invalid)
    : chatOf(given.data.custom_id, given.data.body, invalid);
}

type Invalid = (detail: string) => BatchRequest;

function chatOf(customId: string, body: unknown, invalid: Invalid): BatchRequest {
  const { success, data, error } = chatBody.safeParse(body);
  if (!success) return invalid(faultOf(error, ['body']));
  const messages = data.messages.map(({ role, content: said }) => ({
    role: role === 'developer' ? ('system' as const) : role,
    content: said,
  }));
  const { temperature, seed } = data;
  const maxTokens = data.max_completion_tokens ?? data.max_tokens ?? undefined;
  const stop = [data.stop ?? []].flat();
  const request: ModelRequest = {
    ...{ prompt: messages.at(-1)?.content ?? '', ...asked(data.model) },
    ...(messages.length > 1 && { earlier: messages.slice(0, -1) }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(typeof temperature === 'number' && { temperature }),
    ...(typeof seed === 'number' && { seed }),
    ...(stop.length > 0 && { stop }),
    ...askedFormat(data.response_format),
  };
  return { kind: 'chat', customId, model: data.model, request };
}

function embeddingOf(customId: string, body: unknown, invalid: Invalid): BatchRequest {
  const { success, data, error } = embeddingBody.safeParse(body);
  if (!success) return invalid(faultOf(error, ['body']));
  const request = { input: [data.input].flat(), ...asked(data.model) };
  return { kind: 'embedding', customId, model: data.model, format: data.encoding_format, request };
}
