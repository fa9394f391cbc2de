import { fullNames, type RecordName } from '../../../schemas/generated/records.ts';
import type { topics } from '../../../schemas/topics.ts';
import type { StoredEvent } from '../../shared/read-model.ts';
import { frameBody, frameOf } from '../../shared/stream/frame.ts';
import type { StreamView } from '../../shared/stream/stream.ts';
import { parsed } from './views.ts';

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
