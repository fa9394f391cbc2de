import { setTimeout as sleep } from 'node:timers/promises';
import { readSse } from '../../local/turn-client.ts';
import { DemoError, type DemoPlatform } from './platform.ts';

export interface Decision {
  readonly decision_id: string;
  readonly outcome: 'allow' | 'deny';
  readonly score: number;
  readonly threshold: number;
  readonly reasons: readonly string[];
  readonly clauses: readonly string[];
  readonly constitution: { readonly version: string; readonly digest: string };
}

export interface LogEvent {
  readonly event_id: string;
  readonly type: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** When the log took it; milliseconds, so several may be equal. */
  readonly appended_at: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Started {
  readonly session_id: string;
  readonly turn_id?: string;
  readonly token: string;
  readonly turn_url: string;
  readonly decision: Decision;
}

export interface Refused {
  readonly code: string;
  readonly detail: string;
  readonly session_id?: string;
  readonly decision?: Decision;
}

export interface StreamEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const SECONDS = 1_000;

/** What was written in the same millisecond, often in one transaction, is shown in the order of cause and effect. */
const order = ['policy.decisions', 'sessions.events', 'conversation.events', 'slm.responses', 'slm.metrics'];
const rankOf = ({ topic }: LogEvent): number => order.indexOf(topic);

/** The public API, as the demo uses it: what curl would do. */
export class DemoApi {
  readonly #platform: DemoPlatform;

  constructor(platform: DemoPlatform) {
    this.#platform = platform;
  }

  async #fetch(path: string, token: string, init: RequestInit = {}): Promise<Response> {
    try {
      return await fetch(new URL(path, this.#platform.url), {
        ...init,
        headers: { authorization: `Bearer ${token}`, ...init.headers },
        signal: AbortSignal.timeout(120 * SECONDS),
      });
    } catch (cause) {
      throw new DemoError('PLATFORM_DOWN', `${this.#platform.url} does not answer: ${(cause as Error).message}`);
    }
  }

  async start(body: object): Promise<{ status: number; started?: Started; refused?: Refused }> {
    const response = await this.#fetch('/v1/sessions/start', this.#platform.apiKey, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { status } = response;
    const answer: unknown = await response.json();
    return status === 201 ? { status, started: answer as Started } : { status, refused: answer as Refused };
  }

  async *stream({ turn_url, token }: Started): AsyncGenerator<StreamEvent> {
    const response = await this.#fetch(turn_url, token, { headers: { accept: 'text/event-stream' } });
    if (response.status !== 200 || response.body === null)
      throw new DemoError('TURN_FAILED', `${turn_url} answered ${response.status}: ${await response.text()}`);
    for await (const { event, data } of readSse(response.body))
      yield { name: event, data: JSON.parse(data) as StreamEvent['data'] };
  }

  /** Asks until the read model has what is looked for; it follows the log by some milliseconds. */
  async #until<T>(path: string, fits: (answer: T) => boolean): Promise<T> {
    for (const deadline = Date.now() + 20 * SECONDS; ; await sleep(100)) {
      const response = await this.#fetch(path, this.#platform.apiKey);
      const answer: unknown = await response.json();
      if (response.ok && fits(answer as T)) return answer as T;
      if (Date.now() > deadline)
        throw new DemoError('READ_MODEL_BEHIND', `${path} does not show what the log has recorded`);
    }
  }

  /** All events of a session, once the ones named are among them. */
  async events(sessionId: string, ...types: readonly string[]): Promise<readonly LogEvent[]> {
    const { items } = await this.#until<{ items: readonly LogEvent[] }>(
      `/v1/sessions/${sessionId}/events?limit=200`,
      (page) => types.every((type) => page.items.some((event) => event.type.endsWith(`.${type}`))),
    );
    return [...items].sort((a, b) => a.appended_at.localeCompare(b.appended_at) || rankOf(a) - rankOf(b));
  }
}
