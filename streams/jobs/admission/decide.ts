import { JOB_QUEUE_MAX } from '../../../schemas/contexts/jobs.ts';
import {
  type CommandChain,
  grantJobSlot,
  jobSlotCleared,
  jobSlotGranted,
  jobSlotQueued,
  jobSlotRefused,
  jobSlotReleased,
  jobSlotSuperseded,
  type RequestJobSlot,
  refuseJobSlot,
  supersedeJob,
} from '../../../schemas/generated/records.ts';
import { requirePlace } from '../../kernel/place.ts';
import { assertNever, type Meta, type RecordOf } from '../../kernel.ts';
import { boundedLimits } from './limits.ts';
import { afterGrant } from './rate.ts';
import { evolve, type Holder, isIdle, isSame, nextOf, type SlotRequest, type Slots } from './state.ts';

export type SlotInput = RecordOf<'RequestJobSlot' | 'ReleaseJobSlot' | 'WakeJobSlot'>;
export type SlotOutput = RecordOf<
  | 'JobSlotQueued'
  | 'JobSlotGranted'
  | 'JobSlotReleased'
  | 'JobSlotRefused'
  | 'JobSlotSuperseded'
  | 'JobSlotCleared'
  | 'GrantJobSlot'
  | 'RefuseJobSlot'
  | 'SupersedeJob'
>;

/** Where a record is in the log, and when. */
type At = Pick<Meta, 'id' | 'place' | 'timeMs' | 'correlationId' | 'traceparent'> & Partial<Meta>;

/** Decides on one request, release or time of a key, then grants every slot that is free. Repeats emit nothing. */
export function decide(slots: Slots, input: SlotInput, at: At): readonly SlotOutput[] {
  switch (input.type) {
    case 'RequestJobSlot':
      return thenGrants(slots, requested(slots, input.data, at), input.data.slotKey, at.timeMs);
    case 'ReleaseJobSlot':
      return thenGrants(slots, released(slots, input.data.slotKey, input.data), input.data.slotKey, at.timeMs);
    case 'WakeJobSlot':
      return woken(slots, input.data.slotKey, at.timeMs);
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
  const leaving = before.queue.filter((each) => replaced.includes(each)).length;
  if (before.queue.length - leaving >= JOB_QUEUE_MAX)
    return refuse('JOB_QUEUE_FULL', `${JOB_QUEUE_MAX} jobs of the key wait already; start it again later.`);
  const { debounceMs } = limits;
  // A job that asks again has waited already.
  const notBefore = debounceMs === null || request > 1 ? null : at.timeMs + debounceMs;
  return [
    ...earlier,
    ...replaced.flatMap((each) => superseded(slotKey, each, jobId)),
    jobSlotQueued({ slotKey, jobId, request, place, lane, limits, notBefore, chain: chainOf(at) }),
  ];
}

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
    const { jobId, request, place, chain } = next;
    const event = jobSlotGranted({ slotKey, jobId, request, rateAt: afterGrant(now.limits, now.rateAt, timeMs) });
    // The run begins now, in the chain of the job, whichever job gave back the slot.
    all.push(event, grantJobSlot({ jobId, place, slotKey, request, chain: { ...chain, time: timeMs } }));
    now = evolve(now, event);
  }
  return all;
}

const chainOf = ({ correlationId, traceparent, requestDigest, timeMs: time }: At): CommandChain => ({
  ...{ correlationId, traceparent, requestDigest: requestDigest ?? null, time },
});
