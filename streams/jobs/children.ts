import type { ScheduledJobOutcome } from '../../schemas/contexts/schedules.ts';
import { type EndChildJob, endChildJob, endScheduledJob } from '../../schemas/generated/records.ts';
import type { JobSpec, Output } from './state.ts';

/** The end of a child, for the job that waits for it. */
export type ChildEnd = Pick<EndChildJob, 'outcome' | 'output' | 'code' | 'detail'>;

/** Returns the end of a job for its parent or its schedule; nothing for a job of its own, nor for one without an id. */
export const endForParent = (
  { parentId, scheduleId }: Pick<JobSpec, 'parentId' | 'scheduleId'>,
  jobId: string,
  end: ChildEnd,
): readonly Output[] => [
  ...(parentId === null || parentId === '' ? [] : [endChildJob({ jobId: parentId, childId: jobId, ...end })]),
  ...endForSchedule(scheduleId, jobId, { outcome: outcomeOf(end), code: end.code }),
];

const outcomeOf = ({ outcome, code }: ChildEnd): ScheduledJobOutcome => {
  if (outcome === 'completed') return 'completed';
  return code === 'JOB_CANCELLED' ? 'cancelled' : 'failed';
};

/** Returns the end of a job for its schedule; nothing without one. A state of before schedules names none at all. */
export const endForSchedule = (
  scheduleId: string | null | undefined,
  jobId: string,
  { outcome, code }: { readonly outcome: ScheduledJobOutcome; readonly code: string | null },
): readonly Output[] => (scheduleId ? [endScheduledJob({ scheduleId, jobId, outcome, code })] : []);
