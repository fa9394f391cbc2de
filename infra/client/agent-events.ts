import type { Api } from './api.ts';
import { problemError } from './api-error.ts';
import { eventsOf } from './event-body.ts';
import { type Reconnection, reconnecting } from './reconnect.ts';
import type { TurnEvent } from './turn-events.ts';

/** An event of a run of an agent, such as `agent.call_ended`. Source: docs/reference/http-api.md. */
export type AgentEvent = TurnEvent;

/** The stream of a run to read. */
export interface AgentRunStream {
  readonly runId: string;
  /** `id` of the last event that the reader has: the stream begins after it. */
  readonly lastEventId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Resolves with the events of one connection, or with null when there are no more. Rejects with ApiError when the gateway
 * answers with a problem, and as `fetch` does without an answer; the events reject when the stream breaks off.
 */
export async function openAgentRun(api: Api, stream: AgentRunStream): Promise<AsyncGenerator<AgentEvent> | null> {
  const { runId, lastEventId, signal } = stream;
  const { data, error, response } = await api.GET('/v1/agents/runs/{run_id}/events', {
    params: {
      path: { run_id: runId },
      header: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
    },
    headers: { accept: 'text/event-stream' },
    parseAs: 'stream',
    ...(signal && { signal }),
  });
  if (!response.ok) throw problemError(error, response);
  return data ? eventsOf(data) : null;
}

/**
 * Yields the events of a run to its end, over as many connections as it takes, at any gateway: a stream that breaks off is
 * resumed after its last event, without a gap or a repeat. Rejects as `followTurn` does.
 */
export const followAgentRun = (api: Api, stream: AgentRunStream & Reconnection): AsyncGenerator<AgentEvent> =>
  reconnecting(
    (lastEventId) => openAgentRun(api, { ...stream, lastEventId }),
    { sessionId: stream.runId, follow: undefined, lastEventId: stream.lastEventId, signal: stream.signal },
    stream,
  );
