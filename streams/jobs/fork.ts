/** What a fork takes: the recorded results of another job. */

import { entriesOfFork, forkBytesOf, JOB_FORK_BYTES_MAX, JOB_FORK_ENTRIES_MAX } from '../../schemas/contexts/jobs.ts';
import type { JobEntry } from '../../schemas/generated/records.ts';
import { evolve } from './evolve.ts';
import { keep } from './journal.ts';
import { isKept, type Job, type JobState, type Output } from './state.ts';

/** Keeps results of another job in the journal of a job that has not run. Returns the job with them, and the outputs. */
export function withTaken(
  job: Job,
  jobId: string,
  entries: readonly JobEntry[],
): { readonly job: Job; readonly outputs: readonly Output[] } {
  const outputs: Output[] = [];
  let after = job;
  for (const entry of entriesOfFork(entries)) {
    const kept = keep(after, jobId, entry);
    outputs.push(...kept);
    const state: JobState = kept.reduce<JobState>(evolve, after);
    if (isKept(state)) after = state;
  }
  return { job: after, outputs };
}

/** Returns why a fork takes too much; null when it does not. */
export function forkExcess(entries: readonly JobEntry[]): { readonly code: string; readonly detail: string } | null {
  const bytes = entries.reduce((sum, entry) => sum + forkBytesOf(entry), 0);
  if (entries.length <= JOB_FORK_ENTRIES_MAX && bytes <= JOB_FORK_BYTES_MAX) return null;
  const detail = `${entries.length} results of ${bytes} bytes come before the step; at most ${JOB_FORK_ENTRIES_MAX} of ${JOB_FORK_BYTES_MAX} bytes are taken.`;
  return { code: 'JOB_FORK_TOO_LARGE', detail };
}
