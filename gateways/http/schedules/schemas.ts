import { z } from 'zod';
import { scheduleRunStatuses } from '../../../projections/schedules/queries.ts';
import { JOB_DELAY_MS_MAX } from '../../../schemas/contexts/jobs.ts';
import {
  backfillOverlaps,
  SCHEDULE_BACKFILL_MAX,
  SCHEDULE_BUFFER_MAX,
  SCHEDULE_CATCH_UP_MS_DEFAULT,
  SCHEDULE_CATCH_UP_MS_MAX,
  SCHEDULE_CATCH_UP_MS_MIN,
  SCHEDULE_CRON_CHARS_MAX,
  SCHEDULE_INTERVAL_MS_MAX,
  SCHEDULE_INTERVAL_MS_MIN,
  SCHEDULE_JITTER_MS_MAX,
  SCHEDULE_NAME,
  SCHEDULE_NOTE_CHARS_MAX,
  SCHEDULE_RUNS_MAX,
  scheduleOverlaps,
} from '../../../schemas/contexts/schedules.ts';
import { page } from '../../shared/paging.ts';
import { labels } from '../../shared/schemas.ts';
import { jobType, startJobBody } from '../jobs/schemas.ts';

const NAME = 'nightly-report';
const JOB_ID = '4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01';
const DUE = '2026-03-01T01:00:00.000Z';

/** Path parameter of a schedule. */
export const scheduleFields = {
  schedule_id: z
    .string()
    .regex(SCHEDULE_NAME, 'Expected lower-case letters, digits, dots, dashes and underscores')
    .meta({ description: 'Name of the schedule', examples: [NAME] }),
};

const instant = z.iso.datetime({ offset: true });
const { input, lane, concurrency_key, retry, tags } = startJobBody.shape;

const job = z
  .strictObject({
    type: jobType,
    ...{ input, lane },
    concurrency_key: concurrency_key.unwrap().nullable().default(null).meta({
      description: 'Concurrency key of the jobs; null for none',
    }),
    retry: retry.unwrap().nullable().default(null).meta({
      description: 'How failed runs are repeated; null: as its type says',
    }),
    deadline_ms: z.int().min(1).max(JOB_DELAY_MS_MAX).nullable().default(null).meta({
      description: 'Time from the start of a job to its deadline, in ms',
    }),
    tags,
  })
  .meta({ id: 'ScheduledJob', description: 'The job that each run starts' });

const spec = {
  job,
  cron: z
    .string()
    .min(1)
    .max(SCHEDULE_CRON_CHARS_MAX)
    .nullable()
    .default(null)
    .meta({
      description:
        'Cron pattern: second (optional), minute, hour, day of month, month, day of week. Either this or `interval_ms`',
      examples: ['0 2 * * *'],
    }),
  interval_ms: z
    .int()
    .min(SCHEDULE_INTERVAL_MS_MIN)
    .max(SCHEDULE_INTERVAL_MS_MAX)
    .nullable()
    .default(null)
    .meta({
      description: 'Elapsed time between two due times, in ms',
      examples: [null],
    }),
  anchor: instant.default('1970-01-01T00:00:00.000Z').meta({
    description: 'A due time of the interval, RFC 3339: all others are whole intervals away',
  }),
  time_zone: z
    .string()
    .min(1)
    .max(100)
    .default('UTC')
    .meta({ description: 'IANA time zone of the cron pattern', examples: ['Europe/Berlin'] }),
  overlap: z
    .enum(scheduleOverlaps)
    .default('skip')
    .meta({
      description: `What happens to a run that comes due while a job of the schedule runs. \`skip\`: it is not made. \`buffer_one\`: it waits, if none does. \`buffer_all\`: it waits, at most ${SCHEDULE_BUFFER_MAX} do. \`cancel_other\`: the running job is cancelled. \`allow_all\`: both run`,
    }),
  catch_up_ms: z
    .int()
    .min(SCHEDULE_CATCH_UP_MS_MIN)
    .max(SCHEDULE_CATCH_UP_MS_MAX)
    .default(SCHEDULE_CATCH_UP_MS_DEFAULT)
    .meta({ description: 'Longest time by which a missed run is late and still made, in ms; older ones are skipped' }),
  jitter_ms: z.int().min(0).max(SCHEDULE_JITTER_MS_MAX).default(0).meta({
    description: 'Upper bound of the delay of a run, in ms; it is derived from schedule and due time',
  }),
  starts_at: instant
    .nullable()
    .default(null)
    .meta({ description: 'Earliest due time, RFC 3339', examples: [null] }),
  ends_at: instant
    .nullable()
    .default(null)
    .meta({
      description: 'Time before which all due times are, RFC 3339',
      examples: [null],
    }),
  max_runs: z
    .int()
    .min(1)
    .max(SCHEDULE_RUNS_MAX)
    .nullable()
    .default(null)
    .meta({
      description: 'Due times that are run before the schedule is finished; skipped ones do not count',
      examples: [null],
    }),
  note: z.string().max(SCHEDULE_NOTE_CHARS_MAX).default('').meta({ description: 'Purpose, in one sentence' }),
};

