import type { TopicPartition } from '../partition-id.ts';
import type { FetchedBatch, LogRecord, OutgoingRecord } from '../port.ts';

/** The records of one producer's transaction in this partition: open until its marker is written. */
interface Write {
  readonly first: number;
  outcome: 'open' | 'committed' | 'aborted';
}

/**
 * One partition. Transactional records are stored at once, but readers (all of them read_committed) stop at the last
 * stable offset: the first record of the oldest open transaction. Records of aborted transactions are skipped.
 */
export class MemoryPartition implements TopicPartition {
  readonly topic: string;
  readonly partition: number;
  /** By offset; a hole is a marker, which no reader sees. */
  readonly entries: (LogRecord | null)[] = [];
  readonly #writes: (Write | null)[] = [];
  readonly #open = new Map<number, Write>();
  #low = 0;
  #waiting: (() => void)[] = [];

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  /** Offset after the last record that a reader can see. */
  get stableEnd(): number {
    let end = this.entries.length;
    for (const { first } of this.#open.values()) end = Math.min(end, first);
    return end;
  }

  /** Offset of the first record that was not deleted. */
  get low(): number {
    return this.#low;
  }

  /** Returns the offset of the first record at or after a time; the last stable offset where there is none. */
  offsetAt(timeMs: number): number {
    const found = this.entries.findIndex((entry) => entry !== null && entry.timestampMs >= timeMs);
    return found < 0 ? this.stableEnd : Math.min(found, this.stableEnd);
  }

  /** Deletes the records before an offset, up to the last stable one. Readers find none there, as after retention. */
  deleteBefore(offset: number): void {
    this.#low = Math.max(this.#low, Math.min(offset, this.stableEnd));
    this.entries.fill(null, 0, this.#low);
  }

  /** Stores one record. `producerId` is null outside of transactions. */
  append(record: OutgoingRecord, timestampMs: number, producerId: number | null = null): LogRecord {
    const offset = this.entries.length;
    const stored = { ...record, partition: this.partition, offset, timestampMs: record.timestampMs ?? timestampMs };
    this.entries.push(stored);
    this.#writes.push(producerId === null ? null : this.#writeOf(producerId, offset));
    if (producerId === null) this.#changed();
    return stored;
  }

  /**
   * Ends the producer's transaction in this partition. The marker takes an offset even if the transaction wrote no
   * records here.
   */
  mark(producerId: number, outcome: 'committed' | 'aborted'): void {
    const write = this.#open.get(producerId);
    if (write !== undefined) write.outcome = outcome;
    this.#open.delete(producerId);
    this.entries.push(null);
    this.#writes.push(null);
    this.#changed();
  }

  /** Returns records from `from` on, at most `recordsMax` offsets of them. Without new records `next` equals `from`. */
  fetch(from: number, end = Number.POSITIVE_INFINITY, recordsMax = Number.POSITIVE_INFINITY): FetchedBatch {
    const { topic, partition, stableEnd } = this;
    const next = Math.max(from, Math.min(end, stableEnd, from + recordsMax));
    const records: LogRecord[] = [];
    for (let offset = from; offset < next; offset += 1) {
      const record = this.entries[offset];
      if (record !== null && record !== undefined && this.#writes[offset]?.outcome !== 'aborted') records.push(record);
    }
    return { topic, partition, from, next, highWatermark: stableEnd, records };
  }

  /** Resolves when there is more to read after `offset`. */
  async grown(offset: number): Promise<void> {
    while (this.stableEnd <= offset) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #writeOf(producerId: number, offset: number): Write {
    const write = this.#open.get(producerId) ?? { first: offset, outcome: 'open' };
    this.#open.set(producerId, write);
    return write;
  }

  #changed(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }
}
