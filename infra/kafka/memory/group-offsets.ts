import type { CommittedOffset } from '../log.ts';
import { placeOf } from './partition.ts';

interface Stored {
  readonly offset: CommittedOffset;
  /** Where its record stands in the coordinator's own log. */
  readonly at: number;
}

/**
 * Committed offsets of one group. Those of a transaction wait for its marker; until then the older ones are told (a
 * client that does not ask for stable offsets, KIP-447, gets them). Of two commits the one whose record is later in the
 * coordinator's log holds, whichever marker came first.
 */
export class GroupOffsets {
  readonly #committed = new Map<string, Stored>();
  readonly #pending = new Map<number, Stored[]>();
  #end = 0;

  stage(producerId: number, offsets: readonly CommittedOffset[]): void {
    const pending = this.#pending.get(producerId) ?? [];
    this.#pending.set(producerId, pending);
    for (const offset of offsets) pending.push({ offset, at: this.#end++ });
  }

  mark(producerId: number, outcome: 'committed' | 'aborted'): void {
    const pending = this.#pending.get(producerId) ?? [];
    this.#pending.delete(producerId);
    if (outcome === 'aborted') return;
    for (const stored of pending) {
      const place = placeOf(stored.offset);
      if ((this.#committed.get(place)?.at ?? -1) < stored.at) this.#committed.set(place, stored);
    }
  }

  pendingOf(producerId: number): readonly CommittedOffset[] {
    return (this.#pending.get(producerId) ?? []).map(({ offset }) => offset);
  }

  read(topic: string, partition: number): CommittedOffset {
    const known = this.#committed.get(placeOf({ topic, partition }));
    return known?.offset ?? { topic, partition, offset: -1, metadata: '' };
  }
}
