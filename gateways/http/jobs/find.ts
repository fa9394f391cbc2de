import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Position } from '../../../infra/kafka/port.ts';
import { codeOf } from '../../../infra/kit/errors.ts';
import { JobHistoryFold } from '../../../projections/jobs/queries/history.ts';
import { type JobRow, jobRows } from '../../../projections/jobs/queries/rows.ts';
import { topics } from '../../../schemas/topics.ts';
import { positionOf } from '../../shared/position.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { StoredEvent } from '../../shared/read-model.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { instant } from './schemas.ts';
import { Trials } from './trials.ts';

/** Services that find jobs. */
export type JobServices = Pick<GatewayServices, 'readModel' | 'jobs'>;

/** Time for which an unknown job is looked for in the log: another gateway may have answered its start just now. */
const CATCH_UP_MS = 1_000;
/** Longest wait for a read model that does not have an event yet. */
const REACH_MS = 3_000;
/** Time between two looks at a read model that is behind. */
const LOOK_MS = 100;
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
 * Returns a job as of a position of its events, or later, from the events that this process has read; undefined when it has
 * not read them all. In a flood the read model is seconds behind the log.
 */
export function jobReadTo(
  services: Pick<JobServices, 'jobs'>,
  tenantId: string,
  jobId: string,
  { topic, partition, offset }: Position,
): JobRow | undefined {
  const last = services.jobs.recent(tenantId, jobId).at(-1);
  const isRead = last?.topic === topic && last.partition === partition && last.offset >= offset;
  return isRead ? jobHere(services, tenantId, jobId) : undefined;
}

/**
 * Resolves with a job that the read model does not have yet and whose events this process has dropped, as in a flood: waits until
 * the read model has all that was dropped. Undefined when the job is unknown then. Rejects with Problem READ_MODEL_BEHIND
 * after 3 s.
 */
async function droppedJob({ readModel, jobs }: JobServices, tenantId: string, jobId: string) {
  if (!jobs.hasDropped([])) return undefined;
  const overMs = Date.now() + REACH_MS;
  for (;;) {
    // Read before the row: the row shows all that lies before them.
    const positions = (await readModel.positions()).filter(({ view }) => view === 'jobs');
    const stored = await readModel.row(tenantId, jobRows, jobId);
    if (stored !== undefined || !jobs.hasDropped(positions)) return stored;
    if (Date.now() >= overMs)
      throw new Problem('READ_MODEL_BEHIND', `The read model is behind and may not have job ${jobId} yet; try again`);
    await delay(LOOK_MS);
  }
}

/**
 * Resolves with a job: from the read model, else from the events that this process has read. Waits up to 3 s for the decision on
 * a start that this gateway has sent, and for a read model that is behind. Undefined when the tenant has none of this id.
 * Rejects with READ_MODEL_UNAVAILABLE when only the database knows it, with Problem READ_MODEL_BEHIND after the wait.
 */
