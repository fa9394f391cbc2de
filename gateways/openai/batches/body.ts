import { z } from 'zod';
import { type JobRow, statusOf } from '../../../projections/jobs/queries/rows.ts';
import {
  BATCH_CANCEL,
  BATCH_METADATA_MAX,
  BATCH_TAG,
  type BatchCounts,
  type BatchEndpoint,
  batchCountsIn,
  batchEndpoints,
  INFERENCE_BATCH,
} from '../../../schemas/contexts/jobs/batch.ts';
import { listOf, secondsOf } from '../list.ts';

export const batchFields = {
  batch_id: z
    .string()
    .min(1)
    .max(64)
    .meta({ description: 'Id of the batch, and of its job', examples: ['4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01'] }),
};

const pairs = z
  .record(z.string().min(1).max(64), z.string().max(512))
  .refine(
    (entries) => Object.keys(entries).length <= BATCH_METADATA_MAX,
    `Expected at most ${BATCH_METADATA_MAX} pairs`,
  );

/** Body of a start. */
export const createBatchBody = z
  .strictObject({
    input_file_id: z.string().min(1).max(64).meta({ description: 'A file of the purpose `batch`: one request a line' }),
    endpoint: z.enum(batchEndpoints).meta({ description: 'The `url` of every request' }),
    completion_window: z.literal('24h', 'Expected "24h": no other window is supported'),
    metadata: pairs.nullish().meta({ description: 'Key-value pairs, shown with the batch' }),
  })
  .meta({
    id: 'BatchRequest',
    examples: [
      {
        input_file_id: '4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01',
        endpoint: '/v1/chat/completions',
        completion_window: '24h',
      },
    ],
  });

const statuses = [
  ...(['validating', 'in_progress', 'completed', 'failed', 'expired', 'cancelling', 'cancelled'] as const),
] as const;
type Status = (typeof statuses)[number];

const time = z.int().nullable().meta({ description: 'Seconds since 1970' });

/** Schema of a batch. */
export const batchBody = z
  .object({
    id: z.string().meta({ description: 'Also the id of its job' }),
    object: z.literal('batch'),
    endpoint: z.string(),
    errors: z
      .object({
        object: z.literal('list'),
        data: z.array(
          z.object({
            code: z.string(),
            message: z.string(),
            param: z.null(),
            line: z.int().nullable().meta({ description: 'Line of the input file' }),
          }),
        ),
      })
      .nullable()
      .meta({ description: 'Why the whole batch failed; requests that failed are in the error file' }),
    input_file_id: z.string(),
    completion_window: z.literal('24h'),
    status: z.enum(statuses),
    output_file_id: z.string().nullable(),
    error_file_id: z.string().nullable(),
    created_at: z.int().meta({ description: 'Seconds since 1970' }),
    ...{ in_progress_at: time, expires_at: time, finalizing_at: time, completed_at: time, failed_at: time },
    ...{ expired_at: time, cancelling_at: time, cancelled_at: time },
    request_counts: z
      .object({ total: z.int(), completed: z.int(), failed: z.int() })
      .meta({ description: 'The counts grow with each part of 50 requests' }),
    metadata: pairs.nullable(),
  })
  .meta({
    id: 'Batch',
    examples: [
      {
        ...{
          id: '4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c02',
          object: 'batch',
          endpoint: '/v1/chat/completions',
          errors: null,
        },
        ...{ input_file_id: '4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01', completion_window: '24h', status: 'completed' },
        ...{ output_file_id: '4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c03', error_file_id: null },
        ...{ created_at: 1_795_944_600, in_progress_at: 1_795_944_601, expires_at: 1_796_031_000, finalizing_at: null },
        ...{ completed_at: 1_795_944_660, failed_at: null, expired_at: null, cancelling_at: null, cancelled_at: null },
        ...{ request_counts: { total: 300, completed: 300, failed: 0 }, metadata: { team: 'cords' } },
      },
    ],
  });
export const batchList = listOf(batchBody, 'BatchList');

/** Statuses of jobs as those of batches; every other one is `in_progress`. */
const byJob: Readonly<Record<string, Status>> = {
  queued: 'validating',
  completed: 'completed',
  failed: 'failed',
  dead: 'failed',
  cancelled: 'cancelled',
};

