import { JOB_QUEUE_BYTES_MAX, JOB_QUEUE_MAX, JOB_WAITING_BYTES } from '../../../schemas/contexts/jobs.ts';
import {
  type CommandChain,
  endBatchedJob,
  grantJobSlot,
  type JobLimits,
  jobSlotCleared,
  jobSlotGranted,
  jobSlotJoined,
  jobSlotQueued,
  jobSlotRefused,
  jobSlotReleased,
  jobSlotSuperseded,
  joinJobBatch,
  type RequestJobSlot,
  refuseJobSlot,
  supersedeJob,
} from '../../../schemas/generated/records.ts';
import { requirePlace } from '../../kernel/place.ts';
import { assertNever, type Meta, type RecordOf } from '../../kernel.ts';
import type { Together } from './candidates.ts';
import { boundedLimits } from './limits.ts';
import { afterGrant } from './rate.ts';
import { evolve, isIdle, isSame, nextOf, type Slots } from './state.ts';
import type { Holder, SlotRequest, Waiting } from './waiting.ts';

export type SlotInput = RecordOf<'RequestJobSlot' | 'ReleaseJobSlot' | 'WakeJobSlot' | 'EndJobBatch'>;
export type SlotOutput = RecordOf<
  | 'JobSlotQueued'
  | 'JobSlotGranted'
  | 'JobSlotReleased'
  | 'JobSlotRefused'
  | 'JobSlotSuperseded'
  | 'JobSlotJoined'
  | 'JobSlotCleared'
  | 'GrantJobSlot'
  | 'RefuseJobSlot'
  | 'SupersedeJob'
  | 'JoinJobBatch'
  | 'EndBatchedJob'
>;

/** Where a record is in the log, and when. */
type At = Pick<Meta, 'id' | 'place' | 'timeMs' | 'correlationId' | 'traceparent'> & Partial<Meta>;

/**
 * Decides on one request, release or time of a key, then grants every slot that is free. Repeats emit nothing. The end of a
 * batch goes on to its members, each in its place: only this processor writes to other places.
 */
export function decide(slots: Slots, input: SlotInput, at: At): readonly SlotOutput[] {
  switch (input.type) {
    case 'RequestJobSlot':
      return thenGrants(slots, requested(slots, input.data, at), input.data.slotKey, at.timeMs);
    case 'ReleaseJobSlot':
      return thenGrants(slots, released(slots, input.data.slotKey, input.data), input.data.slotKey, at.timeMs);
    case 'WakeJobSlot':
      return woken(slots, input.data.slotKey, at.timeMs);
    case 'EndJobBatch': {
      const { slotKey: _, jobId: batchId, members, ...end } = input.data;
      const known = members.filter(({ jobId }) => jobId !== '');
      return known.map((member) => endBatchedJob({ ...member, batchId, ...end }));
    }
    default:
      return assertNever(input);
  }
}

/** The time of a timer's command is that for which it was set. */
function woken(slots: Slots, slotKey: string, timeMs: number): readonly SlotOutput[] {
  if (!isIdle(slots)) return thenGrants(slots, [], slotKey, timeMs);
  return slots.rateAt > 0 && slots.rateAt <= timeMs ? [jobSlotCleared({ slotKey })] : [];
}

/** Queues a request, unless the limits refuse it. A job has one request at a time: a later one replaces it. */
function requested(slots: Slots, asked: RequestJobSlot, at: At): readonly SlotOutput[] {
  const { slotKey, jobId, request, lane } = asked;
  const known = [...slots.held, ...slots.queue].filter((each) => each.jobId === jobId);
  if (known.some((each) => each.request >= request)) return [];
  const place = requirePlace(at);
  const limits = boundedLimits(asked.limits);
  const earlier = known.flatMap((each) => released(slots, slotKey, each));
  const before = earlier.reduce(evolve, slots);
  const refuse = (code: string, detail: string): readonly SlotOutput[] => [
    ...earlier,
    jobSlotRefused({ slotKey, jobId, request, code, detail }),
    refuseJobSlot({ jobId, place, request, code, detail }),
  ];
  const [other] = [...before.held, ...before.queue];
  if (limits.singleton === 'skip' && other !== undefined)
    return refuse('JOB_SINGLETON', `The job ${other.jobId} of the same key has not ended.`);
  const replaced = replacedBy(before, limits, at.timeMs);
  const staying = before.queue.filter((each) => !replaced.includes(each));
  const batch = limits.batchMax === null ? null : asked.batch;
  if (limits.isPerRun && staying.length >= JOB_QUEUE_MAX) return [...earlier, ...atOnce(before, asked, limits, at)];
  if (staying.length >= JOB_QUEUE_MAX)
    return refuse('JOB_QUEUE_FULL', `${JOB_QUEUE_MAX} jobs of the key wait already; start it again later.`);
  if (staying.reduce((sum, each) => sum + bytesOf(each), bytesOf({ batch })) > JOB_QUEUE_BYTES_MAX)
    return refuse('JOB_QUEUE_FULL', 'The inputs of the jobs of the key that wait take all room; start it again later.');
  const waitMs = batch === null ? debounceOf(limits, request) : limits.batchWaitMs;
  const notBefore = waitMs === null ? null : at.timeMs + waitMs;
  return [
    ...earlier,
    ...replaced.flatMap((each) => superseded(slotKey, each, jobId)),
    jobSlotQueued({ slotKey, jobId, request, place, lane, limits, notBefore, chain: chainOf(at), batch }),
  ];
}

