import { type Api, createApi, type Schemas } from '../../client/api.ts';
import { problemError } from '../../client/api-error.ts';
import { followTurn } from '../../client/follow-turn.ts';
import type { TurnEvent } from '../../client/turn-events.ts';
import { answered, gatewayOf, settle } from '../api/ask.ts';
import { failure } from '../failure.ts';
import { rememberToken, tokenOf } from './session-tokens.ts';

/** A question, and where to ask it. */
export interface Question {
  readonly prompt: string;
  /** Persona and model of a new session. */
  readonly persona: string;
  readonly model?: string | undefined;
  /** Session to continue; a new one without it. */
  readonly session?: string | undefined;
  readonly maxTokens?: number | undefined;
  /** Memories that the model is shown. */
  readonly recall?: Partial<Schemas['TurnRecall']> | undefined;
}

/** A turn whose answer is streamed. */
export interface AskedTurn {
  readonly session_id: string;
  readonly turn_id: string;
  /** Decision on the start; null for a turn of an existing session, which is decided while its stream is read. */
  readonly decision: Schemas['Decision'] | null;
  /** Reads the stream, with the token of the session. */
  readonly api: Api;
}

const startBody = ({ prompt, persona, model, maxTokens, recall }: Question): Schemas['StartSession'] => ({
  prompt,
  persona,
  ...(model !== undefined && { model }),
  ...(maxTokens !== undefined && { max_tokens: maxTokens }),
  ...(recall !== undefined && { recall }),
});

/** Starts a session with the question, or submits it in an existing one. Rejects with the code of the problem. */
export async function startTurn(question: Question): Promise<AskedTurn> {
  const { session, prompt, maxTokens, recall } = question;
  const { url, timeoutMs } = gatewayOf();
  if (session === undefined) {
    const body = startBody(question);
    const started = await settle((api, headers) => api.POST('/v1/sessions/start', { body, headers }));
    const { session_id, turn_id, decision, token: sessionToken, expires_at } = started;
    if (turn_id === undefined) throw failure('UNEXPECTED', 'the session started without a turn');
    rememberToken(process.env, session_id, { token: sessionToken, expires_at });
    return { session_id, turn_id, decision, api: createApi({ url, token: sessionToken }) };
  }
  const body = {
    prompt,
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    ...(recall !== undefined && { recall }),
  };
  const token = tokenOf(process.env, session);
  const { turn_id } = await submitTurn(createApi({ url, token, timeoutMs }), session, body);
  return { session_id: session, turn_id, decision: null, api: createApi({ url, token }) };
}

async function submitTurn(api: Api, session_id: string, body: Schemas['SubmitTurn']) {
  const { data, error, response } = await answered(
    api.POST('/v1/sessions/{session_id}/turns', { params: { path: { session_id } }, body }),
  );
  if (data === undefined) throw problemError(error, response);
  return data;
}

/** The end of a turn. */
export interface Ended {
  readonly text: string;
  readonly model_id: string | null;
  readonly tokens: { readonly prompt: number; readonly completion: number } | null;
}

const textOf = ({ data }: TurnEvent): string => String(data['text'] ?? '');

/** Returns the error of a turn that failed or was refused, with its own code. */
function endedBadly({ event, data }: TurnEvent): Error {
  const code = typeof data['code'] === 'string' ? data['code'] : 'TURN_FAILED';
  return failure(code, String(data['detail'] ?? `the stream ended with ${event}`));
}

/**
 * Passes the text of an answer on as it arrives. A new attempt writes the answer again from its beginning: `onRestart` is
 * called first. Rejects with the code of a turn that failed or was refused, and with STREAM_ENDED when the stream ends early.
 */
export async function readAnswer(
  events: AsyncIterable<TurnEvent>,
  onText: (text: string) => void,
  onRestart: () => void,
): Promise<Ended> {
  let written = '';
  let attempt: unknown;
  for await (const event of events) {
    if (event.event === 'turn.delta') {
      if (attempt !== undefined && attempt !== event.data['attempt']) {
        written = '';
        onRestart();
      }
      attempt = event.data['attempt'];
      written += textOf(event);
      onText(textOf(event));
    } else if (event.event === 'turn.completed') {
      const whole = textOf(event);
      if (whole.startsWith(written)) onText(whole.slice(written.length));
      const { model_id: model, tokens_consumed: tokens } = event.data;
      return { text: whole, model_id: (model ?? null) as string | null, tokens: (tokens ?? null) as Ended['tokens'] };
    } else if (event.event === 'turn.failed' || event.event === 'turn.refused') throw endedBadly(event);
  }
  throw failure('STREAM_ENDED', 'the stream ended before the answer; see khipu sessions list');
}

/** Reads the answer of a turn over as many connections as it takes; see `followTurn` and `readAnswer`. */
export const answerOf = (
  { api, session_id: sessionId, turn_id: turnId }: AskedTurn,
  onText: (text: string) => void,
  onRestart: () => void,
): Promise<Ended> => answered(readAnswer(followTurn(api, { sessionId, turnId }), onText, onRestart));
