/**
 * Commands that hold or end a job. They are not governed: it must be possible while a kill switch stops all other
 * commands.
 */

import {
  type CancelChildJob,
  type CancelJob,
  type CancelScheduledJob,
  jobCancelled,
  jobPaused,
  jobRefused,
  type PauseJob,
} from '../../schemas/generated/records.ts';
import { batchDetail, isBatched } from './batches.ts';
import { endForParent, endForSchedule } from './children.ts';
import { closing, stopRun } from './ends.ts';
import type { At } from './starts.ts';
import { isLive, type Job, type JobState, type Output } from './state.ts';

/** Returns the live job that a command may change; otherwise the refusal. A job of another tenant does not exist. */
function liveJob(
  state: JobState,
  { jobId, principal }: Pick<CancelJob, 'jobId' | 'principal'>,
  { tenantId }: At,
): { readonly job: Job } | { readonly refused: readonly Output[] } {
  const refuse = (code: string, detail: string) => ({
    refused: [jobRefused({ jobId, principal, code, detail, decision: null, shortfall: null })],
  });
  if (state.status === 'absent' || state.tenantId !== tenantId)
    return refuse('RESOURCE_UNKNOWN', 'No job of this id exists.');
  return isLive(state) ? { job: state } : refuse('JOB_ENDED', 'The job has ended.');
}

/** Ends a job, its run and its children. */
export function cancelled(state: JobState, command: CancelJob, at: At): readonly Output[] {
  const found = liveJob(state, command, at);
  if ('refused' in found) return found.refused;
  const { jobId, principal, reason } = command;
  const detail = `The job was cancelled: ${reason}.`;
  return [
    ...ended(found.job, jobId, principal, reason),
    ...endForParent(found.job.spec, jobId, { outcome: 'failed', output: null, code: 'JOB_CANCELLED', detail }),
  ];
}

/** Ends the child of a job that has ended. */
export const cancelledByParent = (state: JobState, { jobId, parentId, reason }: CancelChildJob): readonly Output[] =>
  isLive(state) && state.spec.parentId === parentId ? ended(state, jobId, parentId, reason) : [];

/**
 * Ends the job of a run that the next one of its schedule replaces. The schedule awaits its end no more, unless a backfill has
 * asked for the job again before this record came.
 */
export const cancelledBySchedule = (
  state: JobState,
  { jobId, scheduleId, reason }: CancelScheduledJob,
): readonly Output[] =>
  isLive(state) && state.spec.scheduleId === scheduleId
    ? [
        ...ended(state, jobId, scheduleId, reason),
        ...endForSchedule(scheduleId, jobId, { outcome: 'cancelled', code: 'JOB_CANCELLED' }),
      ]
    : [];

/** Returns the end of a job, its run and its children. */
export const ended = (job: Job, jobId: string, cancelledBy: string, reason: string): readonly Output[] => [
  jobCancelled({ jobId, cancelledBy, reason }),
  ...stopRun(job, jobId, 'stop'),
  ...closing(job, jobId, 'JOB_CANCELLED'),
];

/** Holds a job. A paused one is paused again, with the mode of the later command. */
export function paused(state: JobState, command: PauseJob, at: At): readonly Output[] {
  const found = liveJob(state, command, at);
  if ('refused' in found) return found.refused;
  const { jobId, principal: pausedBy, reason, mode } = command;
  if (isBatched(found.job)) {
    const detail = batchDetail(found.job);
    return [jobRefused({ jobId, principal: pausedBy, code: 'JOB_BATCHED', detail, decision: null, shortfall: null })];
  }
  return [
    jobPaused({ jobId, pausedBy, reason }),
    ...stopRun(found.job, jobId, mode === 'stop' ? 'stop' : 'finish_step'),
  ];
}
