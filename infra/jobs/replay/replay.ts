import { isDeepStrictEqual } from 'node:util';
import { systemClock } from '../../kit/clock.ts';
import { execute } from '../engine/execute.ts';
import { parsedOf } from '../engine/payload.ts';
import { wholePayloads } from '../files/payloads.ts';
import { JobError } from '../sdk/errors.ts';
import type { AnyJob } from '../sdk/job.ts';
import { historyOf, type JobHistory, toEntry } from './history.ts';

/** What today's code does with a recorded job. */
export interface Replayed {
  readonly same: boolean;
  /** The first difference, in one sentence; null when there is none. */
  readonly difference: string | null;
  /** How far it came: the end of the job, or what it does next. */
  readonly end: string;
  readonly entries: number;
}

/**
 * Runs today's code over a recorded job, without effects: recorded results are taken, and nothing begins. Never rejects
 * for what the code does.
 */
export async function replayJob(job: AnyJob, history: JobHistory): Promise<Replayed> {
  const { job_id: jobId, input, is_batch: isBatch, entries, status } = history;
  const never = new AbortController().signal;
  const generation = Math.max(0, ...entries.map((entry) => entry.generation)) + 1;
  const { outcome, output, code, detail } = await execute(
    job,
    // A history of a job names no tenant, and nothing that a replay does depends on one.
    {
      jobId,
      tenantId: '',
      generation,
      input: JSON.stringify(input ?? null),
      isBatch,
      entries: entries.map(toEntry),
      simulation: null,
    },
    {
      ...{ clock: systemClock, payloads: wholePayloads, stop: never, finishSteps: never, begins: false },
      commit: async () => undefined,
    },
  );
  const replayed = (difference: string | null, end: string): Replayed => ({
    ...{ same: difference === null, difference, end, entries: entries.length },
  });
  switch (outcome) {
    case 'completed': {
      const value = parsedOf(output);
      const end = 'the job completes';
      if (status === 'failed') return replayed('the job failed; the code completes', end);
      if (status === 'running' || isDeepStrictEqual(value, history.output ?? null)) return replayed(null, end);
      return replayed(`the result was ${JSON.stringify(history.output)}; the code returns ${output}`, end);
    }
    case 'failed': {
      const end = `the job fails with ${code}`;
      if (status === 'failed' && history.code === code) return replayed(null, end);
      return replayed(`the code fails with ${code}: ${detail}`, end);
    }
    case 'waiting':
      return replayed(status === 'completed' ? `the job completed; ${detail}` : null, detail ?? 'the code waits');
    case 'mismatch':
    case 'stopped':
      return replayed(detail, 'the code does not fit the journal');
  }
}

/**
 * Expects that today's code still fits a recorded job. `history` is what `khipu jobs replay --save` has written, parsed.
 * Rejects with JobError REPLAY_DIFFERS, whose message is the first difference.
 */
export async function expectReplays(job: AnyJob, history: unknown): Promise<void> {
  const known = historyOf(history);
  if (known.type !== job.name) throw new JobError('REPLAY_DIFFERS', `the history is one of ${known.type}`);
  const { difference } = await replayJob(job, known);
  if (difference !== null) throw new JobError('REPLAY_DIFFERS', `${known.type} ${known.job_id}: ${difference}`);
}
