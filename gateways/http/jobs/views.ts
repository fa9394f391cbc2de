import type { z } from 'zod';
import type { JobHistory } from '../../../projections/jobs/queries/history.ts';
import { type JobRow, type JobStepRow, statusOf } from '../../../projections/jobs/queries/rows.ts';
import { namedIn, PAYLOAD_MEDIA_TYPE } from '../../../schemas/contexts/jobs/payload.ts';
import type { JobSimulation, JobType } from '../../../schemas/generated/records.ts';
import { isoOf } from '../../../schemas/instant.ts';
import { retryBody } from './retry.ts';
import type {
  jobBody,
  jobContent,
  jobStartedBody,
  jobStepBody,
  jobStepSummary,
  jobSummary,
  jobTypeList,
} from './schemas.ts';
import type { Trials } from './trials.ts';

type Fault = { readonly code?: string; readonly detail?: string };
const faultOf = ({ fault }: { readonly fault: unknown }) => {
  const { code = null, detail = null } = (fault ?? {}) as Fault;
  return { code, detail };
};

/** Returns the value of a payload; null without one, and for one that the record only names. */
export const parsed = (payload: string | null): unknown =>
  payload === null || namedIn(payload) !== null ? null : (JSON.parse(payload) as unknown);

/** Returns the content that a payload of a job names; null for any other payload. */
function contentNamed(jobId: string, payload: string | null): z.infer<typeof jobContent> | null {
  const content = namedIn(payload);
  if (content === null) return null;
  const { digest, bytes } = content;
  return { digest, bytes, media_type: PAYLOAD_MEDIA_TYPE, url: `${jobUrl(jobId)}/contents/${digest}` };
}

const ends: readonly string[] = ['completed', 'failed', 'dead', 'cancelled'];

/** Returns true for the status of a job that has ended. */
export const isOver = (status: string): boolean => ends.includes(status);

/** Returns the time at which a queued or suspended job runs by itself; null for any other. */
function nextRunAt(job: JobRow, status: string): string | null {
  if (status === 'queued') return job.next_run_at;
  return status === 'suspended' ? ((job.fault as { readonly resume_at?: string | null })?.resume_at ?? null) : null;
}

type WireSimulation = {
  readonly constitution_version: string;
  readonly constitution_digest: string;
  readonly source_id: string;
};

/** Returns whether a job is simulated, and by which constitution. */
export const simulatedOf = ({ simulation }: Pick<JobRow, 'simulation'>) => ({
  simulated: simulation !== null,
  constitution_digest: (simulation as WireSimulation | null)?.constitution_digest ?? null,
});

/** Returns what came of a simulated job; null for one that runs. */
export function simulationBody(
  { simulation }: Pick<JobRow, 'simulation'>,
  { count, differences }: Trials,
): z.infer<typeof jobBody>['simulation'] {
  if (simulation === null) return null;
  const { constitution_version, constitution_digest, source_id } = simulation as WireSimulation;
  return { constitution_version, constitution_digest, source_id, decisions: count, differences };
}

/** Returns the body of a job in a list. */
export function jobSummaryOf(job: JobRow): z.infer<typeof jobSummary> {
  const status = statusOf(job);
  return {
    ...simulatedOf(job),
    ...{ job_id: job.job_id, type: job.type ?? '', version: job.version ?? 1, status, lane: job.lane ?? '' },
    ...{ tags: [...(job.tags ?? [])], principal: job.principal ?? '', parent_id: job.parent_id },
    ...{ schedule_id: job.schedule_id, due_at: job.due_at, batch: job.batch as Batch | null },
    ...{ generation: job.generation ?? 0, attempt: job.attempt ?? 1, attempts_max: job.attempts_max ?? 1 },
    progress: job.progress as z.infer<typeof jobSummary>['progress'],
    ...faultOf(job),
    ...{ run_at: job.run_at, next_run_at: nextRunAt(job, status), deadline: job.deadline },
    ...{ created_at: job.created_at, started_at: job.started_at, updated_at: job.updated_at },
    ended_at: isOver(status) ? job.ended_at : null,
  };
}

