import { partitionId } from '../../kafka/partition-id.ts';
import type { Position } from '../../kafka/port.ts';
import type { Advance, Item } from '../sinks/sink.ts';
import type { Part } from './bound-view.ts';
import type { Chunk } from './gather.ts';

/** The committed offset of each partition. */
export class Committed {
  readonly #positions = new Map<string, Position>();

  constructor(positions: readonly Position[]) {
    for (const position of positions) this.#positions.set(partitionId(position), position);
  }

  /** Returns the next offset of a partition; 0 when none was committed. */
  nextOf(partition: { readonly topic: string; readonly partition: number }): number {
    return this.#positions.get(partitionId(partition))?.offset ?? 0;
  }

  /** Returns one advance per partition, to the end of its last chunk. A partition without progress is left out. */
  advancesTo(chunks: readonly Chunk[]): readonly Advance[] {
    const byPartition = new Map<string, Advance>();
    for (const chunk of chunks) {
      const { topic, partition, next } = chunk;
      const expected = this.nextOf(chunk);
      if (next > expected) byPartition.set(partitionId(chunk), { topic, partition, expected, next });
    }
    return [...byPartition.values()];
  }

  settle(advances: readonly Advance[]): void {
    for (const { topic, partition, next } of advances)
      this.#positions.set(partitionId({ topic, partition }), { topic, partition, offset: next });
  }

  entries(): readonly Position[] {
    return [...this.#positions.values()];
  }
}

/**
 * Splits a commit into two consecutive ones, each with its own advances; used to find the one item that cannot be
 * written.
 */
export function halves<Change>({ items, advances }: Part<Change>): readonly [Part<Change>, Part<Change>] {
  const middle = Math.ceil(items.length / 2);
  const later = items.slice(middle);
  const cuts = advances.map((advance) => {
    const firstLater = later.find(({ record }) => partitionId(record) === partitionId(advance));
    return { ...advance, cut: firstLater?.record.offset ?? advance.next };
  });
  const part = (part: readonly Item<Change>[], of: readonly Advance[]): Part<Change> => ({
    items: part,
    advances: of.filter(({ expected, next }) => next > expected),
  });
  return [
    part(
      items.slice(0, middle),
      cuts.map(({ cut, topic, partition, expected }) => ({ topic, partition, expected, next: cut })),
    ),
    part(
      later,
      cuts.map(({ cut, topic, partition, next }) => ({ topic, partition, expected: cut, next })),
    ),
  ];
}
