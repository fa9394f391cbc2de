import { type Api, type ApiOptions, createApi } from '../../client/api.ts';
import { type Answer, outcomePending, type Settled, settledAnswer, untilSettled } from '../../client/settle.ts';
import { apiKeyOf } from './api-key.ts';
import { platformDown } from './platform-down.ts';

const TIMEOUT_MS = 30_000;

/** Returns the gateway at KHIPU_URL with KHIPU_API_KEY. Throws PLATFORM_DOWN without a URL, and CONFIG_INVALID without a key. */
export function gatewayOf(env: NodeJS.ProcessEnv = process.env): ApiOptions & { readonly timeoutMs: number } {
  const { KHIPU_URL: url = '' } = env;
  if (url === '') throw platformDown('KHIPU_URL', env);
  return { url, token: apiKeyOf(env), timeoutMs: TIMEOUT_MS };
}

/** Returns true for a call without an answer: `fetch` rejects with a TypeError that has a cause, or after the timeout. */
const isUnanswered = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'TimeoutError' || (error instanceof TypeError && error.cause !== undefined));

/** Returns the error of a call that rejected: PLATFORM_DOWN without an answer, else the error itself. */
const orDown = (error: unknown): unknown =>
  isUnanswered(error) ? platformDown('KHIPU_URL', process.env, error) : error;

/** Settles as `call` does. Rejects with PLATFORM_DOWN when no gateway answers it. */
export const answered = <T>(call: Promise<T>): Promise<T> =>
  call.catch((error: unknown) => {
    throw orDown(error);
  });

/**
 * Calls the gateway at KHIPU_URL with KHIPU_API_KEY; times out after 30 s. Rejects with PLATFORM_DOWN when no gateway answers,
 * with OUTCOME_PENDING on 202, and with the problem's own code otherwise.
 */
export async function ask<Data>(call: (api: Api) => Promise<Answer<Data>>): Promise<Settled<Data>> {
  return settledAnswer(await answered(call(createApi(gatewayOf()))));
}

/** Like `ask`, for a write: repeats it under its idempotency key while it has no outcome. Rejects with OUTCOME_PENDING after 30 s. */
export async function settle<Data extends object>(
  call: (api: Api, headers: { readonly 'idempotency-key'?: string }) => Promise<Answer<Data>>,
): Promise<Settled<Data>> {
  const api = createApi(gatewayOf());
  const bound = AbortSignal.timeout(TIMEOUT_MS);
  const write = untilSettled((headers) => call(api, headers), bound).catch((error: unknown) => {
    throw error === bound.reason ? outcomePending() : error;
  });
  return settledAnswer(await answered(write));
}
