export interface FairQueueLimits {
  readonly waitingMax: number;
  readonly waitingPerKeyMax: number;
}

/**
 * A bounded queue in which keys take turns: in order within a key, round robin between keys. One busy key delays another by
 * at most one item. Every operation is O(1), but for `remove`, which is O(items of the key).
 */
export class FairQueue<Item> {
  /** In the order of turns: a Map keeps insertion order, and a key that was served is inserted again at the end. */
  readonly #lines = new Map<string, Item[]>();
  readonly #limits: FairQueueLimits;
  #size = 0;
  #lastServed: string | undefined;

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  /** Says which bound refuses the item, or null when it was taken. */
  push(key: string, item: Item): 'full' | 'key-full' | null {
    const line = this.#lines.get(key) ?? [];
    if (this.#size >= this.#limits.waitingMax) return 'full';
    if (line.length >= this.#limits.waitingPerKeyMax) return 'key-full';
    line.push(item);
    this.#lines.set(key, line);
    this.#size += 1;
    return null;
  }

  shift(): Item | undefined {
    const key = this.#nextKey();
    const line = key === undefined ? undefined : this.#lines.get(key);
    if (key === undefined || line === undefined) return undefined;
    const item = line.shift();
    this.#lines.delete(key);
    if (line.length > 0) this.#lines.set(key, line);
    this.#lastServed = key;
    this.#size -= 1;
    return item;
  }

  /** The first in turn, but not twice the same while another waits: it may have come back before the other came. */
  #nextKey(): string | undefined {
    const keys = this.#lines.keys();
    const first = keys.next().value;
    return first === this.#lastServed ? (keys.next().value ?? first) : first;
  }

  remove(key: string, item: Item): boolean {
    const line = this.#lines.get(key);
    const index = line?.indexOf(item) ?? -1;
    if (line === undefined || index < 0) return false;
    line.splice(index, 1);
    if (line.length === 0) this.#lines.delete(key);
    this.#size -= 1;
    return true;
  }

  drain(): Item[] {
    const items = [...this.#lines.values()].flat();
    this.#lines.clear();
    this.#size = 0;
    return items;
  }
}
