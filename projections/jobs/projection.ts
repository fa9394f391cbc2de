import { scheduleName } from '../../schemas/contexts/schedules.ts';
import { topics } from '../../schemas/topics.ts';
import {
  assertNever,
  first,
  foldTable,
  instant,
  key,
  last,
  max,
  min,
  type ProjectedMeta,
  projection,
  type RowChange,
  row,
} from '../kernel.ts';
import type { RowView } from '../rows.ts';
import { wireData } from '../wire.ts';

/** One row per job that was accepted, from `jobs.events` alone. */
export const jobsTable = foldTable('jobs', {
  tenant_id: key('text'),
  job_id: key('text'),
  place: first('text'),
  /** queued, running, waiting, completed, failed, dead or cancelled. */
  phase: last('text'),
  /** paused or suspended while the job is held, otherwise empty: its run may end, and its waits, while it is. */
  hold: last('text'),
  type: first('text'),
  version: first('integer'),
  queue: first('text'),
  lane: first('text'),
  tags: first('text[]'),
  concurrency_key: first('text'),
  principal: first('text'),
  decision_id: first('text'),
  parent_id: first('text'),
  /** Name of the schedule that started it, and the due time of its run. */
  schedule_id: first('text'),
  due_at: first('timestamptz'),
  depth: first('integer'),
  input: first('text'),
  attempts_max: first('integer'),
  /** Runs so far. */
  generation: max('integer'),
  /** Failed runs before the latest, plus 1. */
  attempt: last('integer'),
  /** `{percent, message, at}` of the latest progress. */
  progress: last('jsonb'),
  result: last('text'),
  /**
   * `{code, detail}` of the latest failure, suspension, pause or cancellation, of a suspension with `resume_at`; `{}` once the
   * job has gone on.
   */
  fault: last('jsonb'),
  run_at: first('timestamptz'),
  deadline: first('timestamptz'),
  /** Time of the run after the latest failed one. */
  next_run_at: last('timestamptz'),
  created_at: first('timestamptz'),
  started_at: first('timestamptz'),
  ended_at: last('timestamptz'),
  updated_at: max('timestamptz'),
  partition: first('integer'),
  last_offset: max('bigint'),
  /** `{job_id, path, name, nth}`: the job whose results it began with, and the step after them. */
  forked_from: first('jsonb'),
  /** `{batch_id, size}`: the job that runs its input with those of others, itself or another one; null for none. */
  batch: last('jsonb'),
  /** `{constitution_version, constitution_digest, source_id, results, pages}` of a simulated job; null for one that runs. */
  simulation: first('jsonb'),
  /** `{name, at}` of the latest signal; null without one. */
  last_signal: last('jsonb'),
});

/**
 * One row per step and wait of a job. Its life is from `jobs.events`, its output from `jobs.journal`: the two are read
 * side by side, so either may create the row.
 */
export const jobStepsTable = foldTable('job_steps', {
  tenant_id: key('text'),
  job_id: key('text'),
  path: key('text'),
  name: key('text'),
  nth: key('integer'),
  /** attempted, waiting, completed or failed. */
  status: last('text'),
  /** step, sleep, signal, child, model, tool, agent, patch, now; retry while a failed step waits for its next run. */
  kind: last('text'),
  attempts: last('integer'),
  generation: last('integer'),
  /** What a waiting step waits for: a JobWait with the names of the wire. */
  wait: last('jsonb'),
  /** `{code, detail}` of the latest failed attempt; `{}` once it has completed. */
  fault: last('jsonb'),
  output_bytes: last('integer'),
  started_at: min('timestamptz'),
  ended_at: last('timestamptz'),
  first_offset: min('bigint'),
  updated_at: max('timestamptz'),
  output: last('text'),
  chunk: max('integer'),
});

/** A job as it is read. */
export type JobRow = RowView<typeof jobsTable.columns>;
/** A step or wait of a job as it is read. */
export type JobStepRow = RowView<typeof jobStepsTable.columns>;

type StepKey = Pick<JobStepRow, 'path' | 'name' | 'nth'>;
type StepValues = Partial<Omit<JobStepRow, 'tenant_id' | 'job_id' | keyof StepKey>>;
type JobValues = Partial<Omit<JobRow, 'tenant_id' | 'job_id' | 'updated_at' | 'last_offset'>>;

const nothing = {};

/** Returns the change of a step's row. */
const step = (
  { tenantId: tenant_id, offset, timeMs }: ProjectedMeta,
  jobId: string,
  { path, name, nth }: StepKey,
  values: StepValues,
): RowChange =>
  row(jobStepsTable, {
    ...{ tenant_id, job_id: jobId, path, name, nth },
    ...{ first_offset: offset, updated_at: instant(timeMs), ...values },
  });

