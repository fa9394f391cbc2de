import type { JobLane } from '../../../schemas/contexts/jobs.ts';
import { type JobLimits, wakeJobSlot } from '../../../schemas/generated/records.ts';
import type { AnyRecord, RecordOf, Timer } from '../../kernel.ts';
import { candidatesOf, type Together } from './candidates.ts';
import { noLimits } from './limits.ts';
import { readyAt } from './rate.ts';
import type { Holder, SlotRequest, Waiting } from './waiting.ts';

/**
 * The slots of one concurrency key. A request is queued, then granted, then released, or leaves the queue: refused,
 * released, replaced by a newer one, or joined to the batch of another one.
 *
 * Bounds: JOB_SLOTS_MAX holders of some 100 bytes and JOB_QUEUE_MAX waiting jobs of some 400 bytes as JSON; with inputs for
 * batches, fewer jobs wait: JOB_QUEUE_BYTES_MAX in all.
 */
export interface Slots {
  /** Of the latest job that was queued. */
  readonly limits: JobLimits;
  readonly held: readonly Holder[];
  /** The oldest first. */
  readonly queue: readonly Waiting[];
  /** Grants since the oldest job of all lanes was granted. */
  readonly turn: number;
  /** Theoretical arrival time of the next grant by the rate, ms since 1970; 0 without a rate. */
  readonly rateAt: number;
}

export const noSlots: Slots = {
  limits: noLimits,
  ...{ held: [], queue: [], turn: 0, rateAt: 0 },
};

/** Every so many grants, the oldest job of all lanes is next: no lane waits without limit. */
export const OLDEST_EVERY = 8;

export const isSame = (one: SlotRequest, other: SlotRequest): boolean =>
  one.jobId === other.jobId && one.request === other.request;

const without = <R extends SlotRequest>(from: readonly R[], gone: SlotRequest): readonly R[] =>
  from.some((each) => isSame(each, gone)) ? from.filter((each) => !isSame(each, gone)) : from;

/** Returns true when no job holds a slot or waits for one. */
export const isIdle = ({ held, queue }: Slots): boolean => held.length === 0 && queue.length === 0;

/** Folds one output into the slots of its key; commands to jobs change nothing. Total over every order of events. */
export function evolve(slots: Slots, event: AnyRecord): Slots {
  switch (event.type) {
    case 'JobSlotQueued': {
      const { slotKey: _, limits, ...waiting } = event.data;
      return { ...slots, limits, queue: [...slots.queue, waiting] };
    }
    case 'JobSlotGranted':
      return granted(slots, event.data);
    case 'JobSlotReleased':
      return { ...slots, held: without(slots.held, event.data), queue: without(slots.queue, event.data) };
    case 'JobSlotSuperseded':
    case 'JobSlotJoined':
      return { ...slots, queue: without(slots.queue, event.data) };
    case 'JobSlotCleared':
      return noSlots;
    default:
      return slots;
  }
}

/** Without a bound, no job holds a slot: the rate alone counts. */
function granted(slots: Slots, { jobId, request, rateAt }: RecordOf<'JobSlotGranted'>['data']): Slots {
  const waiting = slots.queue.find((each) => isSame(each, { jobId, request }));
  if (waiting === undefined) return slots;
  const { limits, held, turn } = slots;
  return {
    limits,
    held: limits.max === null ? held : [...held, { jobId, request, place: waiting.place }],
    queue: slots.queue.filter((each) => each !== waiting),
    turn: (turn + 1) % OLDEST_EVERY,
    rateAt,
  };
}

const rankOf: Readonly<Record<JobLane, number>> = { interactive: 0, standard: 1, batch: 2 };
/** Rank of a lane; a lane that this version does not know is a standard one. */
const rank = ({ lane }: Waiting): number => (rankOf as Readonly<Record<string, number>>)[lane] ?? rankOf.standard;

const isFull = ({ limits: { max }, held }: Slots): boolean => max !== null && held.length >= max;

/** Returns the job that gets the next slot at `timeMs`, first of those that it runs for; undefined when none does. */
export function nextOf(slots: Slots, timeMs: number): Together | undefined {
  const { limits, queue, turn, rateAt } = slots;
  if (isFull(slots) || timeMs < readyAt(limits, rateAt)) return undefined;
  const ready = candidatesOf(queue, limits).flatMap(({ jobs, readyMs }) => (readyMs <= timeMs ? [jobs] : []));
  if (turn === OLDEST_EVERY - 1) return ready[0];
  return ready.reduce<Together | undefined>(
    (first, each) => (first === undefined || rank(each[0]) < rank(first[0]) ? each : first),
    undefined,
  );
}

/** Lists the next time at which a job can get a slot, or an idle key can be forgotten. */
export function due(slots: Slots, slotKey: string): readonly Timer<RecordOf<'WakeJobSlot'>>[] {
  const { limits, queue, rateAt } = slots;
  const wake = (atMs: number) => [{ atMs, record: wakeJobSlot({ slotKey, dueAt: atMs }) }];
  if (isIdle(slots)) return rateAt > 0 ? wake(Math.ceil(rateAt)) : [];
  if (queue.length === 0 || isFull(slots)) return [];
  const earliest = candidatesOf(queue, limits).reduce(
    (least, { readyMs }) => Math.min(least, readyMs),
    Number.MAX_SAFE_INTEGER,
  );
  return wake(Math.max(0, earliest, readyAt(limits, rateAt)));
}
