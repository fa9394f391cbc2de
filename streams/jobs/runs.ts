/** Runs of a job: each is sent to the workers with the whole journal, and has a number that its reports carry. */

import { JOB_PAYLOAD_BYTES_MAX, JOB_RUNS_LOST_MAX } from '../../schemas/contexts/jobs.ts';
import {
  type EndJobRun,
  type JobRetry,
  jobCompleted,
  jobDead,
  jobFailed,
  jobQueued,
  jobRunEnded,
  jobRunFailed,
  jobRunStarted,
  jobSuspended,
  requestJobSlot,
  runJob,
} from '../../schemas/generated/records.ts';
import { itemOf } from './batches.ts';
import { endForParent } from './children.ts';
import { closing } from './ends.ts';
import type { Step } from './in-turn.ts';
import { send } from './journal.ts';
import { diverged, isStuck, mayRun, startTried } from './simulation.ts';
import { isHeld, type Job, type Output } from './state.ts';

export type RunReason = 'start' | 'wake' | 'resume' | 'retry' | 'takeover';

/** Begins the next run, or asks for the slot that it needs. */
export function startRun(job: Job, jobId: string, reason: RunReason): readonly Output[] {
  const { slot, spec } = job;
  if (!mayRun(job)) return [startTried(job, jobId)];
  if (slot === null || spec.admission === null || slot.is === 'held') return beginRun(job, jobId, reason);
  if (slot.is === 'asked') return [];
  const { slotKey, limits } = spec.admission;
  const request = slot.request + 1;
  return [
    jobQueued({ jobId, slotKey, request, reason }),
    requestJobSlot({ slotKey, jobId, request, lane: spec.lane, limits, batch: itemOf(job) }),
  ];
}

/** Begins the next run: its event, the journal, and the work. What an earlier run still reports is dropped. */
export function beginRun(job: Job, jobId: string, reason: string): readonly Output[] {
  const { type, version, queue, input, principal, deadline, acceptedAt, lane, simulation = null } = job.spec;
  const generation = job.generation + 1;
  const attempt = job.failures + 1;
  const pages = job.journal.chunks + (simulation?.pages ?? 0);
  return [
    jobRunStarted({ jobId, generation, attempt, reason }),
    ...send(job, jobId, generation),
    runJob({
      ...{ jobId, generation, type, version, queue, input, principal, pages, attempt, deadline, acceptedAt },
      ...{ lane, isBatch: job.batch?.is === 'leader', simulation },
    }),
  ];
}

/** Begins a run of a job that waits, once one of its waits has ended. */
export const wakeIfIdle = (job: Job, jobId: string): readonly Output[] =>
  job.status === 'waiting' && job.isWoken ? startRun(job, jobId, 'wake') : [];

/** Lets a job go on that nothing holds any more: at its time if that is to come, with its run if that has not ended. */
export const goesOn = (jobId: string, timeMs: number): Step => {
  return (job) => {
    if (job.run !== 'ended' || (job.nextRunAt !== null && job.nextRunAt > timeMs)) return [];
    return startRun(job, jobId, 'resume');
  };
};

const suspend = ({ generation }: Job, jobId: string, code: string, detail: string): readonly Output[] => [
  jobSuspended({ jobId, generation, code, detail, resumeAt: null, callId: null }),
];

/** Decides on the end of the current run. */
export function runEnded(job: Job, end: EndJobRun, timeMs: number): readonly Output[] {
  const { jobId, code, detail } = end;
  switch (end.outcome) {
    case 'completed':
      return completed(job, end, timeMs);
    case 'failed':
      return failed(job, end, timeMs);
    case 'waiting':
      return waits(job, jobId);
    case 'stopped':
    case 'lost':
      return stopped(job, jobId, end.outcome);
    case 'suspended':
      return suspend(job, jobId, code ?? 'JOB_SUSPENDED', detail ?? 'The worker may not run the job now.');
    case 'mismatch':
      return suspend(job, jobId, code ?? 'JOURNAL_MISMATCH', detail ?? 'The code does not fit the journal.');
    default:
      return suspend(job, jobId, 'JOB_OUTCOME_UNKNOWN', `The run ended with the unknown outcome ${end.outcome}.`);
  }
}

function completed(job: Job, end: EndJobRun, timeMs: number): readonly Output[] {
  const { jobId, generation } = end;
  const output = end.output ?? 'null';
  const bytes = Buffer.byteLength(output);
  if (bytes > JOB_PAYLOAD_BYTES_MAX) {
    const detail = `The result has ${bytes} bytes; ${JOB_PAYLOAD_BYTES_MAX} are allowed.`;
    return failed(job, { ...end, code: 'JOB_OUTPUT_TOO_LARGE', detail, retryable: false }, timeMs);
  }
  return [
    jobCompleted({ jobId, generation, output }),
    ...closing(job, jobId, 'JOB_COMPLETED'),
    ...endForParent(job.spec, jobId, { outcome: 'completed', output, code: null, detail: null }),
  ];
}

/** Repeats a failed run after a delay, unless another one would fail as well or its retry allows none. */
function failed(job: Job, end: EndJobRun, timeMs: number): readonly Output[] {
  const { jobId, generation, retryable } = end;
  const code = end.code ?? 'JOB_RUN_FAILED';
  const detail = end.detail ?? 'The run failed.';
  const place = { jobId, generation, code, detail };
  const failures = job.failures + 1;
  const { retry } = job.spec;
  if (retryable && failures < retry.attemptsMax)
    return [jobRunFailed({ ...place, nextRunAt: timeMs + delayMs(retry, failures) })];
  const event = retryable ? jobDead(place) : jobFailed(place);
  return [event, ...endForParent(job.spec, jobId, { outcome: 'failed', output: null, code, detail })];
}

/** Returns the delay before the next run, in ms: it doubles with each failure. */
export const delayMs = ({ firstDelayMs, delayMaxMs }: JobRetry, failures: number): number =>
  Math.min(firstDelayMs * 2 ** Math.min(failures - 1, 40), delayMaxMs);

/** Every branch of the handler waits: for what has ended in the meantime, or for something to come. */
function waits(job: Job, jobId: string): readonly Output[] {
  if (job.status === 'running' && job.run === 'stopping') return startRun(job, jobId, 'resume');
  if (job.status === 'running' && job.isWoken) return startRun(job, jobId, 'wake');
  if (job.status === 'running' && isStuck(job)) return diverged(job, jobId);
  if (job.waits.length === 0 && !job.isWoken && job.status !== 'suspended')
    return suspend(job, jobId, 'JOB_WAITS_FOR_NOTHING', 'The run ended with nothing to wait for.');
  return [jobRunEnded({ jobId, generation: job.generation, outcome: 'waiting' })];
}

/** The run ended before the job did: another one follows, unless the job is paused or loses every run. */
function stopped(job: Job, jobId: string, outcome: 'stopped' | 'lost'): readonly Output[] {
  if (isHeld(job)) return [jobRunEnded({ jobId, generation: job.generation, outcome })];
  if (outcome === 'stopped' && job.run === 'stopping') return startRun(job, jobId, 'resume');
  if (job.losses < JOB_RUNS_LOST_MAX) return startRun(job, jobId, 'takeover');
  const detail = `${job.losses + 1} runs in a row were lost before they recorded anything.`;
  return suspend(job, jobId, 'JOB_RUNS_LOST', detail);
}
