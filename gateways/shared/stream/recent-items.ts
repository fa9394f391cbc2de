import type { Position } from '../../../infra/kafka/port.ts';

/** Where an item was read from, and its size in the log. */
export interface ItemPosition {
  readonly partition: number;
  readonly offset: number;
  readonly bytes: number;
}

interface Kept {
  readonly key: string;
  readonly position: ItemPosition;
}

/** Ten minutes of a busy gateway; most streams begin or resume within seconds of the events that they need. */
const ITEMS_MAX = 10_000;
const BYTES_MAX = 64 * 1024 * 1024;

/**
 * The latest items of a topic that this process has read, by key: at most 10,000 and 64 MB. Keeps all items of a partition
 * from its floor on; earlier ones are in the read model or in the log.
 */
export class RecentItems<Item> {
  readonly #byKey = new Map<string, Item[]>();
  readonly #tenants = new Map<string, string>();
  readonly #floors = new Map<number, number>();
  readonly #limits: { readonly itemsMax: number; readonly bytesMax: number };
  #kept: Kept[] = [];
  #first = 0;
  #bytes = 0;

  constructor(limits: { readonly itemsMax?: number; readonly bytesMax?: number } = {}) {
    this.#limits = { itemsMax: ITEMS_MAX, bytesMax: BYTES_MAX, ...limits };
  }

  /** Adds the next item of a partition; drops the oldest ones beyond the bounds. */
  add(key: string, item: Item, tenantId: string, position: ItemPosition): void {
    const items = this.#byKey.get(key);
    if (items === undefined) this.#byKey.set(key, [item]);
    else items.push(item);
    this.#tenants.set(key, tenantId);
    this.#kept.push({ key, position });
    this.#bytes += position.bytes;
    while (this.#kept.length - this.#first > this.#limits.itemsMax || this.#bytes > this.#limits.bytesMax)
      this.#evict();
  }

  /** Returns the items of a key that are here, oldest first. */
  of(key: string): readonly Item[] {
    return this.#byKey.get(key) ?? [];
  }

  /** Returns the tenant of a key; undefined when it has no items here. */
  tenantOf(key: string): string | undefined {
    return this.#tenants.get(key);
  }

  /**
   * Returns true when all items from `positions` on are here. `began` are the first positions of the tail; without them
   * the answer is false.
   */
  covers(positions: readonly Position[], began: readonly Position[]): boolean {
    const reached = new Map(positions.map(({ partition, offset }) => [partition, offset]));
    return (
      began.length > 0 &&
      began.every(({ partition, offset }) => (reached.get(partition) ?? 0) >= (this.#floors.get(partition) ?? offset))
    );
  }

  /** Returns true when an item at or behind one of `positions`, of its partition, was dropped: a reader of both misses it. */
  hasDropped(positions: readonly Position[]): boolean {
    const reached = new Map(positions.map(({ partition, offset }) => [partition, offset]));
    return [...this.#floors].some(([partition, floor]) => (reached.get(partition) ?? 0) < floor);
  }

  #evict(): void {
    const oldest = this.#kept[this.#first];
    if (oldest === undefined) return;
    this.#first += 1;
    const { key, position } = oldest;
    this.#bytes -= position.bytes;
    this.#floors.set(position.partition, position.offset + 1);
    const items = this.#byKey.get(key);
    items?.shift();
    if (items?.length === 0) {
      this.#byKey.delete(key);
      this.#tenants.delete(key);
    }
    if (this.#first >= this.#limits.itemsMax) {
      this.#kept = this.#kept.slice(this.#first);
      this.#first = 0;
    }
  }
}
