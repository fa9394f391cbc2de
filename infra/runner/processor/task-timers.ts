import type { Emitted } from '../../../streams/kernel/step.ts';
import { causeOf, NO_TIMERS, type SetTimer, timerCommand, timersOf } from '../../../streams/kernel/timers.ts';
import type { Meta, Processor } from '../../../streams/kernel.ts';
import { TimerHeap } from './timer-heap.ts';

/** The timers of one key. Keys without timers are not stored. */
export type KeyTimers = readonly SetTimer[];

/**
 * The timers of one partition, as listed by its committed states. Changes of a batch are staged outside and published
 * after the commit, like state.
 */
export class TaskTimers {
  readonly #processor: Processor;
  readonly #byKey: Map<string, KeyTimers>;
  readonly #heap = new TimerHeap();
  /** Number of timers in the heap that are still listed. */
  #listed = 0;

  constructor(processor: Processor, byKey: Map<string, KeyTimers>) {
    this.#processor = processor;
    this.#byKey = byKey;
    for (const [key, timers] of byKey) this.#push(key, timers);
  }

  /** Returns the timers of a key; one shared empty list for keys without timers. */
  get(key: string): KeyTimers {
    return this.#byKey.get(key) ?? NO_TIMERS;
  }

  /** Time of the earliest timer, in ms since 1970; infinity when there is none. */
  get nextMs(): number {
    return this.#heap.first?.atMs ?? Number.POSITIVE_INFINITY;
  }

  /** Number of timers that wait for their time. */
  get size(): number {
    return this.#listed;
  }

  /**
   * Returns the timers of a key that the record of `meta` has brought to `state`. Throws when the processor's `due`
   * fails.
   */
  after(key: string, state: unknown, meta: Meta, before: KeyTimers): KeyTimers {
    return timersOf(this.#processor, key, state, before, causeOf(meta));
  }

  /** Replaces the timers of a key after a commit. */
  publish(key: string, timers: KeyTimers): void {
    const before = this.get(key);
    if (timers.length === 0) this.#byKey.delete(key);
    else this.#byKey.set(key, timers);
    this.#listed -= waiting(before);
    this.#push(key, timers, before);
    if (this.#heap.size > 2 * this.#listed + STALE_MAX) this.#sweep();
  }

  /** Returns the commands due at `nowMs`, at most `max`, and the timers of each affected key after they have fired. */
  fire(nowMs: number, max: number): { readonly commands: readonly Emitted[]; readonly fired: Map<string, KeyTimers> } {
    const commands: Emitted[] = [];
    const fired = new Map<string, KeyTimers>();
    while (commands.length < max) {
      const entry = this.#heap.first;
      if (entry === undefined || entry.atMs > nowMs) break;
      this.#heap.shift();
      const timers = fired.get(entry.key) ?? this.get(entry.key);
      const timer = timers.find(({ id }) => id === entry.id);
      // The key no longer lists this timer. Stale entries need no cancellation.
      if (timer === undefined || timer.fired) continue;
      commands.push(timerCommand(this.#processor, entry.key, timer));
      fired.set(
        entry.key,
        timers.map((each) => (each === timer ? { ...each, fired: true } : each)),
      );
    }
    return { commands, fired };
  }

  /** Adds timers to the heap, except those of `before`, which are in it already. */
  #push(key: string, timers: KeyTimers, before: KeyTimers = NO_TIMERS): void {
    this.#listed += waiting(timers);
    for (const { id, atMs, fired } of timers)
      if (!fired && !before.some((known) => known.id === id)) this.#heap.push({ atMs, key, id });
  }

  /** Removes timers that keys no longer list, all at once; until then they stay in the heap up to their time. */
  #sweep(): void {
    this.#heap.clear();
    this.#listed = 0;
    for (const [key, timers] of this.#byKey) this.#push(key, timers);
  }
}

/** Returns true when both lists have the same timers in the same order, fired or not alike. */
export const areSame = (left: KeyTimers, right: KeyTimers): boolean =>
  left.length === right.length &&
  left.every(({ id, fired }, index) => right[index]?.id === id && right[index]?.fired === fired);

const waiting = (timers: KeyTimers): number => {
  let count = 0;
  for (const { fired } of timers) if (!fired) count += 1;
  return count;
};

/**
 * Bound on stale timers: a key that replaces its timer with every record leaves one behind each time. Below this number
 * they cost less than a sweep.
 */
const STALE_MAX = 10_000;
