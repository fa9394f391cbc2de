import type { Emitted } from '../../../streams/kernel/step.ts';
import { causeOf, NO_TIMERS, type SetTimer, timerCommand, timersOf } from '../../../streams/kernel/timers.ts';
import type { Meta, Processor } from '../../../streams/kernel.ts';
import { TimerHeap } from './timer-heap.ts';

/** The timers of one key. Only keys that have some are kept. */
export type KeyTimers = readonly SetTimer[];

/**
 * The timers of one partition, as its committed states list them. What a batch changes is staged outside of here and
 * published after the commit, as state is.
 */
export class TaskTimers {
  readonly #processor: Processor;
  readonly #byKey: Map<string, KeyTimers>;
  readonly #heap = new TimerHeap();
  /** Of those in the heap, how many are listed still. */
  #listed = 0;

  constructor(processor: Processor, byKey: Map<string, KeyTimers>) {
    this.#processor = processor;
    this.#byKey = byKey;
    for (const [key, timers] of byKey) this.#push(key, timers);
  }

  /** Of a key that has none, one list for all of them. */
  get(key: string): KeyTimers {
    return this.#byKey.get(key) ?? NO_TIMERS;
  }

  /** When the earliest is due, ms since 1970; infinity when there is none. */
  get nextMs(): number {
    return this.#heap.first?.atMs ?? Number.POSITIVE_INFINITY;
  }

  /** Timers that wait for their time. */
  get size(): number {
    return this.#listed;
  }

  /** The timers of a key that `meta` has brought to `state`. Throws when the processor's `due` is broken. */
  after(key: string, state: unknown, meta: Meta, before: KeyTimers): KeyTimers {
    return timersOf(this.#processor, key, state, before, causeOf(meta));
  }

  publish(key: string, timers: KeyTimers): void {
    const before = this.get(key);
    if (timers.length === 0) this.#byKey.delete(key);
    else this.#byKey.set(key, timers);
    this.#listed -= waiting(before);
    this.#push(key, timers, before);
    if (this.#heap.size > 2 * this.#listed + STALE_MAX) this.#sweep();
  }

  /** The commands that are due at `nowMs`, at most `max`, and of each key what its timers are once these have fired. */
  fire(nowMs: number, max: number): { readonly commands: readonly Emitted[]; readonly fired: Map<string, KeyTimers> } {
    const commands: Emitted[] = [];
    const fired = new Map<string, KeyTimers>();
    while (commands.length < max) {
      const entry = this.#heap.first;
      if (entry === undefined || entry.atMs > nowMs) break;
      this.#heap.shift();
      const timers = fired.get(entry.key) ?? this.get(entry.key);
      const timer = timers.find(({ id }) => id === entry.id);
      // The key has moved on since: nothing needs to be cancelled.
      if (timer === undefined || timer.fired) continue;
      commands.push(timerCommand(this.#processor, entry.key, timer));
      fired.set(
        entry.key,
        timers.map((each) => (each === timer ? { ...each, fired: true } : each)),
      );
    }
    return { commands, fired };
  }

  /** Those of `before` stand in the heap already. */
  #push(key: string, timers: KeyTimers, before: KeyTimers = NO_TIMERS): void {
    this.#listed += waiting(timers);
    for (const { id, atMs, fired } of timers)
      if (!fired && !before.some((known) => known.id === id)) this.#heap.push({ atMs, key, id });
  }

  /** Timers that keys no longer list stay in the heap until their time: so many of them are thrown out at once. */
  #sweep(): void {
    this.#heap.clear();
    this.#listed = 0;
    for (const [key, timers] of this.#byKey) this.#push(key, timers);
  }
}

const waiting = (timers: KeyTimers): number => {
  let count = 0;
  for (const { fired } of timers) if (!fired) count += 1;
  return count;
};

/** A key that sets another timer with every record leaves that many behind; below this they cost less than a sweep. */
const STALE_MAX = 10_000;
