import type { Schemas } from '../../../../infra/client/api.ts';
import { isWait, stepRemark } from '../../../../infra/client/job-steps.ts';
import { stepText } from '../../../../schemas/contexts/jobs/step-name.ts';
import type { JobModelAnswer } from '../../../../schemas/contexts/jobs.ts';

type Job = Schemas['Job'];

/** A step or wait on the time of its job, in ms since the start of the job. */
export interface TimelineBar {
  readonly key: string;
  readonly name: string;
  readonly kind: string;
  readonly status: string;
  readonly isWait: boolean;
  readonly fromMs: number;
  readonly toMs: number;
  /** Runs of the step, from 1. */
  readonly attempts: number;
  /** What it waits for, or why it failed; empty when there is nothing to say. */
  readonly remark: string;
  /** Page of what the bar stands for. */
  readonly href?: string;
}

/** A job on its time. */
export interface Timeline {
  /** Time from the start of the job to its end, or to now, in ms; at least 1. */
  readonly spanMs: number;
  readonly bars: readonly TimelineBar[];
}

const msOf = (text: string | null): number | null => (text === null ? null : Date.parse(text));

/** Returns the steps and waits of a job on one scale, in the order in which they were recorded. */
export function timelineOf(job: Pick<Job, 'created_at' | 'ended_at' | 'steps'>, nowMs: number): Timeline {
  const beginMs = msOf(job.created_at) ?? nowMs;
  const spanMs = Math.max(1, (msOf(job.ended_at) ?? nowMs) - beginMs);
  const within = (ms: number): number => Math.min(spanMs, Math.max(0, ms - beginMs));
  const bars = job.steps.map((step): TimelineBar => {
    const fromMs = within(msOf(step.started_at) ?? beginMs);
    const toMs = Math.max(fromMs, within(msOf(step.ended_at) ?? beginMs + spanMs));
    const { kind, status, attempts } = step;
    const name = stepText(step);
    return {
      ...{ key: `${kind} ${name}`, name, kind, status, isWait: isWait(step), fromMs, toMs },
      ...{ attempts: attempts ?? 1, remark: stepRemark(step) },
    };
  });
  return { spanMs, bars };
}

/** Statuses in which a job does nothing further, unless it is retried. */
const ENDED = ['completed', 'failed', 'dead', 'cancelled'];

/** Returns true while a job can still do something by itself. */
export const isGoing = ({ status }: Pick<Job, 'status'>): boolean => !ENDED.includes(status);

export type JobCommand = 'cancel' | 'pause' | 'resume' | 'retry';

/** Returns the commands that a job of this status takes, in the order of their buttons. */
export function commandsOf({ status }: Pick<Job, 'status'>): readonly JobCommand[] {
  if (status === 'failed' || status === 'dead') return ['retry'];
  if (status === 'paused' || status === 'suspended') return ['resume', 'cancel'];
  return isGoing({ status }) ? ['pause', 'cancel'] : [];
}

/** Returns the tokens that the requests of a job to models have used, so far as its steps have their results. */
export const tokensOf = (steps: readonly Pick<Schemas['JobStep'], 'kind' | 'output'>[]): number =>
  steps.reduce((sum, { kind, output }) => {
    if (kind !== 'model') return sum;
    const { tokens } = (output ?? {}) as Partial<JobModelAnswer>;
    return sum + (tokens?.prompt ?? 0) + (tokens?.completion ?? 0);
  }, 0);
