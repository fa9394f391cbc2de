import { type EndChildJob, endChildJob } from '../../schemas/generated/records.ts';
import type { JobSpec, Output } from './state.ts';

/** The end of a child, for the job that waits for it. */
export type ChildEnd = Pick<EndChildJob, 'outcome' | 'output' | 'code' | 'detail'>;

/** Returns the end of a child for its parent; nothing for a job of its own, nor for a parent without an id. */
export const endForParent = (
  { parentId }: Pick<JobSpec, 'parentId'>,
  jobId: string,
  end: ChildEnd,
): readonly Output[] =>
  parentId === null || parentId === '' ? [] : [endChildJob({ jobId: parentId, childId: jobId, ...end })];
