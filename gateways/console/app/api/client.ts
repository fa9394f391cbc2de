import createFetchClient from 'openapi-fetch';
import type { Api } from '../../../../infra/client/api.ts';
import { type ApiError, unanswered } from '../../../../infra/client/api-error.ts';
import { type Answer, type Settled, settledAnswer, untilSettled } from '../../../../infra/client/settle.ts';
import { ended, session } from '../state/session.ts';
import type { ConsolePaths } from './console-paths.ts';

/** Where the gateway serves the console API; the same origin as the page. */
export const API_PATH = '/console/api';

/** Time that a write may take before the page reports it as pending. */
const WRITE_MS_MAX = 30_000;

/** Codes of a 401 that mean: sign in again. Another 401 is about the credentials that the request itself has. */
const SIGNED_OUT = new Set(['UNAUTHENTICATED', 'CONSOLE_SESSION_ENDED']);

/** Sends a request with the cookie, and a write with the token that proves that this page sent it. */
async function consoleFetch(request: Request): Promise<Response> {
  const { value } = session;
  if (request.method !== 'GET' && value.kind === 'in') request.headers.set('x-khipu-csrf', value.session.csrf_token);
  const response = await fetch(request);
  if (response.status === 401) {
    const problem = (await response
      .clone()
      .json()
      .catch(() => null)) as { readonly code?: string } | null;
    if (SIGNED_OUT.has(problem?.code ?? '')) ended(problem?.code ?? '');
  }
  return response;
}

/** The API for the signed-in caller; `credentials` are the cookie of this origin. */
export const api = createFetchClient<ConsolePaths>({
  baseUrl: API_PATH,
  credentials: 'same-origin',
  fetch: consoleFetch,
});

/** The same API as the type that the readers of `khipu/client` take. */
export const platformApi = api as unknown as Api;

/** Returns the error of a call that rejected. */
export const failureOf = (cause: unknown): ApiError => unanswered('The gateway', cause);

/** Resolves with the body of a success. Rejects with ApiError. */
export async function read<Data>(call: Promise<Answer<Data>>): Promise<Settled<Data>> {
  try {
    return settledAnswer(await call);
  } catch (cause) {
    throw failureOf(cause);
  }
}

/**
 * Sends a write and repeats it with its `Idempotency-Key` until it has an outcome. Resolves with its body. Rejects with
 * ApiError: with OUTCOME_PENDING after 30 s.
 */
export async function write<Data>(
  send: (headers: { readonly 'idempotency-key'?: string }) => Promise<Answer<Data>>,
): Promise<Settled<Data>> {
  // A success without a body has an outcome too.
  const sendOne = send as (headers: { readonly 'idempotency-key'?: string }) => Promise<Answer<Data & object>>;
  try {
    return settledAnswer(await untilSettled(sendOne, AbortSignal.timeout(WRITE_MS_MAX))) as Settled<Data>;
  } catch (cause) {
    throw failureOf(cause);
  }
}
