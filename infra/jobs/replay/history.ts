import { z } from 'zod';
import type { JobEntry } from '../../../schemas/generated/records.ts';

const text = z.string().nullable();
const entry = z.object({
  ...{ path: z.string(), name: z.string(), nth: z.int(), kind: z.string(), outcome: z.string() },
  ...{ output: z.unknown(), code: text.default(null), detail: text.default(null) },
  ...{
    generation: z.int(),
    attempts: z.int().default(1),
    started_at: z.int().default(0),
    ended_at: z.int().default(0),
  },
});

const schema = z.object({
  job_id: z.string(),
  type: z.string(),
  version: z.int(),
  input: z.unknown(),
  /** True when the input is an array of the inputs of several starts. */
  is_batch: z.boolean().default(false),
  /** completed, failed, or running for a job that has not ended. */
  status: z.enum(['completed', 'failed', 'running']),
  output: z.unknown(),
  code: text.default(null),
  entries: z.array(entry),
});

/** The recorded life of a job, as JSON: what `khipu jobs replay --save` writes. Results are JSON values. */
export type JobHistory = z.output<typeof schema>;

/** Returns the history in a JSON value. Throws ZodError when it is none. */
export const historyOf = (value: unknown): JobHistory => schema.parse(value);

/** Returns the entry of a journal as one of a history. */
export const fromEntry = ({ output, startedAt, endedAt, ...rest }: JobEntry): JobHistory['entries'][number] => ({
  ...rest,
  ...{ output: output === null ? null : (JSON.parse(output) as unknown), started_at: startedAt, ended_at: endedAt },
});

/** Returns the entry of a history as one of a journal. */
export const toEntry = ({ output, started_at, ended_at, ...rest }: JobHistory['entries'][number]): JobEntry => ({
  ...rest,
  ...{ output: output === undefined ? null : JSON.stringify(output), startedAt: started_at, endedAt: ended_at },
});
