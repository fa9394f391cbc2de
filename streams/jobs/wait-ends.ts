/** Ends of waits: a result goes to the journal, and a job that is idle then runs. */

import type { JobWaitKind } from '../../schemas/contexts/jobs.ts';
import type { JobEntry } from '../../schemas/generated/records.ts';
import { inTurn } from './in-turn.ts';
import { keep } from './journal.ts';
import { keyOfEntry } from './keys.ts';
import { wakeIfIdle } from './runs.ts';
import type { Job, OpenWait, Output } from './state.ts';

/** The end of a wait. */
export type Result = Pick<JobEntry, 'outcome' | 'output' | 'code' | 'detail'>;

/** Returns the result of a wait that came: JSON, or null. */
export const succeeded = (output: string | null): Result => ({
  outcome: 'completed',
  output,
  code: null,
  detail: null,
});
/** Returns the failure of a wait. */
export const failedWith = (code: string, detail: string): Result => ({ outcome: 'failed', output: null, code, detail });

/** Ends a wait at `timeMs`: its result is kept. */
export const ended = (
  job: Job,
  jobId: string,
  wait: OpenWait,
  result: Result,
  timeMs: number,
  labels: readonly string[] = [],
): readonly Output[] =>
  keep(
    job,
    jobId,
    {
      ...{ ...keyOfEntry(wait), kind: wait.kind, ...result },
      // The next run is the first that knows it: one that is active began without it.
      ...{ generation: job.generation + 1, attempts: 1, startedAt: wait.startedAt, endedAt: timeMs },
    },
    labels,
  );

/** Ends a wait, and lets a job that is idle run. */
export const endedAndWoken = (
  job: Job,
  jobId: string,
  wait: OpenWait,
  result: Result,
  timeMs: number,
  labels: readonly string[] = [],
): readonly Output[] =>
  inTurn(
    job,
    (before) => ended(before, jobId, wait, result, timeMs, labels),
    (after) => wakeIfIdle(after, jobId),
  );

/** Returns the open wait of this kind that awaits a signal, child or request; undefined when there is none. */
export const waitFor = ({ waits }: Job, kind: JobWaitKind, awaits: string): OpenWait | undefined =>
  waits.find((wait) => wait.kind === kind && wait.awaits === awaits);

/**
 * Ends the wait of a kind that awaits this, with the labels of its result, and lets an idle job run; nothing when there is
 * none.
 */
export function waitEnded(
  job: Job,
  jobId: string,
  { kind, awaits }: { readonly kind: JobWaitKind; readonly awaits: string },
  result: Result,
  timeMs: number,
  labels: readonly string[] = [],
): readonly Output[] {
  const wait = waitFor(job, kind, awaits);
  return wait === undefined ? [] : endedAndWoken(job, jobId, wait, result, timeMs, labels);
}
