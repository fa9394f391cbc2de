import type { Chunk } from './gather.ts';
import type { Advance, Item } from './sink.ts';

const placeOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string =>
  `${topic} ${partition}`;

/** How far each partition has been committed. */
export class Committed {
  readonly #next = new Map<string, number>();

  constructor(positions: readonly { readonly topic: string; readonly partition: number; readonly offset: number }[]) {
    for (const position of positions) this.#next.set(placeOf(position), position.offset);
  }

  nextOf(place: { readonly topic: string; readonly partition: number }): number {
    return this.#next.get(placeOf(place)) ?? 0;
  }

  /** One advance a partition, to the end of its last chunk. A partition that would not move is left out. */
  advancesTo(chunks: readonly Chunk[]): readonly Advance[] {
    const byPlace = new Map<string, Advance>();
    for (const chunk of chunks) {
      const { topic, partition, next } = chunk;
      const expected = this.nextOf(chunk);
      if (next > expected) byPlace.set(placeOf(chunk), { topic, partition, expected, next });
    }
    return [...byPlace.values()];
  }

  settle(advances: readonly Advance[]): void {
    for (const advance of advances) this.#next.set(placeOf(advance), advance.next);
  }

  entries(): readonly { readonly topic: string; readonly partition: number; readonly offset: number }[] {
    return [...this.#next].map(([place, offset]) => {
      const [topic = '', partition = ''] = place.split(' ');
      return { topic, partition: Number(partition), offset };
    });
  }
}

export interface Part<Change> {
  readonly items: readonly Item<Change>[];
  readonly advances: readonly Advance[];
}

/** Cuts a commit in two that follow each other, each with its own advances; for finding the one item that cannot be written. */
export function halves<Change>({ items, advances }: Part<Change>): readonly [Part<Change>, Part<Change>] {
  const middle = Math.ceil(items.length / 2);
  const later = items.slice(middle);
  const cuts = advances.map((advance) => {
    const firstLater = later.find(({ record }) => placeOf(record) === placeOf(advance));
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
