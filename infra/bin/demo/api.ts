import { setTimeout as sleep } from 'node:timers/promises';
import { inCauseOrder } from '../../../gateways/http/sessions/cause-order.ts';
import { type Api, createApi, type Schemas } from '../../client/api.ts';
import { ApiError } from '../../client/api-error.ts';
import { untilSettled } from '../../client/settle.ts';
import { type TurnEvent, turnEvents } from '../../client/turn-events.ts';
import { DemoError, type DemoPlatform } from './platform.ts';

export type Decision = Schemas['Decision'];
export type LogEvent = Pick<
  Schemas['Event'],
  'event_id' | 'type' | 'topic' | 'partition' | 'offset' | 'appended_at' | 'data' | 'metadata'
>;
export type Started = Schemas['SessionStarted'];
export type Refused = Schemas['Problem'];

/** The outcome of a start: a session, or a problem. */
export interface StartOutcome {
  readonly status: number;
  readonly started?: Started;
  readonly refused?: Refused;
}

/** Bounds of a demo. */
export interface DemoBounds {
  /** Bound on the whole demo, in ms; default 180 s. */
  readonly timeoutMs?: number;
  /** How long a start is repeated while the platform does not answer, or answers with 5xx, in ms; default 30 s. */
  readonly patienceMs?: number;
  /** Ends the demo. */
  readonly signal?: AbortSignal | undefined;
}

const SECONDS = 1_000;

/** Returns true for an answer of a platform that is still starting. A kill switch is a decision, not a failure. */
const isStarting = ({ status, refused }: StartOutcome): boolean => status >= 500 && refused?.code !== 'KILL_SWITCH';

/** A client of the public API for the demo: the same requests as with curl. */
export class DemoApi {
  readonly #platform: DemoPlatform;
  readonly #api: Api;
  readonly #timeoutMs: number;
  readonly #patienceMs: number;
  readonly #signal: AbortSignal;

  /** The bound of the demo begins here. */
  constructor(
    platform: DemoPlatform,
    { timeoutMs = 180 * SECONDS, patienceMs = 30 * SECONDS, signal }: DemoBounds = {},
  ) {
    this.#platform = platform;
    this.#api = createApi({ url: platform.url, token: platform.apiKey });
    this.#timeoutMs = timeoutMs;
    this.#patienceMs = patienceMs;
    const bound = AbortSignal.timeout(timeoutMs);
    this.#signal = signal ? AbortSignal.any([bound, signal]) : bound;
  }

  /** Returns the error of a call that rejected: TURN_TIMEOUT when the bound has run out, else PLATFORM_DOWN. */
  #failure(cause: unknown): Error {
    if (cause instanceof ApiError || cause instanceof DemoError) return cause;
    if (this.#signal.aborted)
      return new DemoError('TURN_TIMEOUT', `the turn did not finish in ${this.#timeoutMs / SECONDS} s`);
    const { url, hint } = this.#platform;
    return new DemoError('PLATFORM_DOWN', `${url} does not answer: ${(cause as Error).message}; ${hint}`);
  }

  async #within<T>(call: Promise<T>): Promise<T> {
    return await call.catch((cause: unknown) => {
      throw this.#failure(cause);
    });
  }

  async #startOnce(body: Schemas['StartSession']): Promise<StartOutcome> {
    const signal = this.#signal;
    const { data, error, response } = await this.#within(
      untilSettled((headers) => this.#api.POST('/v1/sessions/start', { body, headers, signal }), signal),
    );
    const { status } = response;
    return data === undefined ? { status, refused: error as Refused } : { status, started: data };
  }

  /**
   * Starts a session and waits for its outcome: a slow platform answers 202 until there is one, and one that is still
   * starting is asked again. Rejects with TURN_TIMEOUT or PLATFORM_DOWN.
   */
  async start(body: Schemas['StartSession']): Promise<StartOutcome> {
    for (const deadline = Date.now() + this.#patienceMs; ; await sleep(SECONDS / 2)) {
      const outcome = await this.#startOnce(body).catch((error: unknown) => {
        const isDown = error instanceof DemoError && error.code === 'PLATFORM_DOWN';
        if (!isDown || Date.now() > deadline) throw error;
      });
      if (outcome !== undefined && (!isStarting(outcome) || Date.now() > deadline)) return outcome;
    }
  }

  /** Yields the events of the first turn. Rejects with TURN_TIMEOUT or PLATFORM_DOWN. */
  async *stream({ session_id: sessionId, turn_id: turnId, token }: Started): AsyncGenerator<TurnEvent> {
    try {
      const api = createApi({ url: this.#platform.url, token });
      yield* turnEvents(api, { sessionId, turnId, signal: this.#signal });
    } catch (cause) {
      throw this.#failure(cause);
    }
  }

  /**
   * Returns all events of a session in the order of their causes, once the named types are among them: the read model
   * lags the log by some milliseconds. Rejects with READ_MODEL_BEHIND after 20 s.
   */
  async events(session_id: string, ...types: readonly string[]): Promise<readonly LogEvent[]> {
    const params = { path: { session_id }, query: { limit: 200 } };
    const signal = this.#signal;
    for (const deadline = Date.now() + 20 * SECONDS; ; await sleep(100)) {
      const { data } = await this.#within(this.#api.GET('/v1/sessions/{session_id}/events', { params, signal }));
      if (data !== undefined && types.every((type) => data.items.some((event) => event.type.endsWith(`.${type}`))))
        return inCauseOrder(data.items);
      if (Date.now() > deadline)
        throw new DemoError('READ_MODEL_BEHIND', `the read model does not show the recorded events of ${session_id}`);
    }
  }
}
