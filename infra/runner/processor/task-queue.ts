import type { FetchedBatch, LogRecord } from '../../kafka/port.ts';

/**
 * Records per transaction: beyond this number, another record costs as much as it gains (docs/reference/benchmarks.md).
 */
export const TRANSACTION_RECORDS_MAX = 1_000;
/** Records that wait in memory before the partition is paused. */
const QUEUE_RECORDS_MAX = 8_000;

/** Fetched batches of one partition that wait for their transaction, oldest first. */
export class TaskQueue {
  #batches: FetchedBatch[] = [];
  #records = 0;
  #room: (() => void)[] = [];

  /** Number of records that wait. */
  get records(): number {
    return this.#records;
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  /** Adds a batch. A returned promise resolves when there is room for more. */
  push(batch: FetchedBatch): Promise<void> | undefined {
    this.#batches.push(batch);
    this.#records += batch.records.length;
    if (this.#records < QUEUE_RECORDS_MAX) return undefined;
    return new Promise((resolve) => this.#room.push(resolve));
  }

  /** Removes batches of up to TRANSACTION_RECORDS_MAX records, oldest first, and returns them. */
  take(): readonly FetchedBatch[] {
    const taken: FetchedBatch[] = [];
    let space = TRANSACTION_RECORDS_MAX;
    while (space > 0) {
      const batch = this.#batches.shift();
      if (batch === undefined) break;
      const [head, rest] = splitAt(batch, space);
      taken.push(head);
      space -= head.records.length;
      if (rest !== null) this.#batches.unshift(rest);
    }
    this.#records -= TRANSACTION_RECORDS_MAX - space;
    if (this.#records < QUEUE_RECORDS_MAX / 2) for (const resume of this.#room.splice(0)) resume();
    return taken;
  }

  /**
   * Returns taken batches behind their first `count` records to the front of the queue. Returns the next offset of each
   * topic that the first records belong to.
   */
  putBackAfter(taken: readonly FetchedBatch[], count: number): ReadonlyMap<string, number> {
    const next = new Map<string, number>();
    const left: FetchedBatch[] = [];
    let passing = count;
    for (const batch of taken) {
      if (left.length > 0) {
        left.push(batch);
        continue;
      }
      const [head, rest] = splitAt(batch, passing);
      next.set(batch.topic, head.next);
      if (rest !== null) left.push(rest);
      passing -= head.records.length;
    }
    this.#batches.unshift(...left);
    for (const { records } of left) this.#records += records.length;
    return next;
  }

  /** Drops the batches that wait. */
  clear(): void {
    this.#batches = [];
  }
}

/** Returns the first `count` records of a batch, and the rest; null when there is none. */
function splitAt(batch: FetchedBatch, count: number): readonly [FetchedBatch, FetchedBatch | null] {
  const { records } = batch;
  if (records.length <= count) return [batch, null];
  const rest = records.slice(count);
  const { offset: from } = rest[0] as LogRecord;
  return [
    { ...batch, next: from, records: records.slice(0, count) },
    { ...batch, from, records: rest },
  ];
}
