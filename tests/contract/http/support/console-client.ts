import { type ApiAnswer, type ProblemJson, wireOf } from '../../../support/api-client.ts';

/** A session of the console, as its page gets it. */
export interface ConsoleSessionJson extends ProblemJson {
  readonly principal: string;
  readonly tenant_id: string;
  readonly capabilities: readonly string[];
  readonly csrf_token: string;
  readonly expires_at: string;
  readonly idle_seconds: number;
  readonly signed_in_with: string;
}

export interface ConsoleRequestOptions {
  readonly body?: unknown;
  /** Headers in place of those that the page of the console would send; null leaves one out. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** A browser with the console's page: keeps its cookie, and sends the headers that the page would send. */
export class ConsoleClient {
  readonly url: string;
  cookie: string | null = null;
  csrf = '';

  constructor(url: string) {
    this.url = url.replace(/\/$/, '');
  }

  /** Sends a request. `path` begins with `/`. */
  async call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    { body, headers = {} }: ConsoleRequestOptions = {},
  ): Promise<ApiAnswer<Body>> {
    const all: Readonly<Record<string, string | null>> = {
      ...(this.cookie !== null && { cookie: this.cookie }),
      ...(method !== 'GET' && { origin: this.url, 'x-khipu-csrf': this.csrf }),
      ...(body !== undefined && !(body instanceof FormData) && { 'content-type': 'application/json' }),
      ...headers,
    };
    const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: sent,
      redirect: 'manual',
      ...(body !== undefined && { body: wireOf(body) }),
    });
    for (const set of response.headers.getSetCookie()) this.#keep(set);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as Body };
  }

  /** Signs in with an API key. */
  async signIn(apiKey: string): Promise<ApiAnswer<ConsoleSessionJson>> {
    const answer = await this.call<ConsoleSessionJson>('POST', '/console/api/sign-in', { body: { api_key: apiKey } });
    if (answer.status === 200) this.csrf = answer.body.csrf_token;
    return answer;
  }

  #keep(set: string): void {
    const [pair = ''] = set.split(';');
    if (/khipu-console=/.test(pair)) this.cookie = pair.endsWith('=') ? null : pair;
  }
}
