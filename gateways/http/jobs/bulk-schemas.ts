import { z } from 'zod';
import { JOB_BULK_BYTES_MAX, JOB_BULK_MAX, JOB_TAGS_MAX, jobLanes } from '../../../schemas/contexts/jobs.ts';
import { labels } from '../../shared/schemas.ts';
import { jobFilters } from './filters.ts';
import { JOB_ID, jobItemFields, jobSummary, jobTag, jobType, KB, reason } from './schemas.ts';

/** Body of a bulk start. */
export const startJobsBody = z
  .strictObject({
    type: jobType,
    items: z
      .array(
        z
          .strictObject({
            ...jobItemFields,
            tags: z
              .array(jobTag)
              .max(JOB_TAGS_MAX - 1)
              .default([])
              .meta({ description: `Tags to find it by, at most ${JOB_TAGS_MAX - 1}: the tag of the batch is added` }),
          })
          .meta({ id: 'StartJobsItem', examples: [{ input: { prompts: ['What is a khipu?'] } }] }),
      )
      .min(1)
      .max(JOB_BULK_MAX)
      .meta({ description: `One job each; at most ${JOB_BULK_MAX} in a body of ${JOB_BULK_BYTES_MAX / KB / KB} MB` }),
    lane: z.enum(jobLanes).default('standard').meta({ description: 'Lane of the jobs' }),
    labels,
  })
  .meta({
    id: 'StartJobs',
    examples: [{ type: 'inference.batch', items: [{ input: { prompts: ['What is a khipu?'] } }] }],
  });

/** The fields of a bulk start that are in the query when the body is NDJSON. */
export const ndjsonQuery = {
  type: z.string().optional().meta({ description: 'Only with NDJSON, and required there: type of the jobs' }),
  lane: z.enum(jobLanes).optional().meta({ description: 'Only with NDJSON: lane of the jobs' }),
  labels: z.string().optional().meta({ description: 'Only with NDJSON: labels of the data, comma-separated' }),
};

/** The NDJSON body of a bulk start, for the OpenAPI document. */
export const ndjsonBody = {
  type: 'string',
  description: `A line each: an item of \`StartJobs\`. At most ${JOB_BULK_MAX} in ${JOB_BULK_BYTES_MAX / KB / KB} MB; empty lines are skipped`,
  examples: ['{"input": {"prompts": ["What is a khipu?"]}}\n{"input": {"prompts": ["What is a quipu?"]}}\n'],
} as const;

const pendingFields = {
  status: z.literal('pending').meta({ description: 'Always `pending`' }),
  command_id: z.string().meta({ description: 'Id of the request: the ids of its commands derive from it' }),
  idempotency_key: z.string().meta({ description: 'A repeat with this `Idempotency-Key` changes nothing' }),
};

/** Schema of jobs that were started in one request. */
export const jobsStartedBody = z
  .object({
    accepted: z.int().meta({ description: 'Number of starts in the log', examples: [1] }),
    batch_id: z
      .string()
      .meta({ description: 'Id of the batch: its jobs have the tag `batch:<batch_id>`', examples: [JOB_ID] }),
    job_ids: z
      .array(z.string())
      .meta({ description: 'Ids of the jobs, in the order of the items', examples: [[JOB_ID]] }),
    ...pendingFields,
  })
  .meta({ id: 'JobsStarted', description: 'The starts are in the log. Each is decided on its own' });

/** Body of a bulk action. */
export const bulkJobsBody = z
  .strictObject({
    filter: z.strictObject(jobFilters).meta({
      description: 'Jobs of the tenant; all of them without a field. Only those that can take the action count',
      examples: [{ type: 'inference.batch', tag: 'customer-42' }],
    }),
    action: z.enum(['cancel', 'pause', 'resume', 'retry']).meta({ description: 'Action on each of the jobs' }),
    reason,
    dry_run: z
      .boolean()
      .default(false)
      .meta({ description: 'Show what would be done, and the token to do it; nothing is changed' }),
    token: z
      .string()
      .min(1)
      .max(2_000)
      .optional()
      .meta({ description: '`token` of the dry run with the same filter and action; required without `dry_run`' }),
  })
  .meta({
    id: 'ActOnJobs',
    examples: [{ filter: { tag: 'customer-42' }, action: 'cancel', reason: 'The customer has left', dry_run: true }],
  });

const bulkFields = {
  action: z.enum(['cancel', 'pause', 'resume', 'retry']).meta({ description: 'Action on each of the jobs' }),
};

/** Schema of a dry run. */
export const bulkDryRun = z
  .object({
    ...bulkFields,
    count: z.int().meta({ description: 'Number of jobs that the action is for', examples: [1] }),
    sample: z.array(jobSummary).meta({ description: 'Up to 10 of them' }),
    token: z.string().meta({ description: 'Send it with the same filter and action to do it' }),
    expires_at: z.string().meta({ description: 'End of the token, RFC 3339: ten minutes later' }),
  })
  .meta({ id: 'BulkDryRun' });

/** Schema of a bulk action that is under way. */
export const jobsActedOn = z
  .object({
    ...bulkFields,
    accepted: z.int().meta({ description: 'Number of commands in the log', examples: [1] }),
    ...pendingFields,
  })
  .meta({ id: 'JobsActedOn', description: 'The commands are in the log. Each is decided on its own' });
