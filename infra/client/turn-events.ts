import type { Api } from './api.ts';
import { problemError } from './api-error.ts';
import { eventsOf } from './event-body.ts';

/** Names of the events of a stream. */
export const turnEventNames = [
  'turn.queued',
  'turn.started',
  'turn.delta',
  'turn.completed',
  'turn.failed',
  'turn.refused',
] as const;

const ends: ReadonlySet<string> = new Set(['turn.completed', 'turn.failed', 'turn.refused']);

/** An event of a turn, such as `turn.delta`. Source: docs/reference/http-api.md. */
export interface TurnEvent {
  /** Position behind the event, for `lastEventId`. */
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The stream to read. */
export interface TurnStream {
  readonly sessionId: string;
  /** Turn with which the stream ends. Without it, the stream ends when no turn is open. */
  readonly turnId?: string | undefined;
  /** True for a stream that stays open after its turns have ended. */
  readonly follow?: boolean | undefined;
  /** `id` of the last event that the reader has: the stream begins after it. */
  readonly lastEventId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Returns true for the last event of a turn. */
export const endsTurn = ({ event, data }: TurnEvent, turnId: string | undefined): boolean =>
  ends.has(event) && data['turn_id'] === turnId;

/**
 * Resolves with the events of one connection, or with null when there are no more. Rejects with ApiError when the gateway
 * answers with a problem, and as `fetch` does without an answer; the events reject when the stream breaks off.
 */
export async function openTurn(api: Api, stream: TurnStream): Promise<AsyncGenerator<TurnEvent> | null> {
  const { sessionId, turnId, follow, lastEventId, signal } = stream;
  const { data, error, response } = await api.GET('/v1/turn/{session_id}', {
    params: {
      path: { session_id: sessionId },
      query: { ...(turnId !== undefined && { turn_id: turnId }), ...(follow === true && { follow: 'true' }) },
      header: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
    },
    headers: { accept: 'text/event-stream' },
    parseAs: 'stream',
    ...(signal && { signal }),
  });
  if (!response.ok) throw problemError(error, response);
  return data ? eventsOf(data) : null;
}

/** Yields the events of a turn as they arrive, over one connection. Rejects as `openTurn` and its events do. */
export async function* turnEvents(api: Api, stream: TurnStream): AsyncGenerator<TurnEvent> {
  const events = await openTurn(api, stream);
  if (events !== null) yield* events;
}