const EXAMPLE = {
  job: { type: 'inference.batch', input: { prompts: ['What is a khipu?'] } },
  ...{ cron: '0 2 * * *', time_zone: 'Europe/Berlin' },
};

/** Body of a write. */
export const putScheduleBody = z
  .strictObject({
    ...spec,
    paused: z.boolean().default(false).meta({ description: 'True for a schedule that waits to be resumed' }),
    labels,
  })
  .meta({ id: 'PutSchedule', examples: [{ ...EXAMPLE, note: 'Answers of the night' }] });

/** Body of a preview. */
export const previewScheduleBody = z
  .strictObject({
    ...spec,
    job: z.unknown().optional().meta({ description: 'Ignored: a preview starts nothing' }),
    count: z.int().min(1).max(100).default(10).meta({ description: 'Due times to return' }),
    after: instant.optional().meta({ description: 'Time after which they are, RFC 3339; now when omitted' }),
  })
  .meta({ id: 'PreviewSchedule', examples: [{ cron: '0 2 * * *', time_zone: 'Europe/Berlin', count: 3 }] });

/** Bodies of the commands to a schedule. */
export const pauseScheduleBody = z
  .strictObject({
    reason: z
      .string()
      .min(1)
      .max(500)
      .meta({ description: 'Why, in one sentence for people', examples: ['The source is being moved'] }),
  })
  .meta({ id: 'PauseSchedule', examples: [{ reason: 'The source is being moved' }] });
export const resumeScheduleBody = z.strictObject({ labels }).meta({ id: 'ResumeSchedule', examples: [{}] });
export const triggerScheduleBody = z.strictObject({ labels }).meta({ id: 'TriggerSchedule', examples: [{}] });
export const backfillScheduleBody = z
  .strictObject({
    from: instant.meta({ description: 'Earliest due time, RFC 3339', examples: ['2026-02-01T00:00:00Z'] }),
    until: instant.meta({
      description: 'Time before which the due times are, RFC 3339',
      examples: ['2026-02-08T00:00:00Z'],
    }),
    overlap: z.enum(backfillOverlaps).default('buffer_all').meta({
      description: '`buffer_all`: one after another, beside no other job of the schedule. `allow_all`: at once',
    }),
    labels,
  })
  .meta({ id: 'BackfillSchedule', examples: [{ from: '2026-02-01T00:00:00Z', until: '2026-02-08T00:00:00Z' }] });

const time = (description: string) =>
  z
    .string()
    .nullable()
    .meta({ description: `${description}, RFC 3339` });
const name = z.string().meta({ description: 'Name of the schedule', examples: [NAME] });
const jobId = z.string().meta({ description: 'Id of the job', examples: [JOB_ID] });
const dueTimes = z
  .array(z.string())
  .meta({ description: 'Due times, RFC 3339, without the delay of `jitter_ms`', examples: [[DUE]] });

/** Schema of the status of a schedule. */
export const scheduleStatus = z
  .enum(['active', 'paused', 'finished'])
  .meta({ description: '`finished`: it is not paused, and has no due time left' });

const summary = {
  schedule_id: name,
  status: scheduleStatus,
  version: z.int().meta({ description: 'Number of definitions since it was created, from 1' }),
  type: z.string().meta({ description: 'Type of its jobs', examples: ['inference.batch'] }),
  cron: z
    .string()
    .nullable()
    .meta({ description: 'Cron pattern; null for an interval', examples: ['0 2 * * *'] }),
  interval_ms: z
    .int()
    .nullable()
    .meta({ description: 'Interval, in ms; null for a cron pattern', examples: [null] }),
  time_zone: z.string().meta({ description: 'Time zone of the cron pattern', examples: ['Europe/Berlin'] }),
  overlap: z.string().meta({ description: 'What happens to a run while a job runs', examples: ['skip'] }),
  note: z.string().meta({ description: 'Purpose' }),
  principal: z.string().meta({ description: 'Principal that defined it: its jobs are started with its capabilities' }),
  next_due_at: time('Next due time; null while there is none'),
  waiting: z.int().meta({ description: 'Due times that wait for their run, of the buffer and of backfills' }),
  pause: z
    .object({
      reason: z.string().meta({ description: 'Why it was paused' }),
      paused_by: z.string().meta({ description: 'Principal that paused it' }),
    })
    .nullable()
    .meta({ description: 'The pause by a command; null without one', examples: [null] }),
  created_at: time('Time at which it was created'),
  updated_at: time('Time of the latest change'),
};