export async function findJob(services: JobServices, tenantId: string, jobId: string): Promise<JobRow | undefined> {
  const stored = await services.readModel.row(tenantId, jobRows, jobId).catch((error: unknown) => {
    const here = codeOf(error) === 'READ_MODEL_UNAVAILABLE' ? jobHere(services, tenantId, jobId) : undefined;
    if (here === undefined) throw error;
    return here;
  });
  if (stored !== undefined) return stored;
  const { jobs } = services;
  if (jobs.isExpected(tenantId, jobId)) {
    if (!(await jobs.awaitFirst(tenantId, jobId, REACH_MS)))
      throw new Problem('READ_MODEL_BEHIND', `The start of job ${jobId} is not decided yet; try again`);
  } else if (jobs.recent(tenantId, jobId).length === 0) await jobs.catchUp(CATCH_UP_MS);
  return jobHere(services, tenantId, jobId) ?? droppedJob(services, tenantId, jobId);
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

/** Yields the stored events of a journal, part by part, up to the first part without one; `of` is the id of the job. */
export async function* eventsOfJournal(
  services: Pick<JobServices, 'readModel'>,
  tenantId: string,
  of: string,
  isBefore?: KeyEvents['isBefore'],
): AsyncGenerator<readonly StoredEvent[], void, undefined> {
  for (let chunk = 0, found = true; found; chunk += 1) {
    found = false;
    const part = { topic: topics.jobsJournal.name, key: `${of}/${chunk}`, ...(isBefore && { isBefore }) };
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
const momentOf = (atMs: number): Moment => ({
  atMs,
  isBefore: ({ appendedAt }) => appendedAt.getTime() <= atMs,
});

/** Returns Problem REQUEST_INVALID for an `as_of` that is no moment of the job. */
const noMoment = (message: string, detail: string): Problem =>
  new Problem('REQUEST_INVALID', message, { errors: [{ in: 'query', pointer: '#/as_of', detail }] });

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
async function momentAfter(services: JobServices, tenantId: string, jobId: string, eventId: string): Promise<Moment> {
  const event = await eventOfJob(services, tenantId, jobId, eventId);
  if (event === undefined)
    throw noMoment(`${eventId} is no event of this job`, 'Expected the id of an event of this job, or a time');
  const { streamVersion, appendedAt } = event;
  return { atMs: appendedAt.getTime(), isBefore: (other) => other.streamVersion <= streamVersion };
}

/**
 * Resolves with the moment of a position of the log: the events of a job up to it. Rejects with Problem REQUEST_INVALID for a
 * position that is not in the partition of the job's events, READ_MODEL_BEHIND when the read model does not have it within 3 s.
 */
async function momentAt(services: JobServices, tenantId: string, jobId: string, position: Position): Promise<Moment> {
  const refused = () =>
    noMoment(
      'The position is not in the partition of the events of this job',
      'Expected the position of an answer about this job',
    );
  const life = { topic: topics.jobsEvents.name, key: jobId };
  if (position.topic !== life.topic) throw refused();
  await services.readModel.reached(['events'], position, REACH_MS);
  let atMs = 0;
  for await (const events of eventsOfKey(services, tenantId, life)) {
    if (events.some(({ partition }) => partition !== position.partition)) throw refused();
    for (const { offset, appendedAt } of events) if (offset <= position.offset) atMs = appendedAt.getTime();
  }
  return { atMs, isBefore: ({ offset }) => offset <= position.offset };
}

/**
 * Resolves with the moment that a text names: a time (RFC 3339), the id of an event of the job, or a position token. Rejects
 * with Problem REQUEST_INVALID for anything else, RESOURCE_UNKNOWN when the tenant has no job of this id, READ_MODEL_BEHIND.
 */
export async function momentNamed(
  services: JobServices,
  tenantId: string,
  jobId: string,
  text: string,
): Promise<Moment> {
  if (instant.safeParse(text).success) return momentOf(Date.parse(text));
  // A job of another tenant is unknown, whatever event or position is named.
  await jobOrUnknown(services, tenantId, jobId);
  if (z.uuid().safeParse(text).success) return momentAfter(services, tenantId, jobId, text);
  const position = positionOf(text, () =>
    noMoment(`${text} names no moment of a job`, 'Expected a time, the id of an event, or a position'),
  );
  return momentAt(services, tenantId, jobId, position);
}

/**
 * Resolves with a job and its steps as the log had them at a moment: folded from its stored events. Reads the parts of its
 * journal up to the first one without an event of that time.
 */
export async function jobAsOf(services: JobServices, tenantId: string, jobId: string, { atMs, isBefore }: Moment) {
  const fold = new JobHistoryFold(tenantId);
  const life = { topic: topics.jobsEvents.name, key: jobId, isBefore };
  const trials = new Trials();
  for await (const events of eventsOfKey(services, tenantId, life)) {
    fold.add(events);
    trials.add(events);
  }
  for await (const events of eventsOfJournal(services, tenantId, jobId, momentOf(atMs).isBefore)) fold.add(events);
  return { ...fold.result, trials };
}
