import { codeOf } from '../../../infra/kit/errors.ts';
import { JobHistoryFold } from '../../../projections/jobs/queries/history.ts';
import { type JobRow, jobRows } from '../../../projections/jobs/queries/rows.ts';
import { topics } from '../../../schemas/topics.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { StoredEvent } from '../../shared/read-model.ts';
import type { GatewayServices } from '../../shared/services.ts';

/** Services that find jobs. */
export type JobServices = Pick<GatewayServices, 'readModel' | 'jobs'>;

/** Time for which an unknown job is looked for in the log: another gateway may have answered its start just now. */
const CATCH_UP_MS = 1_000;
/** Longest wait for a read model that does not have an event yet. */
const REACH_MS = 3_000;
const PAGE = 500;

/** Returns Problem RESOURCE_UNKNOWN. */
export const jobUnknown = (jobId: string): Problem => new Problem('RESOURCE_UNKNOWN', `There is no job ${jobId}`);

/** Returns the job that this process has read all events of; undefined when it has not. */
function jobHere({ jobs }: Pick<JobServices, 'jobs'>, tenantId: string, jobId: string): JobRow | undefined {
  const events = jobs.whole(tenantId, jobId);
  if (events === undefined) return undefined;
  const fold = new JobHistoryFold(tenantId);
  fold.add(events);
  return fold.result.job;
}

/**
 * Resolves with a job: from the read model, else from the events that this process has read. Undefined when the tenant has
 * none of this id. Rejects with READ_MODEL_UNAVAILABLE when only the database knows it.
 */
export async function findJob(services: JobServices, tenantId: string, jobId: string): Promise<JobRow | undefined> {
  const stored = await services.readModel.row(tenantId, jobRows, jobId).catch((error: unknown) => {
    const here = codeOf(error) === 'READ_MODEL_UNAVAILABLE' ? jobHere(services, tenantId, jobId) : undefined;
    if (here === undefined) throw error;
    return here;
  });
  if (stored !== undefined) return stored;
  if (services.jobs.recent(tenantId, jobId).length === 0) await services.jobs.catchUp(CATCH_UP_MS);
  return jobHere(services, tenantId, jobId);
}

/** Like `findJob`, but rejects with Problem RESOURCE_UNKNOWN when the tenant has no job of this id. */
export async function jobOrUnknown(services: JobServices, tenantId: string, jobId: string): Promise<JobRow> {
  const job = await findJob(services, tenantId, jobId);
  if (job === undefined) throw jobUnknown(jobId);
  return job;
}

/** The events of a key of a topic; `isBefore` false ends them. */
interface KeyEvents {
  readonly topic: string;
  readonly key: string;
  readonly isBefore?: (event: StoredEvent) => boolean;
}

/** Yields the stored events of a key of a topic, in order and in slices. */
export async function* eventsOfKey(
  { readModel }: Pick<JobServices, 'readModel'>,
  tenantId: string,
  { topic, key, isBefore = () => true }: KeyEvents,
): AsyncGenerator<readonly StoredEvent[], void, undefined> {
  for (let afterVersion = 0; ; ) {
    const { events } = await readModel.stream(tenantId, { topic, key, afterVersion, limit: PAGE });
    yield events.filter(isBefore);
    const last = events.at(-1);
    if (last === undefined || events.length < PAGE || !isBefore(last)) return;
    afterVersion = last.streamVersion;
  }
}

/** Yields the stored events of a journal, part by part, up to the first part without one. */
export async function* eventsOfJournal(
  services: Pick<JobServices, 'readModel'>,
  tenantId: string,
  jobId: string,
  isBefore?: KeyEvents['isBefore'],
): AsyncGenerator<readonly StoredEvent[], void, undefined> {
  for (let chunk = 0, found = true; found; chunk += 1) {
    found = false;
    const part = { topic: topics.jobsJournal.name, key: `${jobId}/${chunk}`, ...(isBefore && { isBefore }) };
    for await (const events of eventsOfKey(services, tenantId, part)) {
      yield events;
      found ||= events.length > 0;
    }
  }
}

/** A moment in the life of a job: its time, and the events of the job until then. */
export interface Moment {
  readonly atMs: number;
  readonly isBefore: (event: StoredEvent) => boolean;
}

/** Returns the moment of a time, ms since 1970: what the log had then. */
export const momentOf = (atMs: number): Moment => ({
  atMs,
  isBefore: ({ appendedAt }) => appendedAt.getTime() <= atMs,
});

/** Resolves with an event of a job by its id; undefined when the job has none of this id. */
async function eventOfJob(
  { jobs, readModel }: JobServices,
  tenantId: string,
  jobId: string,
  eventId: string,
): Promise<StoredEvent | undefined> {
  const recent = jobs.recent(tenantId, jobId).find((event) => event.eventId === eventId);
  // A stream shows events that the read model does not have yet.
  if (recent !== undefined) await readModel.reached(['events'], recent, REACH_MS);
  const event = await readModel.event(tenantId, eventId);
  return event?.subjectId === jobId && event.topic === topics.jobsEvents.name ? event : undefined;
}

/**
 * Resolves with the moment after an event of a job. Rejects with Problem REQUEST_INVALID for the id of any other event,
 * READ_MODEL_BEHIND when the read model does not have it within 3 s.
 */
export async function momentAfter(
  services: JobServices,
  tenantId: string,
  jobId: string,
  eventId: string,
): Promise<Moment> {
  const event = await eventOfJob(services, tenantId, jobId, eventId);
  if (event === undefined)
    throw new Problem('REQUEST_INVALID', `${eventId} is no event of this job`, {
      errors: [{ in: 'query', pointer: '#/as_of', detail: 'Expected the id of an event of this job, or a time' }],
    });
  const { streamVersion, appendedAt } = event;
  return { atMs: appendedAt.getTime(), isBefore: (other) => other.streamVersion <= streamVersion };
}

/**
 * Resolves with a job and its steps as the log had them at a moment: folded from its stored events. Reads the parts of its
 * journal up to the first one without an event of that time.
 */
export async function jobAsOf(services: JobServices, tenantId: string, jobId: string, { atMs, isBefore }: Moment) {
  const fold = new JobHistoryFold(tenantId);
  const life = { topic: topics.jobsEvents.name, key: jobId, isBefore };
  for await (const events of eventsOfKey(services, tenantId, life)) fold.add(events);
  for await (const events of eventsOfJournal(services, tenantId, jobId, momentOf(atMs).isBefore)) fold.add(events);
  return fold.result;
}