/** Schema of a schedule in a list. */
export const scheduleSummary = z.object(summary).meta({ id: 'ScheduleSummary' });
export const schedulePage = page(scheduleSummary, 'SchedulePage');

/** Schema of a run. */
export const scheduleRunBody = z
  .object({
    run_id: z.string().meta({ description: 'Id of the run', examples: [`${NAME}/${DUE}`] }),
    due_at: time('Due time; of a trigger, its time'),
    status: z.enum(scheduleRunStatuses).meta({
      description:
        'Its state. `refused`: the job was not allowed. `ended`: its job had ended before. Otherwise the end of its job',
    }),
    reason: z
      .string()
      .nullable()
      .meta({
        description:
          'Why it was made (`due`, `buffered`, `backfill`, `trigger`), waits, or was skipped (`overlap`, `buffer_full`, `catch_up`, `paused`)',
        examples: ['due'],
      }),
    job_id: z
      .string()
      .nullable()
      .meta({ description: 'Its job; null without one', examples: [JOB_ID] }),
    code: z
      .string()
      .nullable()
      .meta({ description: 'Stable code of a failure or refusal', examples: [null] }),
    until: time('Time before which all due times from this one on were skipped'),
    fired_at: time('Time at which its job was asked for'),
    ended_at: time('Time at which its job ended'),
  })
  .meta({ id: 'ScheduleRun' });
export const scheduleRunPage = page(scheduleRunBody, 'ScheduleRunPage');

/** Schema of a schedule as it was defined, without its runs. */
export const scheduleDefinedBody = z
  .object({
    ...summary,
    job: z
      .object({
        type: z.string().meta({ description: 'Type of the job', examples: ['inference.batch'] }),
        input: z.unknown().meta({ description: 'Input of the handler', examples: [{ prompts: ['What is a khipu?'] }] }),
        lane: z.string().meta({ description: 'Lane of the job', examples: ['standard'] }),
        concurrency_key: z.string().nullable().meta({ description: 'Concurrency key; null without one' }),
        retry: retry
          .unwrap()
          .nullable()
          .meta({ description: 'How failed runs are repeated; null: as its type says', examples: [null] }),
        deadline_ms: z.int().nullable().meta({ description: 'Time from the start of a job to its deadline, in ms' }),
        tags: z.array(z.string()).meta({ description: 'Tags of the job', examples: [['customer-42']] }),
      })
      .meta({ id: 'ScheduleJob', description: 'The job that each run starts' }),
    anchor: z.string().meta({ description: 'A due time of the interval, RFC 3339' }),
    catch_up_ms: z.int().meta({ description: 'Longest time by which a missed run is late and still made, in ms' }),
    jitter_ms: z.int().meta({ description: 'Upper bound of the delay of a run, in ms' }),
    starts_at: time('Earliest due time'),
    ends_at: time('Time before which all due times are'),
    max_runs: z
      .int()
      .nullable()
      .meta({ description: 'Due times that are run; null for no bound', examples: [null] }),
    paused: z.boolean().meta({ description: 'True while it is paused' }),
    labels: z.array(z.string()).meta({ description: 'Labels of its data' }),
    next_due_times: dueTimes,
  })
  .meta({ id: 'ScheduleDefined' });

/** Schema of a schedule. */
export const scheduleBody = scheduleDefinedBody
  .extend({ runs: z.array(scheduleRunBody).meta({ description: 'Latest 10 runs; `/runs` has all' }) })
  .meta({ id: 'Schedule' });

/** Schema of a preview. */
export const schedulePreview = z.object({ due_times: dueTimes }).meta({ id: 'SchedulePreview' });

/** Fields that a 202 of a command to a schedule adds. */
export const pendingSchedule = { id: 'SchedulePending', shape: { schedule_id: name } };

/** Schemas of a schedule after a command. */
export const scheduleChanged = z
  .object({
    schedule_id: name,
    status: z.enum(['paused', 'resumed']).meta({ description: 'What the command did' }),
  })
  .meta({ id: 'ScheduleChanged' });
export const scheduleTriggered = z
  .object({ schedule_id: name, job_id: jobId, due_at: z.string().meta({ description: 'Time of the run, RFC 3339' }) })
  .meta({ id: 'ScheduleTriggered' });
export const scheduleBackfilled = z
  .object({
    schedule_id: name,
    due_times: dueTimes.meta({
      description: `Due times that wait for their runs now, at most ${SCHEDULE_BACKFILL_MAX}; those that waited before are not among them`,
    }),
  })
  .meta({ id: 'ScheduleBackfilled' });
