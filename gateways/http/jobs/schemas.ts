import { z } from 'zod';
import { jobStatuses } from '../../../projections/jobs/queries/rows.ts';
import {
  JOB_ATTEMPTS_MAX,
  JOB_CONTENT_BYTES_MAX,
  JOB_PAYLOAD_BYTES_MAX,
  JOB_RETRY_DELAY_MS_MAX,
  JOB_TAGS_MAX,
  jobLanes,
} from '../../../schemas/contexts/jobs.ts';
import { page } from '../../shared/paging.ts';
import { labels } from '../../shared/schemas.ts';

/** Bytes. */
export const KB = 1_024;
/** Largest number of the wire's type. */
const MAX_INT = 2 ** 31 - 1;
/** Limits of payloads and of inputs, for descriptions. */
export const payloadLimit = `at most ${JOB_PAYLOAD_BYTES_MAX / KB} KB of JSON`;
const inputLimit = `at most ${JOB_CONTENT_BYTES_MAX / KB / KB} MB of JSON`;
/** Id of the example. */
export const JOB_ID = '4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01';

const DIGEST = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/** Path parameters of a job's routes. */
export const jobFields = { job_id: z.uuid().meta({ description: 'Id of the job' }) };

/** Schema of the name of a type of jobs. */
export const jobType = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,99}$/, 'Expected the name of a type, such as inference.batch')
  .meta({ description: 'Type of the job: `GET /v1/job-types` lists them', examples: ['inference.batch'] });

/** Schema of a tag. */
export const jobTag = z
  .string()
  .regex(/^[\w.:/@-]{1,100}$/, 'Expected letters, digits and . : / @ _ -')
  .meta({ examples: ['customer-42'] });

/** Schema of a time, RFC 3339. */
export const instant = z.iso.datetime({ offset: true });

export const retry = z
  .strictObject({
    attempts_max: z
      .int()
      .min(1)
      .max(JOB_ATTEMPTS_MAX)
      .meta({ description: 'Maximum of runs that fail, the first included' }),
    first_delay_ms: z.int().min(0).max(JOB_RETRY_DELAY_MS_MAX).meta({
      description: 'Delay before the second run, in ms; it doubles with each run',
    }),
    delay_max_ms: z.int().min(0).max(JOB_RETRY_DELAY_MS_MAX).meta({ description: 'Upper bound of the delay, in ms' }),
  })
  .meta({ id: 'JobRetry', examples: [{ attempts_max: 5, first_delay_ms: 1_000, delay_max_ms: 60_000 }] });

/** Fields of each job, also of many that are started at once. */
export const jobItemFields = {
  input: z
    .unknown()
    .default({})
    .meta({
      description: `Input of the handler, checked by the schema of its type; ${inputLimit}`,
      examples: [{ prompts: ['What is a khipu?'] }],
    }),
  run_at: instant.optional().meta({ description: 'Earliest time of the first run, RFC 3339; at once when omitted' }),
  concurrency_key: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({
      description:
        'The limits of the type hold for the jobs of each key; when it declares none, jobs of one key run one after another. The name of the type when omitted',
      examples: ['customer-42'],
    }),
};

/** Body of a start. */
export const startJobBody = z
  .strictObject({
    type: jobType,
    ...jobItemFields,
    deadline: instant.optional().meta({ description: 'Time at which the job fails unless it has ended, RFC 3339' }),
    lane: z.enum(jobLanes).default('standard').meta({
      description:
        'Which of the jobs that wait for a slot of their concurrency key is next. `interactive` requires `jobs:lane:interactive`',
    }),
    retry: retry.optional().meta({ description: 'How failed runs are repeated; as its type says when omitted' }),
    tags: z
      .array(jobTag)
      .max(JOB_TAGS_MAX)
      .default([])
      .meta({ description: `Tags to find it by, at most ${JOB_TAGS_MAX}` }),
    labels,
  })
  .meta({
    id: 'StartJob',
    examples: [{ type: 'inference.batch', input: { prompts: ['What is a khipu?'] }, tags: ['customer-42'] }],
  });

