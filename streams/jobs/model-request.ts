import type { AskJobModel } from '../../schemas/generated/records.ts';

type Request = Pick<AskJobModel, 'prompt' | 'model' | 'maxTokens'>;

const INT_MAX = 2 ** 31 - 1;
const isTokens = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= INT_MAX;

/** Returns the request to a model that a handler gave as JSON (`JobModelRequest`); null when it is not one. Never throws. */
export function modelRequestOf(text: string | null): Request | null {
  const given = text === null ? null : objectIn(text);
  if (given === null) return null;
  const { prompt, model = null, max_tokens: maxTokens = null } = given;
  if (typeof prompt !== 'string') return null;
  if (model !== null && typeof model !== 'string') return null;
  return maxTokens === null || isTokens(maxTokens) ? { prompt, model, maxTokens } : null;
}

type Given = { readonly [Field in 'prompt' | 'model' | 'max_tokens']?: unknown };

function objectIn(text: string): Given | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Given) : null;
  } catch {
    return null;
  }
}
