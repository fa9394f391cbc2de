import type { FetchedBatch, Position } from './log.ts';

/** Where a reader stands, so that it goes on from there, and not from where it began, when its partitions come anew. */
export class Places {
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
    this.#next.set(`${topic} ${partition}`, { topic, partition, offset });
  }
}

/** What of the batch stands before `end`: whoever reads on from its `next` later misses nothing of what was cut off. */
export const cutAt = (batch: FetchedBatch, end: number): FetchedBatch =>
  batch.next <= end
    ? batch
    : { ...batch, next: Math.max(batch.from, end), records: batch.records.filter(({ offset }) => offset < end) };