const forkStep = z
  .strictObject({
    path: z
      .string()
      .max(2_000)
      .default('')
      .meta({ description: 'Branch of the handler; empty for the handler itself' }),
    name: z
      .string()
      .min(1)
      .max(1_000)
      .meta({ description: 'Name of the step or wait', examples: ['model'] }),
    nth: z.int().min(1).max(MAX_INT).default(1).meta({ description: 'Use of this name in this branch, from 1' }),
  })
  .meta({ id: 'JobForkStep', examples: [{ path: '0/1', name: 'model', nth: 1 }] });

/** Body of a fork. */
export const forkJobBody = z
  .strictObject({
    from_step: forkStep.nullable().meta({
      description:
        'Step or wait of the other job, as `/steps` has it: the results recorded before its result are taken. A step without a result takes all; null takes none',
    }),
    input: z
      .unknown()
      .optional()
      .meta({ description: `Input of the handler, ${inputLimit}; that of the other job when omitted` }),
    lane: z.enum(jobLanes).optional().meta({ description: 'Lane of the job; that of the other job when omitted' }),
    tags: z
      .array(jobTag)
      .max(JOB_TAGS_MAX)
      .optional()
      .meta({ description: `Tags to find it by, at most ${JOB_TAGS_MAX}; those of the other job when omitted` }),
    constitution: z.string().min(1).max(200).optional().meta({
      description:
        'Version or digest of a signed constitution: the job is simulated under it. Without it the job runs, except as a fork of a simulated one',
    }),
    labels,
  })
  .meta({
    id: 'ForkJob',
    examples: [
      { from_step: { path: '0/1', name: 'model', nth: 1 }, tags: ['again'] },
      { from_step: null, constitution: '1.3.0' },
    ],
  });

/** Schema of a reason. */
export const reason = z
  .string()
  .min(1)
  .max(500)
  .meta({ description: 'Why, in one sentence for people', examples: ['The customer has left'] });

/** Bodies of the commands to a job. */
export const cancelJobBody = z.strictObject({ reason }).meta({ id: 'CancelJob', examples: [{ reason: 'Not needed' }] });
export const pauseJobBody = z
  .strictObject({
    reason,
    mode: z.enum(['finish_step', 'stop']).default('finish_step').meta({
      description: '`finish_step`: the running steps end first. `stop`: they are aborted, and run again later',
    }),
  })
  .meta({ id: 'PauseJob', examples: [{ reason: 'The database is being moved' }] });
export const resumeJobBody = z.strictObject({ labels }).meta({ id: 'ResumeJob', examples: [{}] });
export const retryJobBody = z.strictObject({ labels }).meta({ id: 'RetryJob', examples: [{}] });
export const signalJobBody = z
  .strictObject({
    payload: z
      .unknown()
      .default(null)
      .meta({ description: `What the handler receives; ${payloadLimit}`, examples: [{ approved: true }] }),
    labels,
  })
  .meta({ id: 'SignalJob', examples: [{ payload: { approved: true } }] });

/** Path parameters of a signal. */
export const signalFields = {
  ...jobFields,
  signal: z
    .string()
    .regex(/^[\w.:-]{1,100}$/, 'Expected the name of a signal, such as approved')
    .meta({ description: 'Name of the signal, as the handler gives it', example: 'approved' }),
};

const time = (description: string) =>
  z
    .string()
    .nullable()
    .meta({ description: `${description}, RFC 3339` });
const anyJson = z.unknown();

/** Schema of a payload that is not in the body. */
export const jobContent = z
  .object({
    digest: z.string().meta({ description: 'sha256 of the JSON, hex', examples: [DIGEST] }),
    bytes: z.int().meta({ description: 'Size of the JSON', examples: [3_145_728] }),
    media_type: z.string().meta({ description: 'Always `application/json`', examples: ['application/json'] }),
    url: z.string().meta({ description: 'URL of the JSON', examples: [`/v1/jobs/${JOB_ID}/contents/${DIGEST}`] }),
  })
  .meta({ id: 'JobContent' });
const contentOf = (what: string) =>
  jobContent
    .nullable()
    .meta({ description: `${what} above 64 KB, which has null in this body then`, examples: [null] });

/** Path parameters of a content. */
export const contentFields = {
  ...jobFields,
  content_digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'Expected a sha256 in hex')
    .meta({ description: 'sha256 of the content, hex', example: DIGEST }),
};
const ended = { code: 'Stable code', detail: 'Sentence for people' };

