import { partitionId } from '../../kafka/partition-id.ts';
import type { FetchedBatch, Position } from '../../kafka/port.ts';
import { weightOfAll } from './weight.ts';

type Place = Pick<Position, 'topic' | 'partition'>;

/**
 * The batches that a shared reader has delivered and that some view may not have committed: of each partition a
 * contiguous range up to the last delivered batch. Views continue from it after an error, without another fetch.
 */
export class Retained {
  #batches: FetchedBatch[] = [];
  #records = 0;
  /** The first retained offset of each partition: that of the first batch, or of the next one to be delivered. */
  readonly #starts: Map<string, number>;

  /** `starts`: where the shared reader begins. */
  constructor(starts: readonly Position[]) {
    this.#starts = new Map(starts.map((position) => [partitionId(position), position.offset]));
  }

  /** Number of records held in memory; a large one counts for several. */
  get records(): number {
    return this.#records;
  }

  /** Returns the offset from which on every delivered record of the partition is here; 0 for an unknown partition. */
  startOf(place: Place): number {
    return this.#starts.get(partitionId(place)) ?? 0;
  }

  add(batch: FetchedBatch): void {
    this.#batches.push(batch);
    this.#records += weightOfAll(batch.records);
  }

  /** Returns the batches with offsets from `nextOf` on, in the order of delivery. */
  from(nextOf: (place: Place) => number): readonly FetchedBatch[] {
    return this.#batches.filter((batch) => batch.next > nextOf(batch));
  }

  /** Forgets batches that end before `nextOf`. */
  settle(nextOf: (place: Place) => number): void {
    this.#keep((batch) => batch.next > nextOf(batch));
  }

  /** Forgets all batches: views that have not committed them read them again alone. */
  clear(): void {
    this.#keep(() => false);
  }

  copy(): Retained {
    return this.joinedWith(new Retained([]), new Set());
  }

  /** Returns a copy with the batches of `other` whose topics are not among `topics`. */
  joinedWith(other: Retained, topics: ReadonlySet<string>): Retained {
    const joined = new Retained([]);
    for (const [id, start] of [...other.#starts, ...this.#starts]) joined.#starts.set(id, start);
    for (const batch of this.#batches) joined.add(batch);
    for (const batch of other.#batches) if (!topics.has(batch.topic)) joined.add(batch);
    return joined;
  }

  /** A partition is forgotten from its first batch on, so that its range stays contiguous. */
  #keep(keeps: (batch: FetchedBatch) => boolean): void {
    const kept: FetchedBatch[] = [];
    for (const batch of this.#batches)
      if (keeps(batch)) kept.push(batch);
      else {
        this.#starts.set(partitionId(batch), batch.next);
        this.#records -= weightOfAll(batch.records);
      }
    this.#batches = kept;
  }
}
