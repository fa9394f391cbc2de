import { fullNames, type RecordName } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import type { JobEvents } from '../../shared/job-events.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { ReadModel, StoredEvent } from '../../shared/read-model.ts';
import { FeedSource } from '../../shared/stream/feed-source.ts';
import { frameBody, frameOf } from '../../shared/stream/frame.ts';
import type { GapReader } from '../../shared/stream/gap-reader.ts';
import type { Demand } from '../../shared/stream/live-feed.ts';
import type { StreamView } from '../../shared/stream/stream.ts';
import { parsed } from './views.ts';

const PAGE = 500;

/** Stream names of the records of jobs.events. A refused command is answered to its sender and is not shown. */
export const jobEventNames = {
  JobAccepted: 'job.accepted',
  JobRefused: null,
  JobQueued: 'job.queued',
  JobBatchBegun: 'job.batch_begun',
  JobBatched: 'job.batched',
  JobBatchLeft: 'job.batch_left',
  JobRunStarted: 'job.run_started',
  JobStepCompleted: 'job.step_completed',
  JobStepAttempted: 'job.step_attempted',
  JobWaiting: 'job.waiting',
  JobRunEnded: 'job.run_ended',
  JobSignalled: 'job.signalled',
  JobProgressed: 'job.progressed',
  JobPaused: 'job.paused',
  JobSuspended: 'job.suspended',
  JobResumed: 'job.resumed',
  JobRetried: 'job.retried',
  JobRunFailed: 'job.run_failed',
  JobCompleted: 'job.completed',
  JobFailed: 'job.failed',
  JobDead: 'job.dead',
  JobCancelled: 'job.cancelled',
  JobSimulationDecided: 'job.simulation_decided',
} as const satisfies { readonly [Name in keyof typeof topics.jobsEvents.records & RecordName]: string | null };

const byFullName = new Map<string, string | null>(
  Object.entries(jobEventNames).map(([name, shown]) => [fullNames[name as keyof typeof jobEventNames], shown]),
);

/** Returns the name of an event in a stream; null for one that is not shown. */
export const nameOf = ({ type }: Pick<StoredEvent, 'type'>): string | null => byFullName.get(type) ?? null;

const endings: ReadonlySet<string | null> = new Set(['job.completed', 'job.failed', 'job.dead', 'job.cancelled']);

/** Returns true for an event that ends a job. A failed or dead one may be retried. */
export const endsJob = (event: Pick<StoredEvent, 'type'>): boolean => endings.has(nameOf(event));

/** Fields that a stream does not show: what the caller may do, what the route says already, what the result of a step is. */
const HIDDEN = ['tenant_id', 'capabilities', 'credential', 'recorded'];
/** Fields whose texts are JSON, shown as their values. */
const JSON_FIELDS = ['input', 'output', 'payload', 'request'];

const shownFields = (data: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) => {
      if (HIDDEN.includes(name)) return [];
      if (JSON_FIELDS.includes(name) && typeof value === 'string') return [[name, parsed(value)]];
      return [[name, name === 'wait' ? shownFields(value as Record<string, unknown>) : value]];
    }),
  );

/** Returns what every event of a simulated job says of it; nothing for one that runs. */
const simulatedBy = ({ metadata: { ce_simulation: digest } }: StoredEvent) =>
  digest === undefined ? {} : { simulated: true, constitution_digest: digest };

const bodyOf = (name: string, event: StoredEvent): string => {
  const { eventId, at, data } = event;
  return frameBody(name, { event_id: eventId, at: at.toISOString(), ...simulatedBy(event), ...shownFields(data) });
};

/** Parts that a stream of a job reads from. */
export interface JobStreamParts {
  readonly jobs: Pick<JobEvents, 'open' | 'close' | 'recent' | 'covers' | 'whole'>;
  readonly readModel: Pick<ReadModel, 'stream' | 'event'>;
  readonly gapReader: Pick<GapReader<StoredEvent>, 'read'>;
}

/** The job to read. */
export interface JobStreamRequest {
  readonly tenantId: string;
  readonly jobId: string;
  /** Id of the last event that the client has; null for none. */
  readonly lastEventId: string | null;
  readonly signal: AbortSignal;
  /** Receives the last event of the client, when it is found. */
  readonly onLast: (event: StoredEvent) => void;
}

/**
 * The events of a job: first past events, then live ones, and past ones again when the live feed overflowed before it was
 * read. Each event comes once, in the order of the log; a repeat is recognized by its offset.
 *
 * Past events are those of this process when it has all of them, else those of the read model, and behind its positions
 * the recent ones of this process, or those of the log. A client resumes after any event for as long as the log or the
 * eventstore has it.
 */
