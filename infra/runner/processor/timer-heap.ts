/** A timer in the heap. */
export interface HeapEntry {
  readonly atMs: number;
  readonly key: string;
  readonly id: string;
}

/** A binary heap ordered by time, then by id, so that every owner fires timers in the same order. */
export class TimerHeap {
  #entries: HeapEntry[] = [];

  get size(): number {
    return this.#entries.length;
  }

  get first(): HeapEntry | undefined {
    return this.#entries[0];
  }

  clear(): void {
    this.#entries = [];
  }

  push(entry: HeapEntry): void {
    const entries = this.#entries;
    let at = entries.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, entries[parent])) break;
      entries[at] = entries[parent] as HeapEntry;
      at = parent;
    }
    entries[at] = entry;
  }

  /** Removes the earliest entry and returns it; undefined when the heap is empty. */
  shift(): HeapEntry | undefined {
    const entries = this.#entries;
    const [first] = entries;
    const last = entries.pop();
    if (first === undefined || last === undefined || entries.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && isBefore(entries[child + 1] as HeapEntry, entries[child])) child += 1;
      if (!isBefore(entries[child] as HeapEntry, last)) break;
      entries[at] = entries[child] as HeapEntry;
      at = child;
    }
    entries[at] = last;
    return first;
  }
}

const isBefore = (one: HeapEntry, other: HeapEntry | undefined): boolean =>
  other !== undefined && (one.atMs < other.atMs || (one.atMs === other.atMs && one.id < other.id));
