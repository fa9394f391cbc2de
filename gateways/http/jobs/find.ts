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

/** Yields the stored events of a key of a topic that the log had at a time, in slices. */
async function* eventsUntil(
  { readModel }: Pick<JobServices, 'readModel'>,
  tenantId: string,
  { topic, key, atMs }: { readonly topic: string; readonly key: string; readonly atMs: number },
): AsyncGenerator<readonly StoredEvent[], void, undefined> {
  for (let afterVersion = 0; ; ) {
    const { events } = await readModel.stream(tenantId, { topic, key, afterVersion, limit: PAGE });
    yield events.filter(({ appendedAt }) => appendedAt.getTime() <= atMs);
    const last = events.at(-1);
    if (last === undefined || events.length < PAGE || last.appendedAt.getTime() > atMs) return;
    afterVersion = last.streamVersion;
  }
}

/**
 * Resolves with a job and its steps as the log had them at a time, ms since 1970: folded from its stored events. Reads the
 * parts of its journal up to the first one without an event of that time.
 */
export async function jobAsOf(services: JobServices, tenantId: string, jobId: string, atMs: number) {
  const fold = new JobHistoryFold(tenantId);
  for await (const events of eventsUntil(services, tenantId, { topic: topics.jobsEvents.name, key: jobId, atMs }))
    fold.add(events);
  for (let chunk = 0, found = true; found; chunk += 1) {
    found = false;
    const key = `${jobId}/${chunk}`;
    for await (const events of eventsUntil(services, tenantId, { topic: topics.jobsJournal.name, key, atMs })) {
      fold.add(events);
      found ||= events.length > 0;
    }
  }
  return fold.result;
}
