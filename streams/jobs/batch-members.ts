/** Ends of batches, for their members. */

import {
  type EndBatchedJob,
  jobBatchLeft,
  jobCancelled,
  jobCompleted,
  jobDead,
  jobFailed,
} from '../../schemas/generated/records.ts';
import { type ChildEnd, endForParent } from './children.ts';
import { inTurn } from './in-turn.ts';
import { startRun } from './runs.ts';
import { isKept, type Job, type JobState, type Output } from './state.ts';

/**
 * Decides on the end of the batch that a job is in: it ends in the same way. A job whose batch has failed ends again when
 * that is retried. One that has left the batch learns nothing.
 */
export function batchedJobEnded(state: JobState, end: EndBatchedJob): readonly Output[] {
  if (!isKept(state) || state.batch?.is !== 'member' || state.batch.batchId !== end.batchId) return [];
  const { jobId, output } = end;
  switch (end.outcome) {
    case 'dissolved':
      if (state.status !== 'batched') return [];
      return inTurn(
        state,
        () => [jobBatchLeft({ jobId, batchId: end.batchId })],
        (left) => startRun(left, jobId, 'start'),
      );
    case 'completed': {
      const result = output ?? 'null';
      const completed = jobCompleted({ jobId, generation: state.generation, output: result });
      return [completed, ...told(state, jobId, { outcome: 'completed', output: result, code: null, detail: null })];
    }
    default:
      return failed(state, end);
  }
}

/** An outcome of a later version is a failure. */
function failed(job: Job, { jobId, batchId, outcome, ...end }: EndBatchedJob): readonly Output[] {
  const code = end.code ?? 'JOB_RUN_FAILED';
  const detail = end.detail ?? 'The batch failed.';
  const place = { jobId, generation: job.generation, code, detail };
  const event =
    outcome === 'cancelled'
      ? jobCancelled({ jobId, cancelledBy: batchId, reason: detail })
      : outcome === 'dead'
        ? jobDead(place)
        : jobFailed(place);
  return [event, ...told(job, jobId, { outcome: 'failed', output: null, code, detail })];
}

const told = ({ spec }: Job, jobId: string, end: ChildEnd): readonly Output[] => endForParent(spec, jobId, end);
