/** What ends with a job: its run, what its handler waits for, and its journal. */

import { slmOrigin } from '../../schemas/contexts/slm/models.ts';
import { cancelChildAgentRun, cancelChildJob, cancelSlmRequest, stopJobRun } from '../../schemas/generated/records.ts';
import { drop } from './journal.ts';
import { controlKeyOf } from './keys.ts';
import type { Job, OpenWait, Output } from './state.ts';

export const NAME = 'jobs';
/** Origin of its requests to models; answers carry the same origin. */
export const ORIGIN = slmOrigin(NAME);

/** Returns the request to end the current run; nothing when there is none. */
export const stopRun = ({ run, generation }: Job, jobId: string, mode: 'finish_step' | 'stop'): readonly Output[] =>
  run === 'ended' ? [] : [stopJobRun({ controlKey: controlKeyOf(jobId), jobId, generation, mode })];

const REASONS = {
  JOB_COMPLETED: 'The job that waited for it has completed.',
  JOB_CANCELLED: 'The job that waited for it was cancelled.',
  JOB_DEADLINE: 'The job that waited for it has reached its deadline.',
} as const;

/** Returns the effects of the end of a job for good: nothing that it asked for runs on, and its journal is dropped. */
export const closing = (job: Job, jobId: string, code: keyof typeof REASONS): readonly Output[] => [
  // Nothing that a simulated job waits for has begun.
  ...(job.spec.simulation ? [] : job.waits.flatMap((wait) => withdrawn(wait, jobId, code))),
  ...drop(job, jobId),
];

function withdrawn({ kind, awaits }: OpenWait, jobId: string, code: keyof typeof REASONS): readonly Output[] {
  if (awaits === null) return [];
  if (kind === 'child') return [cancelChildJob({ jobId: awaits, parentId: jobId, reason: REASONS[code] })];
  // A call of a tool that has begun goes on: its end changes nothing.
  if (kind === 'agent') return [cancelChildAgentRun({ runId: awaits, parentId: jobId, reason: REASONS[code] })];
  if (kind === 'model')
    return [cancelSlmRequest({ subjectId: awaits, origin: ORIGIN, requestId: awaits, reason: code })];
  return [];
}
