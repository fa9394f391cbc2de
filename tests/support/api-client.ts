import { type Api, createApi, type Schemas } from '../../infra/client/api.ts';
import { readSse, type SseEvent } from './sse-client.ts';

export interface ApiAnswer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export type StartedJson = Schemas['SessionStarted'];
export type ProblemJson = Schemas['Problem'];

export interface StartOptions {
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Calls the public API as a test has to: `api` is the typed client, `call` sends anything at all, right or wrong, and answers
 * what came. Both reject for nothing but a lost connection.
 */
export class ApiClient {
  readonly url: string;
  readonly apiKey: string;
  readonly api: Api;

  constructor(options: { readonly url: string; readonly apiKey: string }) {
    this.url = options.url.replace(/\/$/, '');
    this.apiKey = options.apiKey;
    this.api = createApi({ url: this.url, token: this.apiKey });
  }

  async call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    options: {
      readonly token?: string | null;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<ApiAnswer<Body>> {
    const token = options.token === undefined ? this.apiKey : options.token;
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(options.body === undefined || options.body instanceof FormData
          ? {}
          : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: wireOf(options.body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as Body };
  }

  start(body: unknown, { idempotencyKey, headers }: StartOptions = {}): Promise<ApiAnswer<StartedJson & ProblemJson>> {
    const key = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
    return this.call('POST', '/v1/sessions/start', { body, headers: { ...key, ...headers } });
  }

  turn(
    session: Pick<StartedJson, 'session_id' | 'token'>,
    prompt: string,
  ): Promise<ApiAnswer<Schemas['TurnAccepted']>> {
    return this.call('POST', `/v1/sessions/${session.session_id}/turns`, { token: session.token, body: { prompt } });
  }

  /** The events of a turn, to its end. */
  stream(session: Pick<StartedJson, 'token'>, turnUrl: string, lastEventId?: string | number): Promise<SseEvent[]> {
    return readSse(new URL(turnUrl, this.url).href, {
      token: session.token,
      ...(lastEventId === undefined ? {} : { lastEventId }),
    });
  }
}

/** Returns a body as it is sent: a form as such, anything else as JSON. */
export const wireOf = (body: unknown): string | FormData => (body instanceof FormData ? body : JSON.stringify(body));

/** Asks again until the answer fits; read models follow the log by some milliseconds. Throws with the last answer after `timeoutMs`. */
export async function until<T>(ask: () => Promise<T>, fits: (answer: T) => boolean, timeoutMs = 30_000): Promise<T> {
  const stop = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > stop) throw new Error(`not so after ${timeoutMs} ms; the last answer: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
