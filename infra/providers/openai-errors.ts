import { BrokenCircuitError, TaskCancelledError } from 'cockatiel';
import { APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { SlmProviderError } from './provider.ts';

/**
 * Maps what the client threw to a code: 429 is `SLM_RATE_LIMITED`; 404 of an unknown model is `SLM_MODEL_MISSING`; 408 and a
 * time-out are `SLM_TIMEOUT`; any other 4xx is `SLM_REJECTED`; 5xx, a broken connection and an error in mid-stream are
 * `SLM_UNAVAILABLE`. Messages carry the server's words, never the key.
 */
export function toProviderError(error: unknown, now: number = Date.now()): SlmProviderError {
  if (error instanceof SlmProviderError) return error;
  if (error instanceof BrokenCircuitError) {
    return new SlmProviderError('SLM_CIRCUIT_OPEN', 'the model server failed too often; not asked again yet');
  }
  if (error instanceof APIUserAbortError || error instanceof TaskCancelledError) {
    return new SlmProviderError('SLM_CANCELLED', 'the call was cancelled', { cause: error });
  }
  if (error instanceof APIConnectionTimeoutError) {
    return new SlmProviderError('SLM_TIMEOUT', 'the model server did not answer in time', { cause: error });
  }
  if (error instanceof APIError && error.status !== undefined) return fromStatus(error, error.status, now);
  const message = error instanceof Error ? rootMessage(error) : String(error);
  return new SlmProviderError('SLM_UNAVAILABLE', `the model server cannot be reached: ${message}`, { cause: error });
}

function fromStatus(error: APIError, status: number, now: number): SlmProviderError {
  const retryAfterMs = readRetryAfter(error.headers, now);
  const options = { cause: error, retryAfterMs };
  if (status === 429) return new SlmProviderError('SLM_RATE_LIMITED', error.message, options);
  if (status === 404 && (error.code === 'model_not_found' || /\bmodel\b/i.test(error.message))) {
    return new SlmProviderError('SLM_MODEL_MISSING', error.message, options);
  }
  if (status === 408) return new SlmProviderError('SLM_TIMEOUT', error.message, options);
  if (status >= 400 && status < 500) return new SlmProviderError('SLM_REJECTED', error.message, options);
  return new SlmProviderError('SLM_UNAVAILABLE', error.message, options);
}

/** `Retry-After` is seconds or an HTTP date (RFC 9110, 10.2.3); `retry-after-ms` is what some servers send beside it. */
function readRetryAfter(headers: Headers | undefined, now: number): number | null {
  const milliseconds = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(milliseconds)) return Math.max(0, milliseconds);
  const value = headers?.get('retry-after');
  if (value === undefined || value === null) return null;
  const seconds = Number(value);
  const waitMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(value) - now;
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : null;
}

/** `fetch` hides the reason (ECONNREFUSED …) in the innermost cause. */
function rootMessage(error: Error): string {
  let root = error;
  for (let depth = 0; depth < 5 && root.cause instanceof Error; depth += 1) root = root.cause;
  return root.message || root.name;
}
