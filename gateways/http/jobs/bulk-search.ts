import { hash } from 'node:crypto';
import { type JobRow, type JobStatus, jobRows } from '../../../projections/jobs/queries/rows.ts';
import { JOB_BULK_MAX } from '../../../schemas/contexts/jobs.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { ReadModel } from '../../shared/read-model.ts';
import { type JobFilter, whereOf } from './filters.ts';

/** Actions on many jobs, each with the statuses in which a job takes it. */
export const bulkActions = {
  cancel: ['queued', 'running', 'waiting', 'paused', 'suspended'],
  pause: ['queued', 'running', 'waiting', 'suspended'],
  resume: ['paused', 'suspended'],
  retry: ['failed', 'dead'],
} as const satisfies Readonly<Record<string, readonly JobStatus[]>>;

export type BulkAction = keyof typeof bulkActions;

const PAGE = 1_000;

/** Jobs that an action is for, by id. */
export interface FoundJobs {
  readonly jobs: readonly JobRow[];
  /** sha256 of their ids, hex. */
  readonly digest: string;
}

/**
 * Resolves with the jobs of the tenant that a filter finds and an action is for, ordered by id. Rejects with Problem
 * JOB_BULK_TOO_LARGE above 10,000, and READ_MODEL_UNAVAILABLE.
 */
export async function jobsFor(
  readModel: Pick<ReadModel, 'rows'>,
  tenantId: string,
  action: BulkAction,
  filter: JobFilter,
): Promise<FoundJobs> {
  const found = new Map<string, JobRow>();
  for (const status of bulkActions[action]) {
    if (filter.status !== undefined && filter.status !== status) continue;
    const where = whereOf({ ...filter, status });
    for (let cursor: string | null = null, isLast = false; !isLast; ) {
      const page: { readonly items: readonly JobRow[]; readonly nextCursor: string | null } = await readModel.rows(
        tenantId,
        jobRows,
        { limit: PAGE, cursor, where },
      );
      for (const job of page.items) found.set(job.job_id, job);
      if (found.size > JOB_BULK_MAX)
        throw new Problem('JOB_BULK_TOO_LARGE', `The filter finds more than ${JOB_BULK_MAX} jobs; narrow it`);
      cursor = page.nextCursor;
      isLast = cursor === null;
    }
  }
  const jobs = [...found.values()].sort((a, b) => (a.job_id < b.job_id ? -1 : 1));
  return { jobs, digest: hash('sha256', jobs.map(({ job_id }) => job_id).join('\n'), 'hex') };
}
