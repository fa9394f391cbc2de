import { payloadPrefix } from '../../../schemas/contexts/jobs/payload.ts';
import { type Condition, readsOf } from '../../rows.ts';
import { decodeCursor, type Page, pageOf, type Sql } from '../../sql.ts';
import { type JobRow, type JobStepRow, jobsTable } from '../projection.ts';

export type { JobRow, JobStepRow } from '../projection.ts';

/** Reads of jobs: by id, and the newest first. */
export const jobRows = readsOf(jobsTable, 'created_at');

/** What a job does, or how it ended. */
export const jobStatuses = [
  'queued',
  'running',
  'waiting',
  'paused',
  'suspended',
  'completed',
  'failed',
  'dead',
  'cancelled',
] as const;
export type JobStatus = (typeof jobStatuses)[number];

const holds: readonly string[] = ['paused', 'suspended'];

/** Returns the status of a job: what holds it, otherwise its phase. */
export const statusOf = ({ phase, hold }: Pick<JobRow, 'phase' | 'hold'>): JobStatus =>
  ((hold ?? '') === '' ? phase : hold) as JobStatus;

/** A condition on jobs. */
export type JobCondition = Condition<typeof jobsTable.columns>;

/** Returns the conditions of the jobs with a status. */
export const withStatus = (status: JobStatus): readonly JobCondition[] =>
  holds.includes(status)
    ? [{ column: 'hold', is: '=', value: status }]
    : [
        { column: 'phase', is: '=', value: status },
        { column: 'hold', is: '=', value: '' },
      ];

/** Orders steps by their first event. */
export const stepOrder = (step: JobStepRow): readonly [number, string, string, number] => [
  step.first_offset ?? 0,
  step.path,
  step.name,
  step.nth,
];

/** Returns the steps and waits of a job in the order in which they were recorded first. Throws CursorError. */
export async function listJobSteps(
  sql: Sql,
  tenantId: string,
  jobId: string,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | null },
): Promise<Page<JobStepRow>> {
  const [offset, path, name, nth] = cursor === null ? [-1, '', '', 0] : decodeCursor(cursor, [0, '', '', 0]);
  const rows = await sql<JobStepRow[]>`
    SELECT tenant_id, job_id, path, name, nth, status, kind, attempts, generation, wait, fault, output_bytes,
           to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS started_at,
           to_char(ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS ended_at,
           first_offset::float8 AS first_offset,
           to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS updated_at, output, chunk
    FROM khipu.job_steps
    WHERE job_id = ${jobId} AND tenant_id = ${tenantId} AND status IS NOT NULL
      AND (first_offset, path, name, nth) > (${offset}::bigint, ${path}, ${name}, ${nth}::integer)
    ORDER BY first_offset, path, name, nth
    LIMIT ${limit + 1}`;
  return pageOf(rows, limit, stepOrder);
}

/** Returns the payload of a step of a job that names a content with this digest; null without one. */
export async function findJobOutput(sql: Sql, tenantId: string, jobId: string, digest: string): Promise<string | null> {
  const [row] = await sql<{ output: string }[]>`
    SELECT output FROM khipu.job_steps
    WHERE job_id = ${jobId} AND tenant_id = ${tenantId} AND starts_with(output, ${payloadPrefix(digest)})
    LIMIT 1`;
  return row?.output ?? null;
}
