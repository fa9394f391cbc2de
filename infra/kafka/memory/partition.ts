import type { FetchedBatch, LogRecord, OutgoingRecord } from '../log.ts';

/** What one producer wrote here in one transaction: open until its marker stands. */
interface Write {
  readonly first: number;
  outcome: 'open' | 'committed' | 'aborted';
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export const placeOf = ({ topic, partition }: TopicPartition): string => `${topic} ${partition}`;

/**
 * One partition. Transactional records stand in it at once, but readers (all of them read_committed) stop at the last
 * stable offset: the first record of the oldest transaction that is still open. Records of aborted ones are passed over.
 */
export class MemoryPartition implements TopicPartition {
  readonly topic: string;
  readonly partition: number;
  /** By offset; a hole is a marker, which no reader sees. */
  readonly entries: (LogRecord | null)[] = [];
  readonly #writes: (Write | null)[] = [];
  readonly #open = new Map<number, Write>();
  #waiting: (() => void)[] = [];

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  /** Offset behind the last record that a reader can see. */
  get stableEnd(): number {
    let end = this.entries.length;
    for (const { first } of this.#open.values()) end = Math.min(end, first);
    return end;
  }

  /** `producerId` is null outside of transactions. */
  append(record: OutgoingRecord, timestampMs: number, producerId: number | null = null): LogRecord {
    const offset = this.entries.length;
    const stored = { ...record, partition: this.partition, offset, timestampMs };
    this.entries.push(stored);
    this.#writes.push(producerId === null ? null : this.#writeOf(producerId, offset));
    if (producerId === null) this.#changed();
    return stored;
  }

  /** Ends the producer's transaction here. The marker takes an offset, also where nothing was written. */
  mark(producerId: number, outcome: 'committed' | 'aborted'): void {
    const write = this.#open.get(producerId);
    if (write !== undefined) write.outcome = outcome;
    this.#open.delete(producerId);
    this.entries.push(null);
    this.#writes.push(null);
    this.#changed();
  }

  /** What a reader gets: records from `from` on, `recordsMax` offsets of them at most. Nothing new: `next` equals `from`. */
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

  /** Resolves when a reader that stands at `offset` can get further. */
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
