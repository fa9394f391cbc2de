import type { FetchedBatch, LogRecord } from '../../kafka/port.ts';

/**
 * Records per transaction: beyond this number, another record costs as much as it gains (docs/reference/benchmarks.md).
 */
export const TRANSACTION_RECORDS_MAX = 1_000;
/** Records that wait in memory before a topic with a transaction of its own is paused. */
const QUEUE_RECORDS_MAX = 8_000;

/**
 * Fetched batches of one partition that wait for their transaction. They are taken in the order of arrival while one transaction
 * has room for all of them. When more wait, the lines share the transaction, and the shortest come first: a start does not stand
 * behind thousands of reports. Within a line, and so within a topic, the order of arrival is kept.
 */
export class TaskQueue {
  readonly #lineOf: (topic: string) => string;
  /** In the order of arrival. */
  #batches: FetchedBatch[] = [];
  /** Number of records that wait, by line. */
  readonly #waiting = new Map<string, number>();
  #records = 0;
  #room: (() => void)[] = [];

  /** `lineOf` returns the line of a topic; each topic is one by default. */
  constructor(lineOf: (topic: string) => string = (topic) => topic) {
    this.#lineOf = lineOf;
  }

  /** Number of records that wait. */
  get records(): number {
    return this.#records;
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  /**
   * Adds a batch. A returned promise resolves when there is room for more of its topic; a line with less than a transaction is
   * read on, however much waits in others.
   */
  push(batch: FetchedBatch): Promise<void> | undefined {
    this.#batches.push(batch);
    this.#count(batch, 1);
    const own = this.#waitingIn(this.#lineOf(batch.topic));
    if (this.#records < QUEUE_RECORDS_MAX || own < TRANSACTION_RECORDS_MAX) return undefined;
    return new Promise((resolve) => this.#room.push(resolve));
  }

  /** Removes batches of up to TRANSACTION_RECORDS_MAX records and returns them. */
  take(): readonly FetchedBatch[] {
    const taken = this.#records <= TRANSACTION_RECORDS_MAX ? this.#batches.splice(0) : this.#shared();
    for (const batch of taken) this.#count(batch, -1);
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
    for (const batch of left) this.#count(batch, 1);
    return next;
  }

  /** Drops the batches that wait. */
  clear(): void {
    this.#batches = [];
  }

  #waitingIn(line: string): number {
    return this.#waiting.get(line) ?? 0;
  }

  #count({ topic, records }: FetchedBatch, sign: 1 | -1): void {
    const line = this.#lineOf(topic);
    const left = this.#waitingIn(line) + sign * records.length;
    if (left === 0) this.#waiting.delete(line);
    else this.#waiting.set(line, left);
    this.#records += sign * records.length;
  }

  /** Removes one transaction of what waits: of each line its share, the shortest lines first. */
  #shared(): FetchedBatch[] {
    const byLine = Map.groupBy(this.#batches, ({ topic }) => this.#lineOf(topic));
    const lines = [...byLine].sort(([one], [other]) => this.#waitingIn(one) - this.#waitingIn(other));
    const taken: FetchedBatch[] = [];
    const left = new Map<FetchedBatch, FetchedBatch>();
    let free = TRANSACTION_RECORDS_MAX;
    for (const [at, [line, batches]] of lines.entries()) {
      // Max-min fairness: what a short line leaves goes to the longer ones.
      let share = Math.min(this.#waitingIn(line), Math.ceil(free / (lines.length - at)));
      free -= share;
      let isOver = false;
      for (const batch of batches) {
        // A batch without records moves the position of its topic, and takes no room.
        isOver ||= share === 0 && batch.records.length > 0;
        const [head, rest] = isOver ? [null, batch] : splitAt(batch, share);
        if (head !== null) taken.push(head);
        if (rest === null) {
          share -= batch.records.length;
          continue;
        }
        left.set(batch, rest);
        isOver = true;
      }
    }
    this.#batches = this.#batches.flatMap((batch) => left.get(batch) ?? []);
    return taken;
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
