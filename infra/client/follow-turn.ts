import type { Api } from './api.ts';
import { type Reconnection, reconnecting } from './reconnect.ts';
import { openTurn, type TurnEvent, type TurnStream } from './turn-events.ts';

/**
 * Yields the events of a stream to its end, over as many connections as it takes, at any gateway: a stream that breaks off
 * is resumed after its last event, without a gap or a repeat. Rejects with ApiError when the gateway refuses, and with the
 * last error after `attemptsMax` connections without an event.
 */
export const followTurn = (api: Api, stream: TurnStream & Reconnection): AsyncGenerator<TurnEvent> =>
  reconnecting((lastEventId) => openTurn(api, { ...stream, lastEventId }), stream, stream);
