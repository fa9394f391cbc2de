import { ApiError } from './api-error.ts';
import { pause } from './pause.ts';
import { endsTurn, type TurnEvent, type TurnStream } from './turn-events.ts';

/** Limits of the attempts to resume. */
export interface Reconnection {
  /** Connections in a row without an event after which the stream gives up; 10 by default, more than a minute. */
  readonly attemptsMax?: number;
  /** Pause after a connection with events; it doubles up to 10 s. 1 s by default, as the gateway asks. */
  readonly retryMs?: number;
}

const RETRY_MS_MAX = 10_000;

/** Returns true for an error after which the same request may succeed. */
const mayRetry = (error: unknown): boolean => !(error instanceof ApiError) || error.isTransient || error.status === 429;

/** Opens a connection after an event id. Resolves with null when there are no more events. */
type Connect = (lastEventId: string | undefined) => Promise<AsyncIterable<TurnEvent> | null>;

/**
 * Yields the events of one connection after the other, each after the last event of the one before: without a gap or a
 * repeat. Ends with the turn of the stream, or when there are no more events. Rejects with the last error after
 * `attemptsMax` connections without an event, at once with an error that a repeat cannot mend, and with the reason of `signal` when it aborts.
 */
export async function* reconnecting(
  connect: Connect,
  { turnId, follow, lastEventId: begin, signal }: TurnStream,
  { attemptsMax = 10, retryMs = 1_000 }: Reconnection,
): AsyncGenerator<TurnEvent> {
  let lastEventId = begin;
  let attempts = 0;
  for (;;) {
    const before = lastEventId;
    let failure: unknown = new ApiError('STREAM_INCOMPLETE', 'the stream ended before its turn did', { status: null });
    try {
      const events = await connect(lastEventId);
      if (events === null) return;
      for await (const event of events) {
        attempts = 0;
        lastEventId = event.id;
        yield event;
        if (endsTurn(event, turnId)) return;
      }
      // Without a turn, the end of a stream that showed nothing is the end. A gateway that stops ends all of its streams.
      if (turnId === undefined && follow !== true && lastEventId === before) return;
    } catch (error) {
      signal?.throwIfAborted();
      if (!mayRetry(error)) throw error;
      failure = error;
    }
    if (lastEventId === before) attempts += 1;
    if (attempts >= attemptsMax) throw failure;
    await pause(Math.min(RETRY_MS_MAX, retryMs * 2 ** attempts), signal);
  }
}