const DEADLINE_CODE = 'JOB_DEADLINE';

interface Fault {
  readonly code?: string;
  readonly detail?: string;
}

/** What the input of such a job has. */
interface Asked {
  readonly file: { readonly file_id: string; readonly lines: number };
  readonly endpoint: BatchEndpoint;
  readonly metadata?: Readonly<Record<string, string>>;
}

interface Result extends Omit<BatchCounts, 'total'> {
  readonly output_file_id?: string | null;
  readonly error_file_id?: string | null;
  /** Of a cancelled batch: requests that were not asked. */
  readonly cancelled?: number;
}

/** Returns what a job asks for; null for a job that is no batch of this API. */
export function askedIn({ type, tags, input }: Pick<JobRow, 'type' | 'tags' | 'input'>): Asked | null {
  if (type !== INFERENCE_BATCH || tags?.includes(BATCH_TAG) !== true) return null;
  return (JSON.parse(input ?? '{}') as { readonly batch?: Asked }).batch ?? null;
}

function countsOf({ progress }: JobRow, { file }: Asked, result: Result | null): BatchCounts {
  const { completed, failed, cancelled = 0 } = result ?? {};
  if (completed !== undefined && failed !== undefined)
    return { total: completed + failed + cancelled, completed, failed };
  const { message = '' } = (progress ?? {}) as { readonly message?: string };
  return batchCountsIn(message) ?? { total: file.lines, completed: 0, failed: 0 };
}

/** Line of the input file that a detail names, such as `line 7 has the custom_id of line 3`. */
const lineIn = (detail: string): number | null => {
  const [, line] = /^line (\d+) /.exec(detail) ?? [];
  return line === undefined ? null : Number(line);
};

/** Returns when the cancellation of a batch began; null when it has not. */
function cancellingAt({ last_signal }: JobRow): string | null {
  const { name, at = null } = (last_signal ?? {}) as { readonly name?: string; readonly at?: string };
  return name === BATCH_CANCEL ? at : null;
}

/** Returns the status of a batch. One that is cancelled ends with a result, as the parts that ran have answers. */
function batchStatus(job: JobRow, result: Result | null): Status {
  const phase = statusOf(job);
  // Between two runs, a batch that has begun is in line again.
  const known = (phase === 'queued' && job.started_at !== null ? undefined : byJob[phase]) ?? 'in_progress';
  if (known === 'failed') return ((job.fault ?? {}) as Fault).code === DEADLINE_CODE ? 'expired' : known;
  if (known === 'completed') return result?.cancelled === undefined ? known : 'cancelled';
  return known === 'in_progress' && cancellingAt(job) !== null ? 'cancelling' : known;
}

/** Returns the body of a batch. */
export function batchOf(job: JobRow, asked: Asked): z.infer<typeof batchBody> {
  const { code = '', detail = '' } = (job.fault ?? {}) as Fault;
  const result = statusOf(job) === 'completed' ? (JSON.parse(job.result ?? 'null') as Result | null) : null;
  const status = batchStatus(job, result);
  const endedAs = (wanted: Status) => (status === wanted ? secondsOf(job.ended_at) : null);
  const error = { code, message: detail, param: null, line: lineIn(detail) };
  const isCancelled = status === 'cancelling' || status === 'cancelled';
  return {
    ...{ id: job.job_id, object: 'batch', endpoint: asked.endpoint },
    errors: status === 'failed' ? { object: 'list', data: [error] } : null,
    ...{ input_file_id: asked.file.file_id, completion_window: '24h', status },
    ...{ output_file_id: result?.output_file_id ?? null, error_file_id: result?.error_file_id ?? null },
    ...{ created_at: secondsOf(job.created_at) ?? 0, in_progress_at: secondsOf(job.started_at) },
    ...{ expires_at: secondsOf(job.deadline), finalizing_at: null },
    cancelling_at: isCancelled ? secondsOf(cancellingAt(job) ?? job.ended_at) : null,
    ...{ completed_at: endedAs('completed'), failed_at: endedAs('failed') },
    ...{ expired_at: endedAs('expired'), cancelled_at: endedAs('cancelled') },
    request_counts: countsOf(job, asked, result),
    metadata: { ...asked.metadata },
  };
}