/** The jobs of a tenant with their steps and waits. A refused command changes no row. */
export const jobs = projection({
  name: 'jobs',
  version: 1,
  inputs: [topics.jobsEvents, topics.jobsJournal],
  tables: [jobsTable, jobStepsTable],
  apply(record, meta) {
    const at = instant(meta.timeMs);
    if (record.type === 'JobEntriesDropped') return [];
    if (record.type === 'JobEntryKept') {
      const { chunkId, jobId, entry } = record.data;
      if (isOfRecord(chunkId)) return [];
      const { path, name, nth, output } = entry;
      const key = { tenant_id: meta.tenantId, job_id: jobId, path, name, nth };
      return [row(jobStepsTable, { ...key, output, chunk: chunkOf(chunkId), updated_at: at })];
    }
    const { tenantId: tenant_id, partition, place, offset } = meta;
    const { jobId } = record.data;
    const known = { tenant_id, job_id: jobId, updated_at: at, last_offset: offset };
    const job = (values: JobValues): RowChange => row(jobsTable, { ...known, ...values });
    switch (record.type) {
      case 'JobAccepted': {
        const { type, version, queue, lane, tags, principal, depth, input, retry, runAt, deadline } = record.data;
        const { scheduleId, dueAt } = record.data;
        return [
          job({
            ...{
              place,
              partition,
              phase: 'queued',
              hold: '',
              type,
              version,
              queue,
              lane,
              tags,
              principal,
              depth,
              input,
            },
            ...{ forked_from: wireData(record)['forked_from'], simulation: wireData(record)['simulation'] },
            ...{ concurrency_key: record.data.concurrencyKey, parent_id: record.data.parentId },
            ...{ decision_id: record.data.decisionId, attempts_max: retry.attemptsMax, generation: 0, attempt: 1 },
            ...{ schedule_id: scheduleId === null ? null : scheduleName(scheduleId), due_at: timeOf(dueAt) },
            ...{ run_at: timeOf(runAt), deadline: timeOf(deadline), created_at: at },
          }),
        ];
      }
      case 'JobQueued':
        return [job({ phase: 'queued', next_run_at: null })];
      case 'JobBatchBegun':
        return [job({ batch: { batch_id: jobId, size: 1 + record.data.members.length } })];
      case 'JobBatchLeft':
        return [job({ phase: 'queued', batch: null })];
      case 'JobBatched':
        return [job({ phase: 'running', batch: { batch_id: record.data.batchId, size: record.data.size } })];
      case 'JobRunStarted': {
        const { generation, attempt } = record.data;
        return [job({ phase: 'running', hold: '', generation, attempt, fault: nothing, started_at: at })];
      }
      case 'JobRunEnded':
        return [job({ phase: 'waiting', generation: record.data.generation })];
      case 'JobWaiting': {
        const { generation, wait, startedAt } = record.data;
        const { kind } = wait;
        // What answers a wait of a simulated job is the output of its step.
        const { recorded: _, ...shown } = wireData(record)['wait'] as Readonly<Record<string, unknown>>;
        const values = { status: 'waiting', kind, generation, wait: shown };
        return [job({ generation }), step(meta, jobId, wait, { ...values, started_at: instant(startedAt) })];
      }
      case 'JobStepCompleted': {
        const { kind, outcome, attempts, generation, code, detail, startedAt, endedAt } = record.data;
        const values = {
          ...{ status: outcome, kind, attempts, generation, fault: code === null ? nothing : { code, detail } },
          ...{ started_at: instant(startedAt), ended_at: instant(endedAt), output_bytes: record.data.outputBytes },
        };
        return [job({ generation }), step(meta, jobId, record.data, values)];
      }
      case 'JobStepAttempted': {
        const { attempts, generation, code, detail } = record.data;
        const values = { status: 'attempted', kind: 'step', attempts, generation, fault: { code, detail } };
        return [job({ generation }), step(meta, jobId, record.data, { ...values, started_at: at })];
      }
      case 'JobProgressed': {
        const { generation, percent, message } = record.data;
        return [job({ generation, progress: { percent, message, at } })];
      }
      case 'JobSignalled':
        return [job({ last_signal: { name: record.data.name, at } })];
      case 'JobSimulationDecided':
        return [job({})];
      case 'JobPaused': {
        const { reason, pausedBy } = record.data;
        return [job({ hold: 'paused', fault: { code: 'PAUSED', detail: `${reason} (${pausedBy})` } })];
      }
      case 'JobSuspended': {
        const { code, detail, resumeAt } = record.data;
        return [job({ hold: 'suspended', fault: { code, detail, resume_at: timeOf(resumeAt) } })];
      }
      case 'JobResumed':
        return [job({ hold: '', fault: nothing })];
      case 'JobRetried':
        return [job({ phase: 'queued', hold: '', fault: nothing })];
      case 'JobRunFailed': {
        const { generation, code, detail, nextRunAt } = record.data;
        return [job({ phase: 'queued', generation, fault: { code, detail }, next_run_at: instant(nextRunAt) })];
      }
      case 'JobCompleted': {
        const { generation, output } = record.data;
        return [job({ phase: 'completed', hold: '', generation, result: output, fault: nothing, ended_at: at })];
      }
      case 'JobFailed':
      case 'JobDead': {
        const { generation, code, detail } = record.data;
        const phase = record.type === 'JobFailed' ? 'failed' : 'dead';
        return [job({ phase, hold: '', generation, fault: { code, detail }, ended_at: at })];
      }
      case 'JobCancelled': {
        const { reason, cancelledBy } = record.data;
        const fault = { code: 'JOB_CANCELLED', detail: `${reason} (${cancelledBy})` };
        return [job({ phase: 'cancelled', hold: '', fault, ended_at: at })];
      }
      case 'JobRefused':
        return [];
      default:
        return assertNever(record);
    }
  },
});

const timeOf = (ms: number | null): string | null => (ms === null ? null : instant(ms));

/** Returns true for a part of the record that answers a simulated job: none of its own results. */
const isOfRecord = (chunkId: string): boolean => chunkId.includes('/record/');

/** Returns the number of a part of the journal: 3 of `<job_id>/3`. */
const chunkOf = (chunkId: string): number => Number(chunkId.slice(chunkId.lastIndexOf('/') + 1));