/**
 * Returns the grant of a slot beyond the limit, for a run that finds its line full: the line bounds the runs before
 * those of others, and no job fails for it.
 */
function atOnce(slots: Slots, asked: RequestJobSlot, limits: JobLimits, at: At): readonly SlotOutput[] {
  const { slotKey, jobId, request, lane } = asked;
  const waiting = { jobId, request, place: requirePlace(at), lane, notBefore: null, chain: chainOf(at), batch: null };
  return [
    jobSlotQueued({ slotKey, limits, ...waiting }),
    ...grantOf([waiting], slotKey, afterGrant(limits, slots.rateAt, at.timeMs), at.timeMs),
  ];
}

/** Returns the wait of a new job for a newer one, in ms. A job that asks again has waited already. */
const debounceOf = ({ debounceMs }: Slots['limits'], request: number): number | null =>
  request > 1 ? null : debounceMs;

/** Returns the bytes that a waiting job takes in the state. JSON in JSON has at most two bytes for each. */
const bytesOf = ({ batch }: Pick<Waiting, 'batch'>): number =>
  JOB_WAITING_BYTES + 2 * Buffer.byteLength(batch?.input ?? '');

/** Returns the jobs that a new one replaces: all others of a singleton, and those that wait for newer ones. */
function replacedBy({ held, queue }: Slots, { singleton, debounceMs }: Slots['limits'], timeMs: number) {
  if (singleton === 'cancel') return [...held, ...queue];
  if (debounceMs === null) return [];
  return queue.filter(({ notBefore }) => notBefore !== null && notBefore > timeMs);
}

const superseded = (slotKey: string, { jobId, request, place }: Holder, by: string): readonly SlotOutput[] => [
  jobSlotSuperseded({ slotKey, jobId, request, by }),
  supersedeJob({ jobId, place, request, by }),
];

function released(slots: Slots, slotKey: string, { jobId, request }: SlotRequest): readonly SlotOutput[] {
  const isKnown = [...slots.held, ...slots.queue].some((each) => isSame(each, { jobId, request }));
  return isKnown ? [jobSlotReleased({ slotKey, jobId, request })] : [];
}

/** Returns the outputs, and the grants of every slot that is free after them. */
function thenGrants(
  slots: Slots,
  outputs: readonly SlotOutput[],
  slotKey: string,
  timeMs: number,
): readonly SlotOutput[] {
  const all = [...outputs];
  let now = outputs.reduce(evolve, slots);
  for (let next = nextOf(now, timeMs); next !== undefined; next = nextOf(now, timeMs)) {
    const granted = grantOf(next, slotKey, afterGrant(now.limits, now.rateAt, timeMs), timeMs);
    all.push(...granted);
    now = granted.reduce(evolve, now);
  }
  return all;
}

/** Returns the grant of one slot: the first job holds it, and the others join its batch. */
function grantOf([first, ...others]: Together, slotKey: string, rateAt: number, timeMs: number): readonly SlotOutput[] {
  const { jobId, request, place } = first;
  // The run begins now, in the chain of the job, whichever job gave back the slot.
  const chainNow = ({ chain }: Waiting): CommandChain => ({ ...chain, time: timeMs });
  const batch = first.batch && {
    input: `[${[first, ...others].map((each) => each.batch?.input ?? 'null').join()}]`,
    members: others.map((each) => ({ jobId: each.jobId, place: each.place })),
  };
  return [
    jobSlotGranted({ slotKey, jobId, request, rateAt }),
    grantJobSlot({ jobId, place, slotKey, request, chain: chainNow(first), batch }),
    ...others.flatMap((each): readonly SlotOutput[] => {
      const joined = { jobId: each.jobId, request: each.request, batchId: jobId };
      return [
        jobSlotJoined({ slotKey, ...joined }),
        joinJobBatch({ ...joined, place: each.place, size: 1 + others.length, chain: chainNow(each) }),
      ];
    }),
  ];
}

const chainOf = ({ correlationId, traceparent, requestDigest, timeMs: time }: At): CommandChain => ({
  ...{ correlationId, traceparent, requestDigest: requestDigest ?? null, time },
});
