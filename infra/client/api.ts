import createFetchClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './generated/api.ts';

/** The bodies of the HTTP API, by the names of the OpenAPI document. */
export type Schemas = components['schemas'];

/** A client of the HTTP API, with one typed call per operation: `api.GET('/v1/sessions/{session_id}', { params: { path: { session_id } } })`. */
export type Api = Client<paths>;

/** Options of an API client. */
export interface ApiOptions {
  readonly url: string;
  /** API key, access token or session token. */
  readonly token: string;
  /** Maximum time of each request, including its stream, in ms. Unlimited by default. */
  readonly timeoutMs?: number;
}

/**
 * Returns a client of the HTTP API at `url`. A call resolves with `{data, response}` or `{error, response}`. It rejects as
 * `fetch` does without an answer, and with TimeoutError after `timeoutMs`.
 */
export function createApi({ url, token, timeoutMs }: ApiOptions): Api {
  return createFetchClient<paths>({
    baseUrl: url,
    headers: { authorization: `Bearer ${token}` },
    fetch: (request) =>
      timeoutMs === undefined
        ? fetch(request)
        : fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]) }),
  });
}
