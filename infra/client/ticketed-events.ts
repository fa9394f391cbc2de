import type { Api } from './api.ts';
import { type Reconnection, reconnecting } from './reconnect.ts';
import { settledAnswer } from './settle.ts';
import { type TurnEvent, type TurnStream, turnEventNames } from './turn-events.ts';
import { urlBelow } from './url.ts';

/** The part of `EventSource` that a ticketed stream uses. */
export interface EventSourceLike {
  addEventListener(
    name: string,
    listener: (event: { readonly data?: unknown; readonly lastEventId?: string }) => void,
  ): void;
  close(): void;
}

/** A stream that `EventSource` reads. Without `turnId` it stays open after its turns have ended. */
export interface TicketedStream extends Omit<TurnStream, 'follow'>, Reconnection {
  /** URL of the gateway. */
  readonly url: string;
  /** Resolves with a ticket of the session. Called for each connection, because a ticket works once. */
  readonly ticket: () => Promise<string>;
  /** The class to use; that of the browser by default. */
  readonly EventSource?: new (
    url: string,
  ) => EventSourceLike;
}

/** Resolves with a ticket for the stream of a session. `api` needs its token or a key of its tenant. Rejects with ApiError. */
export async function createTicket(api: Api, sessionId: string): Promise<string> {
  const path = { session_id: sessionId };
  const answer = await api.POST('/v1/sessions/{session_id}/stream-tickets', { params: { path } });
  return settledAnswer(answer).ticket;
}

/**
 * Yields the events of a stream that `EventSource` reads, each connection with its own ticket. Resumes after the last event,
 * without a gap or a repeat. Rejects as `ticket` does with an error that a repeat cannot mend, and with STREAM_INCOMPLETE
 * after `attemptsMax` connections without an event: `EventSource` does not say why it failed.
 */
export function ticketedEvents(stream: TicketedStream): AsyncGenerator<TurnEvent> {
  const { url, sessionId, turnId, ticket, signal, EventSource = globalThis.EventSource } = stream;
  const connect = async (lastEventId: string | undefined): Promise<AsyncIterable<TurnEvent>> => {
    const target = urlBelow(url, `v1/turn/${encodeURIComponent(sessionId)}`);
    target.searchParams.set('ticket', await ticket());
    if (turnId === undefined) target.searchParams.set('follow', 'true');
    else target.searchParams.set('turn_id', turnId);
    if (lastEventId !== undefined) target.searchParams.set('last_event_id', lastEventId);
    signal?.throwIfAborted();
    return received(new EventSource(target.href), signal);
  };
  return reconnecting(connect, { ...stream, follow: turnId === undefined }, stream);
}

/** Yields the events of one connection, until it fails. Closes it then: `EventSource` would repeat it with the used ticket. */
async function* received(source: EventSourceLike, signal: AbortSignal | undefined): AsyncGenerator<TurnEvent> {
  const waiting: TurnEvent[] = [];
  let isOver = false;
  let wake = (): void => {};
  const end = (): void => {
    source.close();
    isOver = true;
    wake();
  };
  for (const event of turnEventNames)
    source.addEventListener(event, ({ data, lastEventId = '' }) => {
      waiting.push({ id: lastEventId, event, data: JSON.parse(String(data)) as TurnEvent['data'] });
      wake();
    });
  source.addEventListener('error', end);
  signal?.addEventListener('abort', end, { once: true });
  try {
    for (;;) {
      yield* waiting.splice(0);
      if (waiting.length > 0) continue;
      signal?.throwIfAborted();
      if (isOver) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal?.removeEventListener('abort', end);
    source.close();
  }
}
