import type { JobEmbeddingRequest, JobModelRequest, JobSampling } from '../../schemas/contexts/jobs.ts';
import { noTools, textMessage } from '../../schemas/contexts/slm/messages.ts';
import type {
  AskJobEmbedding,
  AskJobModel,
  ChatMessage,
  ResponseFormat,
  Sampling,
} from '../../schemas/generated/records.ts';

type Request = Pick<AskJobModel, 'prompt' | 'model' | 'maxTokens' | 'earlier' | 'sampling'>;
type EmbeddingRequest = Pick<AskJobEmbedding, 'input' | 'model'>;

const INT_MAX = 2 ** 31 - 1;
export const isText = (value: unknown): value is string => typeof value === 'string';
export const isInt = (value: unknown, min: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= INT_MAX;
export const isList = <T>(value: unknown, is: (item: unknown) => item is T): value is readonly T[] =>
  Array.isArray(value) && value.every(is);

/** Returns the request to a model that a handler gave as JSON (`JobModelRequest`); null when it is not one. Never throws. */
export function modelRequestOf(text: string | null): Request | null {
  const given = objectIn<JobModelRequest>(text);
  if (given === null) return null;
  const { prompt, model = null, max_tokens: maxTokens = null, earlier = [], sampling = null } = given;
  if (!isText(prompt) || !isList(earlier, isMessage)) return null;
  if (model !== null && !isText(model)) return null;
  if (maxTokens !== null && !isInt(maxTokens, 1)) return null;
  const sampled = samplingOf(sampling);
  if (sampled === undefined) return null;
  const messages = earlier.map(({ role, content }) => textMessage(role, content));
  return { prompt, model, maxTokens, earlier: messages, sampling: sampled };
}

/** Returns the request for embeddings that a handler gave as JSON (`JobEmbeddingRequest`); null when it is not one. Never throws. */
export function embeddingRequestOf(text: string | null): EmbeddingRequest | null {
  const given = objectIn<JobEmbeddingRequest>(text);
  if (given === null) return null;
  const { input, model = null } = given;
  if (!isList(input, isText) || input.length === 0) return null;
  return model === null || isText(model) ? { input, model } : null;
}

const roles: readonly unknown[] = ['system', 'user', 'assistant'];

function isMessage(value: unknown): value is ChatMessage {
  const { role, content } = (value ?? {}) as { readonly role?: unknown; readonly content?: unknown };
  return roles.includes(role) && isText(content);
}

/** Returns how a handler wants an answer to be sampled; undefined when that is nothing of the kind. */
function samplingOf(value: unknown): Sampling | null | undefined {
  if (value === null) return null;
  if (typeof value !== 'object') return undefined;
  const {
    temperature = null,
    seed = null,
    stop = [],
    ...rest
  } = value as { readonly [F in keyof JobSampling]?: unknown };
  const responseFormat = formatOf(rest.response_format ?? null);
  if (responseFormat === undefined) return undefined;
  if (temperature !== null && !(typeof temperature === 'number' && temperature >= 0)) return undefined;
  if (seed !== null && !isInt(seed, 0)) return undefined;
  return isList(stop, isText) ? { temperature, seed, stop, responseFormat, ...noTools } : undefined;
}

/** Returns the form that a handler wants an answer to have; undefined when that is nothing of the kind. */
function formatOf(value: unknown): ResponseFormat | null | undefined {
  if (value === null) return null;
  if (typeof value !== 'object') return undefined;
  const { kind, name, description = null, schema, strict = false } = value as Readonly<Record<string, unknown>>;
  if (kind === 'json_object') return { kind, name: null, description: null, schema: null, strict: false };
  if (kind !== 'json_schema' || !isText(name) || !isText(schema) || typeof strict !== 'boolean') return undefined;
  return description === null || isText(description) ? { kind, name, description, schema, strict } : undefined;
}

/** Returns the fields of JSON whose types are not known yet; null when it is no object. */
export function objectIn<Fields>(text: string | null): { readonly [Field in keyof Fields]?: unknown } | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}