const stepFields = {
  path: z.string().meta({ description: 'Branch of the handler; empty for the handler itself', examples: [''] }),
  name: z.string().meta({ description: 'Name, as the handler gives it', examples: ['model'] }),
  nth: z.int().meta({ description: 'Use of this name in this branch, from 1', examples: [1] }),
  kind: z.string().meta({
    description:
      '`step`, `sleep`, `signal`, `child`, `model`, `tool`, `agent`, `patch` or `now`; `retry` while a failed step waits for its next attempt',
    examples: ['model'],
  }),
  status: z
    .enum(['attempted', 'waiting', 'completed', 'failed'])
    .meta({ description: '`attempted`: the step failed and is run again' }),
  attempts: z
    .int()
    .nullable()
    .meta({ description: 'Runs of the step so far', examples: [1] }),
  generation: z
    .int()
    .nullable()
    .meta({ description: 'Run of the job that recorded it', examples: [1] }),
  waits_for: z
    .object({
      until: time('Time at which the wait is over; of a signal, its time-out'),
      signal: z
        .string()
        .nullable()
        .meta({ description: 'Name of the signal', examples: ['approved'] }),
      child_type: z
        .string()
        .nullable()
        .meta({ description: 'Type of the child job, or name of the tool or agent', examples: ['inference.batch'] }),
    })
    .nullable()
    .meta({ description: 'What a wait is for; null for a step' }),
  output_bytes: z
    .int()
    .nullable()
    .meta({ description: 'Size of its result, in bytes', examples: [120] }),
  code: z
    .string()
    .nullable()
    .meta({ description: `${ended.code} of its latest failure` }),
  detail: z
    .string()
    .nullable()
    .meta({ description: `${ended.detail} about its latest failure` }),
  started_at: time('Time at which it began'),
  ended_at: time('Time of its result'),
};

/** Schema of a step or wait, without its result. */
export const jobStepSummary = z.object(stepFields).meta({ id: 'JobStepSummary' });

/** Schema of a step or wait with its result. */
export const jobStepBody = z
  .object({
    ...stepFields,
    output: anyJson.meta({
      description: 'Result; null when it has none, or none yet',
      examples: [{ text: 'A khipu is a record made of knotted cords.' }],
    }),
    output_content: contentOf('Result'),
  })
  .meta({ id: 'JobStep' });
export const jobStepPage = page(jobStepBody, 'JobStepPage');

/** Schema of the status of a job. */
export const jobStatus = z.enum(jobStatuses).meta({ description: 'What the job does, or how it ended' });

/** Fields of every answer about a job that may be simulated. */
const simulatedFields = {
  simulated: z.boolean().meta({ description: 'True when nothing that the job asks for happens', examples: [false] }),
  constitution_digest: z
    .string()
    .nullable()
    .meta({
      description: 'Digest of the constitution that it is simulated under; null for a job that runs',
      examples: [null],
    }),
};

/** Schema of a decision on a simulated job. */
export const simulatedDecision = z
  .object({
    step: z
      .object({ path: stepFields.path, name: stepFields.name, nth: stepFields.nth })
      .nullable()
      .meta({ description: 'Wait that asked; null for the start of the job' }),
    kind: z.string().meta({ description: '`start`, `model`, `child` or `signal`', examples: ['model'] }),
    outcome: z.string().meta({ description: '`allow` or `deny`', examples: ['deny'] }),
    code: z
      .string()
      .nullable()
      .meta({ description: 'Stable code of the refusal', examples: ['POLICY_DENIED'] }),
    detail: z.string().nullable().meta({ description: 'Sentence for people about the refusal' }),
    reasons: z
      .array(z.string())
      .meta({ description: 'Reason codes, the deciding one first', examples: [['MODEL_NOT_ALLOWED']] }),
    clauses: z.array(z.string()).meta({ description: 'Clauses that decided', examples: [['models']] }),
    recorded_outcome: z
      .string()
      .meta({ description: 'Outcome in the record; `none` when it has no result', examples: ['allow'] }),
    decision_id: z.string().meta({ description: 'Id of the decision' }),
  })
  .meta({ id: 'SimulatedDecision' });

