import { partitionId } from '../partition-id.ts';
import type { CommittedOffset } from '../port.ts';

interface Stored {
  readonly offset: CommittedOffset;
  /** Position of its record in the coordinator's own log. */
  readonly at: number;
}

/**
 * Committed offsets of one group. The offsets of a transaction wait for its marker; until then the older ones are returned
 * (as to a client that does not require stable offsets, KIP-447). Of two commits the one whose record is later in the
 * coordinator's log wins, in any order of their markers.
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
      const place = partitionId(stored.offset);
      if ((this.#committed.get(place)?.at ?? -1) < stored.at) this.#committed.set(place, stored);
    }
  }

  pendingOf(producerId: number): readonly CommittedOffset[] {
    return (this.#pending.get(producerId) ?? []).map(({ offset }) => offset);
  }

  /** Topics of the committed offsets. */
  get topics(): readonly string[] {
    return [...new Set([...this.#committed.values()].map(({ offset }) => offset.topic))];
  }

  read(topic: string, partition: number): CommittedOffset {
    const known = this.#committed.get(partitionId({ topic, partition }));
    return known?.offset ?? { topic, partition, offset: -1, metadata: '' };
  }
}
