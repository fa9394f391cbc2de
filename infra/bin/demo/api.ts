import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, createApi, type Schemas } from '../../client/api.ts';
import { ApiError } from '../../client/api-error.ts';
import { untilSettled } from '../../client/settle.ts';
import { type TurnEvent, turnEvents } from '../../client/turn-events.ts';
import { inCauseOrder } from '../sessions/cause-order.ts';
import { DemoError, type DemoPlatform } from './platform.ts';

export type Decision = Schemas['Decision'];
export type LogEvent = Pick<
  Schemas['Event'],
  'event_id' | 'type' | 'topic' | 'partition' | 'offset' | 'appended_at' | 'data' | 'metadata'
>;
export type Started = Schemas['SessionStarted'];
export type Refused = Schemas['Problem'];

const SECONDS = 1_000;

/** A client of the public API for the demo: the same requests as with curl. */
export class DemoApi {
  readonly #platform: DemoPlatform;
  readonly #api: Api;
  readonly #timeoutMs: number;

  /** `timeoutMs` bounds each call: a start, or a whole stream. */
  constructor(platform: DemoPlatform, timeoutMs = 120 * SECONDS) {
    this.#platform = platform;
    this.#api = createApi({ url: platform.url, token: platform.apiKey });
    this.#timeoutMs = timeoutMs;
  }

  /** Returns the error of a call that rejected: TURN_TIMEOUT when the bound has run out, else PLATFORM_DOWN. */
  #failure(what: string, signal: AbortSignal, cause: unknown): Error {
    if (cause instanceof ApiError) return cause;
    if (signal.aborted)
      return new DemoError('TURN_TIMEOUT', `${what} has no outcome after ${this.#timeoutMs / SECONDS} s`);
    const { url, hint } = this.#platform;
    return new DemoError('PLATFORM_DOWN', `${url} does not answer: ${(cause as Error).message}; ${hint}`);
  }

  async #within<T>(what: string, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const signal = AbortSignal.timeout(this.#timeoutMs);
    return await call(signal).catch((cause: unknown) => {
      throw this.#failure(what, signal, cause);
    });
  }

  /**
   * Starts a session and waits for its outcome: a slow platform answers 202 until there is one. Rejects with
   * TURN_TIMEOUT or PLATFORM_DOWN.
   */
  async start(body: Schemas['StartSession']): Promise<{ status: number; started?: Started; refused?: Refused }> {
    const { data, error, response } = await this.#within('the start', (signal) =>
      untilSettled((headers) => this.#api.POST('/v1/sessions/start', { body, headers, signal }), signal),
    );
    const { status } = response;
    return data === undefined ? { status, refused: error as Refused } : { status, started: data };
  }

  /** Yields the events of the first turn. Rejects with TURN_TIMEOUT or PLATFORM_DOWN. */
  async *stream({ session_id: sessionId, turn_id: turnId, token }: Started): AsyncGenerator<TurnEvent> {
    const signal = AbortSignal.timeout(this.#timeoutMs);
    try {
      yield* turnEvents(createApi({ url: this.#platform.url, token }), { sessionId, turnId, signal });
    } catch (cause) {
      throw this.#failure('the turn', signal, cause);
    }
  }

  /**
   * Returns all events of a session in the order of their causes, once the named types are among them: the read model
   * lags the log by some milliseconds. Rejects with READ_MODEL_BEHIND after 20 s.
   */
  async events(session_id: string, ...types: readonly string[]): Promise<readonly LogEvent[]> {
    const params = { path: { session_id }, query: { limit: 200 } };
    for (const deadline = Date.now() + 20 * SECONDS; ; await sleep(100)) {
      const { data } = await this.#within('a query', (signal) =>
        this.#api.GET('/v1/sessions/{session_id}/events', { params, signal }),
      );
      if (data !== undefined && types.every((type) => data.items.some((event) => event.type.endsWith(`.${type}`))))
        return inCauseOrder(data.items);
      if (Date.now() > deadline)
        throw new DemoError('READ_MODEL_BEHIND', `the read model does not show the recorded events of ${session_id}`);
    }
  }
}