const jobSimulation = z
  .object({
    constitution_version: z.string().meta({ description: 'Version of the constitution', examples: ['1.3.0'] }),
    constitution_digest: z.string().meta({ description: 'Digest of its document', examples: [DIGEST] }),
    source_id: z.string().meta({ description: 'Job whose record answers', examples: [JOB_ID] }),
    decisions: z.int().meta({ description: 'Number of decisions so far', examples: [2] }),
    differences: z
      .array(simulatedDecision)
      .meta({ description: 'Decisions that differ from those on the other job, at most 200' }),
  })
  .meta({ id: 'JobSimulation' });

const jobSummaryFields = {
  ...simulatedFields,
  job_id: z.string().meta({ description: 'Id of the job', examples: [JOB_ID] }),
  type: z.string().meta({ description: 'Type of the job', examples: ['inference.batch'] }),
  version: z.int().meta({ description: 'Version of the handler that it is pinned to', examples: [1] }),
  status: jobStatus,
  lane: z.string().meta({ description: 'Lane of the job', examples: ['standard'] }),
  tags: z.array(z.string()).meta({ description: 'Tags of the job', examples: [['customer-42']] }),
  principal: z.string().meta({ description: 'Principal that started it' }),
  parent_id: z
    .string()
    .nullable()
    .meta({ description: 'Job that waits for it; null for a job of its own', examples: [null] }),
  schedule_id: z
    .string()
    .nullable()
    .meta({ description: 'Schedule that started it; null for none', examples: [null] }),
  due_at: time('Due time of its run of the schedule'),
  batch: z
    .object({
      batch_id: z.string().meta({ description: 'Job that runs the inputs of all of them; its end is theirs' }),
      size: z.int().meta({ description: 'Number of starts', examples: [20] }),
    })
    .nullable()
    .meta({ description: 'Batch of starts that it is in; null for a job that runs alone', examples: [null] }),
  generation: z.int().meta({ description: 'Runs so far', examples: [1] }),
  attempt: z.int().meta({ description: 'Failed runs before the latest one, plus 1' }),
  attempts_max: z.int().meta({ description: 'Maximum of runs that fail', examples: [5] }),
  progress: z
    .object({
      percent: z
        .number()
        .nullable()
        .meta({ description: '0 to 100; null when it is not known', examples: [40] }),
      message: z.string().meta({ description: 'Line for people', examples: ['2 of 5 prompts'] }),
      at: z.string().meta({ description: 'Time of the report, RFC 3339' }),
    })
    .nullable()
    .meta({ description: 'Latest progress that the handler reported' }),
  code: z
    .string()
    .nullable()
    .meta({ description: `${ended.code} of a failure, suspension, pause or cancellation` }),
  detail: z
    .string()
    .nullable()
    .meta({ description: `${ended.detail} about it` }),
  run_at: time('Earliest time of the first run'),
  next_run_at: time(
    'Time of the run after a failed one, while it is queued; of a suspended job, that at which it goes on by itself',
  ),
  deadline: time('Time at which it fails unless it has ended'),
  created_at: time('Time of the start'),
  started_at: time('Time of the first run'),
  ended_at: time('Time of the end'),
  updated_at: time('Time of the latest change'),
};

/** Schema of a job in a list. */
export const jobSummary = z.object(jobSummaryFields).meta({ id: 'JobSummary' });
export const jobPage = page(jobSummary, 'JobPage');

/** Schema of a job. */
export const jobBody = z
  .object({
    ...jobSummaryFields,
    input: anyJson.meta({ description: 'Input of the handler', examples: [{ prompts: ['What is a khipu?'] }] }),
    input_content: contentOf('Input'),
    result: anyJson.meta({
      description: 'Result of the handler; null unless it completed',
      examples: [{ completed: 1, failed: 0, tokens: 52 }],
    }),
    result_content: contentOf('Result'),
    forked_from: z
      .object({
        job_id: jobSummaryFields.job_id,
        step: z
          .object({ path: stepFields.path, name: stepFields.name, nth: stepFields.nth })
          .nullable()
          .meta({ description: 'Step or wait that ran again first; null for a fork from the beginning' }),
      })
      .nullable()
      .meta({
        description: 'Job whose results it began with; null for a job that began without any',
        examples: [null],
      }),
    simulation: jobSimulation.nullable().meta({
      description: 'What the constitution decides of a simulated job; null for a job that runs',
      examples: [null],
    }),
    as_of: z
      .string()
      .nullable()
      .meta({ description: 'Time of this state, RFC 3339; null for now', examples: [null] }),
    steps: z.array(jobStepSummary).meta({ description: 'First 200 steps and waits; `/steps` has all, with results' }),
  })
  .meta({ id: 'Job' });

