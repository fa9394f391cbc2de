/** Times of a job: of its next run, of its waits, and its deadline. */

import { jobFailed, jobResumed, wakeJob } from '../../schemas/generated/records.ts';
import type { RecordOf, Timer } from '../kernel.ts';
import { endForParent } from './children.ts';
import { closing, NAME, stopRun } from './ends.ts';
import { DEADLINE_CODE } from './evolve.ts';
import { inTurn } from './in-turn.ts';
import { goesOn, startRun, wakeIfIdle } from './runs.ts';
import { isLive, type Job, type JobState, type Output } from './state.ts';
import { dueEnded } from './waits.ts';

const isTime = (time: number | null): time is number => time !== null && time >= 0 && Number.isSafeInteger(time);

/** Returns the times at which something changes. A time before 1970 has come already. */
function timesOf({ status, spec: { deadline }, waits, nextRunAt, resumeAt }: Job): readonly number[] {
  const open = waits.filter(({ kind }) => kind !== 'retry' || status === 'waiting').map(({ until }) => until);
  const next = status === 'scheduled' ? nextRunAt : null;
  const resume = status === 'suspended' ? resumeAt : null;
  return [deadline, next, resume, ...open].map((time) => (time === null ? null : Math.max(0, time))).filter(isTime);
}

/** Lists the next time of a job alone: the state that it leads to lists the one after it. */
export function due(state: JobState, jobId: string): readonly Timer<RecordOf<'WakeJob'>>[] {
  const times = isLive(state) ? timesOf(state) : [];
  if (times.length === 0) return [];
  const atMs = Math.min(...times);
  return [{ atMs, record: wakeJob({ jobId, dueAt: atMs }) }];
}

/** Decides on a time that has come: each thing that is due by then, if it still is. */
export function timeCame(state: JobState, jobId: string, dueAt: number): readonly Output[] {
  if (!isLive(state)) return [];
  const { deadline } = state.spec;
  if (deadline !== null && deadline <= dueAt) return tooLate(state, jobId);
  return inTurn(
    state,
    (job) => dueEnded(job, jobId, dueAt),
    (job) => wakeIfIdle(job, jobId),
    (job) => resumed(job, jobId, dueAt),
    (job) => nextRun(job, jobId, dueAt),
  );
}

/** Lets a job go on that wanted budget: what it asks for then is decided again. */
const resumed = (job: Job, jobId: string, dueAt: number): readonly Output[] =>
  job.status === 'suspended' && job.resumeAt !== null && job.resumeAt <= dueAt
    ? inTurn(job, () => [jobResumed({ jobId, resumedBy: NAME })], goesOn(jobId, dueAt))
    : [];

/** Begins the run whose time has come: the first, one after a failed one, or one that repeats a failed step. */
function nextRun(job: Job, jobId: string, dueAt: number): readonly Output[] {
  const { status, nextRunAt, waits, failures } = job;
  if (status === 'scheduled' && nextRunAt !== null && nextRunAt <= dueAt)
    return startRun(job, jobId, failures === 0 ? 'start' : 'retry');
  const repeats = waits.some(({ kind, until }) => kind === 'retry' && until !== null && until <= dueAt);
  return status === 'waiting' && repeats ? startRun(job, jobId, 'wake') : [];
}

function tooLate(job: Job, jobId: string): readonly Output[] {
  const detail = 'The job did not end before its deadline.';
  return [
    jobFailed({ jobId, generation: job.generation, code: DEADLINE_CODE, detail }),
    ...stopRun(job, jobId, 'stop'),
    ...closing(job, jobId, DEADLINE_CODE),
    ...endForParent(job.spec, jobId, { outcome: 'failed', output: null, code: DEADLINE_CODE, detail }),
  ];
}