export class JobStream extends FeedSource<StoredEvent> {
  readonly #parts: JobStreamParts;
  readonly #request: JobStreamRequest;
  /** Next offset per partition: earlier events were yielded, or the client has them. */
  readonly #next = new Map<number, number>();
  /** Last event of the client, until it was passed. */
  #skipTo: string | null;
  #version = 0;

  constructor(parts: JobStreamParts, request: JobStreamRequest) {
    const { tenantId, jobId, signal, lastEventId } = request;
    const feed = parts.jobs.open(tenantId, jobId);
    super(feed, () => parts.jobs.close(tenantId, jobId, feed), signal);
    this.#parts = parts;
    this.#request = request;
    this.#skipTo = lastEventId;
  }

  take(event: StoredEvent): Demand {
    if (this.reader === null) return 'gap';
    return this.#passes(event) ? this.reader.take(event) : 'more';
  }

  protected async *read(): AsyncGenerator<StoredEvent, void, undefined> {
    const { jobs } = this.#parts;
    const { tenantId, jobId } = this.#request;
    const whole = jobs.whole(tenantId, jobId);
    if (whole === undefined) yield* this.#stored();
    else yield* this.#new(whole);
    // The events of a job never leave the log and the eventstore before its stream has read them.
    if (this.#skipTo !== null)
      throw new Problem('REQUEST_INVALID', `${this.#skipTo} is no event of this job`, {
        errors: [{ in: 'header', pointer: '#/last-event-id', detail: 'Expected the id of an event of this stream' }],
      });
  }

  async *#stored(): AsyncGenerator<StoredEvent, void, undefined> {
    const { jobs, gapReader } = this.#parts;
    const { tenantId, jobId, signal } = this.#request;
    await this.#seek();
    while (!signal.aborted) {
      const { events, positions } = await this.#page();
      yield* this.#new(events);
      this.#version = events.at(-1)?.streamVersion ?? this.#version;
      if (events.length === PAGE) continue;
      const isHere = jobs.covers(positions);
      const lacks = ({ partition, offset }: StoredEvent) => offset >= (this.#next.get(partition) ?? 0);
      yield* this.#new(
        isHere ? jobs.recent(tenantId, jobId) : await gapReader.read({ key: jobId, tenantId, positions, lacks }),
      );
      return;
    }
  }

  #page() {
    const { tenantId, jobId } = this.#request;
    const query = { topic: topics.jobsEvents.name, key: jobId, afterVersion: this.#version, limit: PAGE };
    return this.#parts.readModel.stream(tenantId, query);
  }

  /** Begins behind the last event of the client, when the eventstore has it. */
  async #seek(): Promise<void> {
    if (this.#skipTo === null) return;
    const { tenantId, jobId } = this.#request;
    const last = await this.#parts.readModel.event(tenantId, this.#skipTo);
    if (last === undefined || last.subjectId !== jobId || last.topic !== topics.jobsEvents.name) return;
    this.#version = last.streamVersion;
    this.#next.set(last.partition, last.offset + 1);
    this.#skipTo = null;
    this.#request.onLast(last);
  }

  *#new(events: readonly StoredEvent[]): Generator<StoredEvent, void, undefined> {
    for (const event of events) if (this.#passes(event)) yield event;
  }

  /** Returns true for an event that the client lacks, once. */
  #passes(event: StoredEvent): boolean {
    const { eventId, partition, offset } = event;
    if (offset < (this.#next.get(partition) ?? 0)) return false;
    this.#next.set(partition, offset + 1);
    if (this.#skipTo === null) return true;
    if (this.#skipTo !== eventId) return false;
    this.#skipTo = null;
    this.#request.onLast(event);
    return false;
  }
}

/** The part of a job's events that a client sees. */
export class JobStreamView implements StreamView<StoredEvent> {
  readonly waitsToBegin = false;
  readonly #follow: boolean;
  #isOver: boolean;
  #caughtUp = false;

  /** `isOver`: the job had ended before the first event that is read. */
  constructor({ follow, isOver }: { readonly follow: boolean; readonly isOver: boolean }) {
    this.#follow = follow;
    this.#isOver = isOver;
  }

  /** Notes an event that the client has. */
  note(event: StoredEvent): void {
    if (nameOf(event) === 'job.retried') this.#isOver = false;
    else if (endsJob(event)) this.#isOver = true;
  }

  take(event: StoredEvent): readonly string[] {
    const name = nameOf(event);
    if (name === null) return [];
    this.note(event);
    return [frameOf(event.eventId, bodyOf(name, event))];
  }

  caughtUp(): void {
    this.#caughtUp = true;
  }

  /** True when the job has ended and the client has all of its events, unless it follows. */
  get ended(): boolean {
    return !this.#follow && this.#caughtUp && this.#isOver;
  }
}