/** Schema of a started job. */
export const jobStartedBody = z
  .object({
    job_id: jobSummaryFields.job_id,
    type: jobSummaryFields.type,
    version: jobSummaryFields.version,
    status: z.literal('queued').meta({ description: 'Always `queued`' }),
    events_url: z.string().meta({ description: 'URL of its events', examples: [`/v1/jobs/${JOB_ID}/events`] }),
    result_url: z.string().meta({ description: 'URL of its result', examples: [`/v1/jobs/${JOB_ID}/result`] }),
    decision_id: z.string().meta({ description: 'Decision that allowed it' }),
    ...simulatedFields,
  })
  .meta({ id: 'JobStarted' });

/** Fields that a 202 of a command to a job adds. */
export const pendingJob = { id: 'JobPending', shape: { job_id: jobSummaryFields.job_id } };

/** Schema of a job after a command. */
export const jobChanged = z
  .object({
    job_id: jobSummaryFields.job_id,
    status: z
      .enum(['cancelled', 'paused', 'resumed', 'retried', 'signalled'])
      .meta({ description: 'What the command did' }),
  })
  .meta({ id: 'JobChanged' });

/** Schema of a result. */
export const jobResultBody = z
  .object({
    job_id: jobSummaryFields.job_id,
    status: z.literal('completed').meta({ description: 'Always `completed`' }),
    ...simulatedFields,
    result: anyJson.meta({ description: 'Result of the handler', examples: [{ completed: 1, failed: 0, tokens: 52 }] }),
    differences: z
      .array(simulatedDecision)
      .optional()
      .meta({ description: 'Of a simulated job: decisions that differ from those on the other job' }),
  })
  .meta({ id: 'JobResult' });

/** Schema of a job without a result yet. */
export const jobUnfinished = z
  .object({ job_id: jobSummaryFields.job_id, status: jobStatus, ...simulatedFields })
  .meta({ id: 'JobUnfinished', description: 'The job has not ended yet' });

const limits = z
  .object({
    max: z
      .int()
      .nullable()
      .meta({ description: 'Most jobs that have a slot at once', examples: [3] }),
    rate_limit: z.int().nullable().meta({ description: 'Most slots in a row, and on average in `rate_period_ms`' }),
    rate_period_ms: z.int().nullable().meta({ description: 'Period of the rate, in ms' }),
    singleton: z.string().nullable().meta({
      description: '`skip`: a job fails while another one has not ended. `cancel`: it ends the other one',
    }),
    debounce_ms: z.int().nullable().meta({ description: 'Time for which a newer job replaces a new one, in ms' }),
    batch_max: z.int().nullable().meta({ description: 'Most starts that one job runs together' }),
    batch_wait_ms: z.int().nullable().meta({ description: 'Longest time for which a start waits for others, in ms' }),
  })
  .meta({
    id: 'JobLimits',
    examples: [
      {
        ...{ max: 3, rate_limit: 100, rate_period_ms: 3_600_000, singleton: null, debounce_ms: null },
        ...{ batch_max: null, batch_wait_ms: null },
      },
    ],
  });

const schema = z.record(z.string(), z.unknown());

/** Schema of the types of jobs. */
export const jobTypeList = z
  .object({
    items: z
      .array(
        z
          .object({
            type: jobSummaryFields.type,
            version: z.int().meta({ description: 'Latest version of the handler', examples: [1] }),
            title: z
              .string()
              .meta({ description: 'What it does', examples: ['Answer many prompts, with one result per prompt'] }),
            queue: z
              .string()
              .meta({ description: 'Queue of the workers that have the handler', examples: ['built-in'] }),
            input_schema: schema.meta({
              description: 'JSON Schema 2020-12 of the input',
              examples: [{ type: 'object' }],
            }),
            output_schema: schema.meta({ description: 'JSON Schema 2020-12 of the result', examples: [{}] }),
            retry,
            limits: limits.nullable().meta({ description: 'Limits of its jobs by concurrency key; null without any' }),
            registered_at: z.string().meta({ description: 'Time of the registration, RFC 3339' }),
          })
          .meta({ id: 'JobType' }),
      )
      .meta({ description: 'Types by name' }),
  })
  .meta({ id: 'JobTypeList' });
