/** Bounds of waiting items, in all and per key. */
export interface FairQueueLimits {
  readonly waitingMax: number;
  readonly waitingPerKeyMax: number;
}

/**
 * A bounded queue with round robin between keys, and in order within a key. One busy key delays another by at most one
 * item. Every operation is O(1), except `remove`, which is O(items of the key).
 */
export class FairQueue<Item> {
  /** In the order of turns: a Map keeps insertion order, and a served key is inserted again at the end. */
  readonly #queues = new Map<string, Item[]>();
  readonly #limits: FairQueueLimits;
  #size = 0;
  #lastServed: string | undefined;

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds an item. Returns the bound that rejects it, or null when it was added. */
  push(key: string, item: Item): 'full' | 'key-full' | null {
    const queue = this.#queues.get(key) ?? [];
    if (this.#size >= this.#limits.waitingMax) return 'full';
    if (queue.length >= this.#limits.waitingPerKeyMax) return 'key-full';
    queue.push(item);
    this.#queues.set(key, queue);
    this.#size += 1;
    return null;
  }

  shift(): Item | undefined {
    const key = this.#nextKey();
    const queue = key === undefined ? undefined : this.#queues.get(key);
    if (key === undefined || queue === undefined) return undefined;
    const item = queue.shift();
    this.#queues.delete(key);
    if (queue.length > 0) this.#queues.set(key, queue);
    this.#lastServed = key;
    this.#size -= 1;
    return item;
  }

  /**
   * Returns the first key in turn, but not the last served one while another waits: it may have returned before the
   * other arrived.
   */
  #nextKey(): string | undefined {
    const keys = this.#queues.keys();
    const first = keys.next().value;
    return first === this.#lastServed ? (keys.next().value ?? first) : first;
  }

  remove(key: string, item: Item): boolean {
    const queue = this.#queues.get(key);
    const index = queue?.indexOf(item) ?? -1;
    if (queue === undefined || index < 0) return false;
    queue.splice(index, 1);
    if (queue.length === 0) this.#queues.delete(key);
    this.#size -= 1;
    return true;
  }

  drain(): Item[] {
    const items = [...this.#queues.values()].flat();
    this.#queues.clear();
    this.#size = 0;
    return items;
  }
}
