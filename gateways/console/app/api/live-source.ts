import { problemError } from '../../../../infra/client/api-error.ts';
import { eventsOf } from '../../../../infra/client/event-body.ts';
import { pause } from '../../../../infra/client/pause.ts';
import type { TurnEvent } from '../../../../infra/client/turn-events.ts';
import type { FeedSource } from '../state/live-feed.ts';
import { eventsOfSessions } from '../state/session-events.ts';
import { api, failureOf, read } from './client.ts';

/** Sessions whose turns a page shows before the first live event. */
const SESSIONS_BEFORE = 12;

async function open(signal: AbortSignal): Promise<AsyncIterable<TurnEvent>> {
  const call = api.GET('/v1/turns', { headers: { accept: 'text/event-stream' }, parseAs: 'stream', signal });
  const { data, error, response } = await call.catch((cause: unknown) => Promise.reject(failureOf(cause)));
  if (!response.ok || !data) throw problemError(error, response);
  return eventsOf(data);
}

async function before(): Promise<readonly TurnEvent[]> {
  const { items } = await read(api.GET('/v1/sessions', { params: { query: { limit: SESSIONS_BEFORE } } }));
  const path = '/v1/sessions/{session_id}';
  const found = await Promise.all(
    items.map(({ session_id }) => read(api.GET(path, { params: { path: { session_id } } })).catch(() => null)),
  );
  return eventsOfSessions(found.filter((session) => session !== null));
}

/** The turns of the caller's tenant, over the console API. */
export const liveSource: FeedSource = { open, before, pause };
