import { readSse, type SseEvent } from './sse-client.ts';

export interface ApiAnswer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface DecisionJson {
  readonly decision_id: string;
  readonly outcome: 'allow' | 'deny';
  readonly score: number;
  readonly threshold: number;
  readonly reasons: readonly string[];
  readonly clauses: readonly string[];
  readonly constitution: { readonly version: string; readonly digest: string };
}

export interface StartedJson {
  readonly session_id: string;
  readonly turn_id?: string;
  readonly token: string;
  readonly token_type: 'Bearer';
  readonly expires_at: string;
  readonly capabilities: readonly string[];
  readonly turn_url: string;
  readonly decision: DecisionJson;
}

export interface ProblemJson {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly request_id: string;
  readonly errors?: readonly { readonly in: string; readonly pointer: string; readonly detail: string }[];
  readonly decision?: DecisionJson;
}

export interface StartOptions {
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client of the public API, as thin as curl: it answers what came, and throws for nothing but a lost connection. */
export class ApiClient {
  readonly url: string;
  readonly apiKey: string;

  constructor(options: { readonly url: string; readonly apiKey: string }) {
    this.url = options.url.replace(/\/$/, '');
    this.apiKey = options.apiKey;
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
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
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
  ): Promise<ApiAnswer<{ readonly session_id: string; readonly turn_id: string; readonly turn_url: string }>> {
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

/** Asks again until the answer fits; read models follow the log by some milliseconds. Throws with the last answer after `timeoutMs`. */
export async function until<T>(ask: () => Promise<T>, fits: (answer: T) => boolean, timeoutMs = 10_000): Promise<T> {
  const stop = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > stop) throw new Error(`not so after ${timeoutMs} ms; the last answer: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
