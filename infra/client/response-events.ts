import type { Api } from './api.ts';
import { problemError } from './api-error.ts';
import { eventsOf } from './event-body.ts';
import { type Reconnection, reconnecting } from './reconnect.ts';
import type { TurnEvent } from './turn-events.ts';

/** An event of a response; its `id` is the `sequence_number`. Source: the OpenAI API, streaming events of responses. */
export type ResponseEvent = TurnEvent;

/** The stream of a response to read. */
export interface ResponseStream {
  /** `resp_` and a UUID. */
  readonly responseId: string;
  /** `sequence_number` of the last event that the reader has: the stream begins after it. */
  readonly startingAfter?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Events with which a response ends. */
const ENDS: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'response.failed']);

async function* numbered(events: AsyncIterable<TurnEvent>): AsyncGenerator<ResponseEvent> {
  for await (const { event, data } of events) yield { id: String(data['sequence_number'] ?? ''), event, data };
}

/**
 * Resolves with the events of one connection. Rejects with ApiError when the gateway answers with a problem, and as `fetch`
 * does without an answer; the events reject when the stream breaks off.
 */
export async function openResponse(api: Api, stream: ResponseStream): Promise<AsyncGenerator<ResponseEvent>> {
  const { responseId, startingAfter, signal } = stream;
  const { data, error, response } = await api.GET('/v1/responses/{response_id}', {
    params: {
      path: { response_id: responseId },
      query: { stream: 'true', ...(startingAfter !== undefined && { starting_after: startingAfter }) },
    },
    headers: { accept: 'text/event-stream' },
    parseAs: 'stream',
    ...(signal && { signal }),
  });
  if (!response.ok || !data) throw problemError(error, response);
  return numbered(eventsOf(data as ReadableStream<Uint8Array>));
}

/**
 * Yields the events of a response to its end, over as many connections as it takes, at any gateway: a stream that breaks
 * off is resumed after its last event, without a gap or a repeat. Rejects as `followTurn` does.
 */
export async function* followResponse(api: Api, stream: ResponseStream & Reconnection): AsyncGenerator<ResponseEvent> {
  const { responseId, startingAfter, signal } = stream;
  const events = reconnecting(
    (last) => openResponse(api, { ...stream, startingAfter: last === undefined ? undefined : Number(last) }),
    { sessionId: responseId, follow: undefined, lastEventId: startingAfter?.toString(), signal },
    stream,
  );
  for await (const event of events) {
    yield event;
    if (ENDS.has(event.event)) return;
  }
}
