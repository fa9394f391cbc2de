import { setImmediate as turn } from 'node:timers/promises';
import type { FetchedBatch, LogRecord } from '../../kafka/port.ts';
import { countWithin, weightOfAll } from './weight.ts';

/** Consecutive records of one partition. */
export interface Chunk {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly LogRecord[];
  /** The first offset after the chunk. */
  readonly next: number;
}

/**
 * Time for which batches without records (transaction markers alone) wait for others before they are committed, in ms.
 */
const EMPTY_WAIT_MS = 500;
/** Time for which patient batches wait for others, in ms. */
const PATIENT_WAIT_MS = 250;

/**
 * Collects batches of all partitions during a commit, so that the next commit writes them together: all pending records
 * up to a bound, and a single pending record at once, with those that arrive in the same turn of the event loop.
 */
export class Gatherer {
  readonly #recordsMax: number;
  #waiting: Chunk[] = [];
  #records = 0;
  #closed = false;
  #ending = false;
  /** True when a pending batch waits no longer. */
  #due = false;
  #wake: () => void = () => undefined;
  #drained: (() => void)[] = [];
  #timer: NodeJS.Timeout | null = null;
  #timerMs = Number.POSITIVE_INFINITY;
  #filled: PromiseWithResolvers<void> | null = null;

  /** `recordsMax` bounds one commit; a large record counts for several. The same number may be pending for the next; beyond that, reading pauses. */
  constructor(recordsMax: number) {
    this.#recordsMax = recordsMax;
  }

  /** True when as many records are pending as one commit takes. */
  get isFull(): boolean {
    return this.#records >= this.#recordsMax;
  }

  /**
   * Adds a batch; a patient one may wait for others. Returns undefined when more may follow at once, or a promise that
   * resolves when there is room again.
   */
  put({ topic, partition, records, next }: FetchedBatch, isPatient = false): Promise<void> | undefined {
    if (this.#closed) return undefined;
    this.#waiting.push({ topic, partition, records, next });
    this.#records += weightOfAll(records);
    if (records.length === 0) this.#dueWithin(EMPTY_WAIT_MS);
    else if (isPatient && !this.isFull) this.#dueWithin(PATIENT_WAIT_MS);
    else this.#dueNow();
    if (!this.isFull) return undefined;
    this.#resolveFull();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  /** Resolves when a full commit is pending, or after `end` or `close`. */
  full(): Promise<void> {
    if (this.#closed || this.#ending || this.isFull) return Promise.resolve();
    this.#filled ??= Promise.withResolvers();
    return this.#filled.promise;
  }

  /** Resolves with the chunks of the next commit, at most `recordsMax` records; null when closed, or ended and empty. */
  async take(): Promise<readonly Chunk[] | null> {
    if (!this.#closed && !this.#ending && !this.#due) {
      while (!this.#closed && !this.#ending && !this.#due)
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      // One fetch delivers the batches of its partitions one by one.
      await turn();
    }
    if (this.#closed || (this.#ending && this.#waiting.length === 0)) return null;
    const taken: Chunk[] = [];
    let room = this.#recordsMax;
    while (room > 0) {
      const chunk = this.#waiting[0];
      if (chunk === undefined) break;
      // A record that is larger than a whole commit is one of its own.
      const count = Math.max(taken.length === 0 ? 1 : 0, countWithin(chunk.records, room));
      if (count === 0 && chunk.records.length > 0) break;
      this.#waiting.shift();
      const fits = chunk.records.slice(0, count);
      const rest = chunk.records.slice(count);
      const behind = rest[0];
      taken.push({ ...chunk, records: fits, next: behind?.offset ?? chunk.next });
      if (behind !== undefined) this.#waiting.unshift({ ...chunk, records: rest });
      const weight = weightOfAll(fits);
      room -= weight;
      this.#records -= weight;
    }
    if (this.#waiting.length === 0) {
      this.#due = false;
      this.#stopTimer();
    }
    if (!this.isFull) for (const resolve of this.#drained.splice(0)) resolve();
    return taken;
  }

  /** Ends the input; `take` then returns the pending chunks, then null. */
  end(): void {
    this.#ending = true;
    this.#resolveFull();
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#waiting = [];
    this.#stopTimer();
    this.#resolveFull();
    this.#wake();
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  #dueNow(): void {
    this.#due = true;
    this.#stopTimer();
    this.#wake();
  }

  #dueWithin(waitMs: number): void {
    const atMs = performance.now() + waitMs;
    if (this.#due || this.#timerMs <= atMs) return;
    this.#stopTimer();
    this.#timerMs = atMs;
    this.#timer = setTimeout(() => this.#dueNow(), waitMs);
  }

  #resolveFull(): void {
    this.#filled?.resolve();
    this.#filled = null;
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#timerMs = Number.POSITIVE_INFINITY;
  }
}
