import type { Api } from './api.ts';
import { problemError } from './api-error.ts';
import { eventsOf } from './event-body.ts';
import { type Reconnection, reconnecting } from './reconnect.ts';
import type { TurnEvent } from './turn-events.ts';

/** An event of a job, such as `job.step_completed`. Source: docs/reference/http-api.md. */
export type JobEvent = TurnEvent;

/** The stream of a job to read. */
export interface JobStream {
  readonly jobId: string;
  /** True for a stream that stays open after the job has ended, and shows a retry. */
  readonly follow?: boolean | undefined;
  /** `id` of the last event that the reader has: the stream begins after it. */
  readonly lastEventId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Resolves with the events of one connection, or with null when there are no more. Rejects with ApiError when the gateway
 * answers with a problem, and as `fetch` does without an answer; the events reject when the stream breaks off.
 */
export async function openJob(api: Api, stream: JobStream): Promise<AsyncGenerator<JobEvent> | null> {
  const { jobId, follow, lastEventId, signal } = stream;
  const { data, error, response } = await api.GET('/v1/jobs/{job_id}/events', {
    params: {
      path: { job_id: jobId },
      query: follow === true ? { follow: 'true' } : {},
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
 * Yields the events of a job to its end, over as many connections as it takes, at any gateway: a stream that breaks off is
 * resumed after its last event, without a gap or a repeat. Rejects as `followTurn` does.
 */
export const followJob = (api: Api, stream: JobStream & Reconnection): AsyncGenerator<JobEvent> =>
  reconnecting(
    (lastEventId) => openJob(api, { ...stream, lastEventId }),
    { sessionId: stream.jobId, follow: stream.follow, lastEventId: stream.lastEventId, signal: stream.signal },
    stream,
  );