interface WireWait {
  readonly until: number | null;
  readonly signal: string | null;
  readonly child_type: string | null;
}

/** Returns the body of a step or wait without its result. */
export function stepSummaryOf(step: JobStepRow): z.infer<typeof jobStepSummary> {
  const wait = step.wait as WireWait | null;
  return {
    ...{ path: step.path, name: step.name, nth: step.nth, kind: step.kind ?? '', attempts: step.attempts },
    status: step.status as z.infer<typeof jobStepSummary>['status'],
    generation: step.generation,
    waits_for:
      wait === null
        ? null
        : { until: wait.until === null ? null : isoOf(wait.until), signal: wait.signal, child_type: wait.child_type },
    output_bytes: namedIn(step.output)?.bytes ?? step.output_bytes,
    ...faultOf(step),
    ...{ started_at: step.started_at, ended_at: step.status === 'waiting' ? null : step.ended_at },
  };
}

/** Returns the body of a step or wait with its result. */
export const stepOf = (step: JobStepRow): z.infer<typeof jobStepBody> => ({
  ...stepSummaryOf(step),
  output: parsed(step.output),
  output_content: contentNamed(step.job_id, step.output),
});

type Batch = NonNullable<z.infer<typeof jobSummary>['batch']>;

type WireFork = { readonly job_id: string; readonly path: string; readonly name: string; readonly nth: number };

function forkOf({ forked_from }: Pick<JobRow, 'forked_from'>): z.infer<typeof jobBody>['forked_from'] {
  if (forked_from === null) return null;
  const { job_id, path, name, nth } = forked_from as WireFork;
  return { job_id, step: nth === 0 ? null : { path, name, nth } };
}

/** Returns the body of a job with its steps. `asOf` is the time of a past state. */
export function jobOf(
  job: JobRow,
  steps: JobHistory['steps'],
  trials: Trials,
  asOf: string | null,
): z.infer<typeof jobBody> {
  const result = statusOf(job) === 'completed' ? job.result : null;
  return {
    ...jobSummaryOf(job),
    ...{ input: parsed(job.input), input_content: contentNamed(job.job_id, job.input) },
    ...{ result: parsed(result), result_content: contentNamed(job.job_id, result) },
    ...{ forked_from: forkOf(job), simulation: simulationBody(job, trials) },
    as_of: asOf,
    steps: steps.map(stepSummaryOf),
  };
}

/** Returns the URL of a job. */
export const jobUrl = (jobId: string): string => `/v1/jobs/${jobId}`;

/** Returns the body of a job that was accepted this moment. */
export const startedOf = (started: {
  readonly jobId: string;
  readonly type: string;
  readonly version: number;
  readonly decisionId: string;
  readonly simulation: JobSimulation | null;
}): z.infer<typeof jobStartedBody> => ({
  ...{ job_id: started.jobId, type: started.type, version: started.version, status: 'queued' },
  ...{ events_url: `${jobUrl(started.jobId)}/events`, result_url: `${jobUrl(started.jobId)}/result` },
  decision_id: started.decisionId,
  ...{ simulated: started.simulation !== null, constitution_digest: started.simulation?.constitutionDigest ?? null },
});

const schemaOf = (text: string) => JSON.parse(text) as Record<string, unknown>;

/** Returns the body of a type of jobs. */
export const typeBody = (type: JobType): z.infer<typeof jobTypeList>['items'][number] => ({
  ...{ type: type.type, version: type.version, title: type.title, queue: type.queue },
  ...{ input_schema: schemaOf(type.inputSchema), output_schema: schemaOf(type.outputSchema) },
  retry: retryBody(type.retry),
  limits: type.limits && {
    ...{ max: type.limits.max, rate_limit: type.limits.rateLimit, rate_period_ms: type.limits.ratePeriodMs },
    ...{ singleton: type.limits.singleton, debounce_ms: type.limits.debounceMs },
    ...{ batch_max: type.limits.batchMax, batch_wait_ms: type.limits.batchWaitMs },
  },
  registered_at: isoOf(type.registeredAt),
});
