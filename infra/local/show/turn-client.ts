import { setTimeout as sleep } from 'node:timers/promises';
import { PERSONA_DEFAULT } from '../../../schemas/contexts/personas/built-in.ts';
import { createApi, type Schemas } from '../../client/api.ts';
import { unanswered } from '../../client/api-error.ts';
import { settledAnswer, untilSettled } from '../../client/settle.ts';
import { turnEvents } from '../../client/turn-events.ts';

/** A completed turn. */
export interface TurnResult {
  readonly sessionId: string;
  readonly turnId: string;
  /** Text of `turn.completed`; `turn.failed` and `turn.refused` are thrown. */
  readonly answer: string;
  readonly decision: Schemas['Decision'];
  /** Times in ms from the POST: to its 201, to the first delta, to the completed turn. */
  readonly ms: { readonly started: number; readonly firstDelta: number; readonly completed: number };
}

/** The turn failed. `code` is the code of the gateway, or TURN_FAILED, TURN_TIMEOUT, PLATFORM_DOWN. */
export class TurnError extends Error {
  override readonly name = 'TurnError';
  readonly code: string;
  /** True when the platform may still be starting: a retry makes sense. */
  readonly isTransient: boolean;
  constructor(code: string, message: string, isTransient = false) {
    super(message);
    this.code = code;
    this.isTransient = isTransient;
  }
}

/** Returns the error of a call that has rejected, under the code of the gateway. */
function turnError(url: string, cause: unknown): TurnError {
  if (cause instanceof TurnError) return cause;
  const { code, message, status, isTransient } = unanswered(url, cause);
  return new TurnError(code, status === null ? message : `${status} ${message}`, isTransient);
}

/** The turn to run. */
export interface TurnOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly prompt: string;
  readonly persona?: string;
  /** Called with each delta of the answer. */
  readonly onDelta?: (text: string) => void;
  /** Bound on the whole turn, including retries, in ms; default 90 s. */
  readonly timeoutMs?: number;
  /** Aborts the turn. */
  readonly signal?: AbortSignal | undefined;
}

/** Default bound on a turn, in ms. */
export const turnTimeoutMs = 90_000;

/** Runs `body` within the bound of the options. Rejects with TURN_TIMEOUT after it. */
async function bounded<T>(options: TurnOptions, body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { timeoutMs = turnTimeoutMs, signal } = options;
  const bound = AbortSignal.timeout(timeoutMs);
  try {
    return await body(signal ? AbortSignal.any([bound, signal]) : bound);
  } catch (error) {
    if (!bound.aborted) throw error;
    throw new TurnError('TURN_TIMEOUT', `the turn did not finish in ${timeoutMs / 1_000} s`);
  }
}

/** Starts a session with the prompt; repeats the start until it has an outcome. */
async function startTurn(options: TurnOptions, signal: AbortSignal): Promise<Schemas['SessionStarted']> {
  const { url, apiKey, prompt, persona = PERSONA_DEFAULT } = options;
  const api = createApi({ url, token: apiKey });
  const body = { persona, prompt };
  return settledAnswer(
    await untilSettled((headers) => api.POST('/v1/sessions/start', { body, headers, signal }), signal),
  );
}

async function followTurn(options: TurnOptions, signal: AbortSignal): Promise<TurnResult> {
  const began = Date.now();
  const { session_id: sessionId, turn_id: turnId = '', token, decision } = await startTurn(options, signal);
  const started = Date.now() - began;
  let firstDelta = 0;
  for await (const { event, data } of turnEvents(createApi({ url: options.url, token }), {
    sessionId,
    turnId,
    signal,
  })) {
    if (event === 'turn.delta') {
      firstDelta ||= Date.now() - began;
      options.onDelta?.(String(data['text']));
    }
    if (event === 'turn.failed' || event === 'turn.refused')
      throw new TurnError(String(data['code']), `${event}: ${String(data['detail'])}`);
    if (event === 'turn.completed') {
      const completed = Date.now() - began;
      const ms = { started, firstDelta: firstDelta || completed, completed };
      return { sessionId, turnId, answer: String(data['text']), decision, ms };
    }
  }
  throw new TurnError('TURN_FAILED', 'the stream ended before the turn', true);
}

const takeTurn = (options: TurnOptions, signal: AbortSignal): Promise<TurnResult> =>
  followTurn(options, signal).catch((cause: unknown) => {
    throw turnError(options.url, cause);
  });

/** Runs one session with one turn over the public HTTP path, as any client would. Rejects with TurnError. */
export const runTurn = (options: TurnOptions): Promise<TurnResult> =>
  bounded(options, (signal) => takeTurn(options, signal));

/**
 * Runs a turn like `runTurn`. While the platform is still starting, retries every half second, for at most
 * `patienceMs`. Rejects with TurnError.
 */
export const runFirstTurn = (options: TurnOptions, patienceMs = 30_000): Promise<TurnResult> =>
  bounded(options, async (signal) => {
    for (const deadline = Date.now() + patienceMs; ; await sleep(500, undefined, { signal })) {
      try {
        return await takeTurn(options, signal);
      } catch (error) {
        const isHopeless = !(error instanceof TurnError && error.isTransient) || signal.aborted;
        if (isHopeless || Date.now() > deadline) throw error;
      }
    }
  });
