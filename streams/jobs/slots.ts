/** Slots of jobs with limits: what `job-admission` answers, and what gives a slot back. */

import { jobFailed, releaseJobSlot } from '../../schemas/generated/records.ts';
import { assertNever, type RecordOf } from '../kernel.ts';
import { batchBegun, batchEnded, dissolved } from './batches.ts';
import { endForParent } from './children.ts';
import { ended } from './controls.ts';
import { evolve } from './evolve.ts';
import { inTurn } from './in-turn.ts';
import { beginRun } from './runs.ts';
import { isKept, isLive, type Job, type JobState, type Output, type Slot } from './state.ts';

/** Decides on an answer to a request for a slot. An answer to an earlier request changes nothing. */
export function slotAnswered(
  state: JobState,
  answer: RecordOf<'GrantJobSlot' | 'RefuseJobSlot' | 'SupersedeJob'>,
): readonly Output[] {
  const { jobId, request } = answer.data;
  const slot = isKept(state) && state.slot?.request === request ? state.slot : null;
  switch (answer.type) {
    case 'GrantJobSlot':
      return granted(state, slot, answer.data);
    case 'RefuseJobSlot': {
      if (slot?.is !== 'asked' || !isLive(state)) return [];
      const { code, detail } = answer.data;
      return [
        jobFailed({ jobId, generation: state.generation, code, detail }),
        ...endForParent(state.spec, jobId, { outcome: 'failed', output: null, code, detail }),
      ];
    }
    case 'SupersedeJob': {
      if (slot === null || slot.is === 'free' || !isLive(state)) return [];
      const { by } = answer.data;
      const reason = `The job ${by} of the same key replaces it.`;
      return [
        ...ended(state, jobId, by, reason),
        ...endForParent(state.spec, jobId, { outcome: 'failed', output: null, code: 'JOB_CANCELLED', detail: reason }),
      ];
    }
    default:
      return assertNever(answer);
  }
}

/**
 * Begins the run that waited for the slot. A slot that the job does not wait for is given back, and its batch is dissolved, unless
 * that has begun: none is held for nothing, and no start waits for a batch that nothing runs.
 */
function granted(
  state: JobState,
  slot: Slot | null,
  { jobId, slotKey, request, batch }: RecordOf<'GrantJobSlot'>['data'],
): readonly Output[] {
  if (slot?.is === 'held') return [];
  if (slot?.is === 'asked' && isLive(state)) {
    const { reason } = slot;
    const begin = (job: Job): readonly Output[] => beginRun(job, jobId, reason);
    return batch === null ? begin(state) : inTurn(state, () => batchBegun(jobId, batch), begin);
  }
  if (slotKey === '') return [];
  const hasBegun = isKept(state) && state.batch?.is === 'leader';
  const gone = batch === null || hasBegun ? [] : dissolved(jobId, slotKey, batch);
  return [releaseJobSlot({ slotKey, jobId, request }), ...gone];
}

const needs = (state: JobState, request: number): boolean =>
  isKept(state) && state.slot !== null && state.slot.is !== 'free' && state.slot.request === request;

/**
 * Returns what a job gives back after these outputs: the end of its batch for the members, and the slot that it has, or waits for,
 * and needs no more.
 */
export const given = (state: JobState, outputs: readonly Output[], jobId: string | null): readonly Output[] => [
  ...batchEnded(state, outputs),
  ...freed(state, outputs, jobId),
];

function freed(state: JobState, outputs: readonly Output[], jobId: string | null): readonly Output[] {
  if (!isKept(state) || jobId === null || outputs.length === 0) return [];
  const { slot, spec }: Job = state;
  if (slot === null || spec.admission === null || slot.is === 'free') return [];
  const after = outputs.reduce<JobState>(evolve, state);
  if (needs(after, slot.request)) return [];
  // A slot that a batch makes needless is gone with the beginning of that batch.
  if (isKept(after) && after.batch?.is === 'member') return [];
  return [releaseJobSlot({ slotKey: spec.admission.slotKey, jobId, request: slot.request })];
}
