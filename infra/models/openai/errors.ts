import { BrokenCircuitError, TaskCancelledError } from 'cockatiel';
import { APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { rootMessageOf } from '../../kit/errors.ts';
import { SlmProviderError } from '../provider.ts';

/**
 * Maps an error of the client to a code: 429 is `SLM_RATE_LIMITED`; 404 for an unknown model is `SLM_MODEL_MISSING`;
 * 408 and a timeout are `SLM_TIMEOUT`; any other 4xx is `SLM_REJECTED`; 5xx, a broken connection and an error in
 * mid-stream are `SLM_UNAVAILABLE`; an answer that cannot be read is `SLM_ANSWER_INVALID`. Messages contain the server's
 * text, never the key and no message of JavaScript.
 */
export function toProviderError(error: unknown, now: number = Date.now()): SlmProviderError {
  if (error instanceof SlmProviderError) return error;
  if (error instanceof BrokenCircuitError) {
    return new SlmProviderError('SLM_CIRCUIT_OPEN', 'the model server failed too often; calls are paused');
  }
  if (error instanceof APIUserAbortError || error instanceof TaskCancelledError) {
    return new SlmProviderError('SLM_CANCELLED', 'the call was cancelled', { cause: error });
  }
  if (error instanceof APIConnectionTimeoutError) {
    return new SlmProviderError('SLM_TIMEOUT', 'the model server did not answer in time', { cause: error });
  }
  if (error instanceof APIError && error.status !== undefined) return fromStatus(error, error.status, now);
  if (isUnreadable(error))
    return new SlmProviderError('SLM_ANSWER_INVALID', 'the answer of the model server cannot be read', {
      cause: error,
    });
  return new SlmProviderError('SLM_UNAVAILABLE', `the model server cannot be reached: ${rootMessageOf(error)}`, {
    cause: error,
  });
}

/** Returns true for an answer of another shape, or one that is no JSON. `fetch` gives the failure of a connection a cause. */
const isUnreadable = (error: unknown): boolean =>
  (error instanceof TypeError || error instanceof SyntaxError) && error.cause === undefined;

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

/**
 * Reads the pause in ms. `Retry-After` is seconds or an HTTP date (RFC 9110, 10.2.3); some servers also send
 * `retry-after-ms`.
 */
function readRetryAfter(headers: Headers | undefined, now: number): number | null {
  const milliseconds = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(milliseconds)) return Math.max(0, milliseconds);
  const value = headers?.get('retry-after');
  if (value === undefined || value === null) return null;
  const seconds = Number(value);
  const waitMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(value) - now;
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : null;
}
