import { partitionId } from './partition-id.ts';
import type { FetchedBatch, Position } from './port.ts';

/** The next offset of each partition, so that a reader resumes there after a reassignment. */
export class ReadPositions {
  readonly #next = new Map<string, Position>();

  constructor(start: readonly Position[]) {
    for (const { topic, partition, offset } of start) this.#set(topic, partition, offset);
  }

  pass({ topic, partition, next }: FetchedBatch): void {
    this.#set(topic, partition, next);
  }

  all(): readonly Position[] {
    return [...this.#next.values()];
  }

  #set(topic: string, partition: number, offset: number): void {
    this.#next.set(partitionId({ topic, partition }), { topic, partition, offset });
  }
}

/** Returns the batch truncated at `end`; `next` is lowered so that the dropped records are read again. */
export const truncateAt = (batch: FetchedBatch, end: number): FetchedBatch =>
  batch.next <= end
    ? batch
    : { ...batch, next: Math.max(batch.from, end), records: batch.records.filter(({ offset }) => offset < end) };
