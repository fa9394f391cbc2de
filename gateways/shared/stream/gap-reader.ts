import type { RecordDecoder } from '../../../infra/kafka/decode.ts';
import type { Decoded } from '../../../infra/kafka/envelope.ts';
import type { Log, LogRecord, Position } from '../../../infra/kafka/port.ts';
import { isRedriven } from '../../../infra/runner/dead-letters/write.ts';

/** The missing items of a key. */
export interface GapRequest<Item> {
  readonly key: string;
  readonly tenantId: string;
  /** Read positions of the read model in the topic; other partitions are read from their beginning. */
  readonly positions: readonly Position[];
  /** Returns true for an item that is missing. */
  readonly lacks: (item: Item) => boolean;
}

/** The topic of a gap reader, and its items. */
export interface GapItems<Item> {
  readonly topic: string;
  /** Returns the item of a record; null for a record that is none. */
  readonly itemOf: (decoded: Decoded) => Item | null;
  /** Returns the place of an item among those of its key: items with one number are one item. */
  readonly orderOf: (item: Item) => number;
}

/** A request with the items found for it, by their order. */
interface Wanted<Item> {
  readonly request: GapRequest<Item>;
  readonly found: Map<number, Item>;
  readonly resolve: (items: readonly Item[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads items that the read model does not have yet from the log. One pass runs at a time, for all requests that wait when
 * it begins: thousands of streams that resume while a projection is behind cost the broker one pass.
 */
export class GapReader<Item> {
  readonly #log: Pick<Log, 'readTo' | 'watermarks'>;
  readonly #decoder: RecordDecoder;
  readonly #items: GapItems<Item>;
  #waiting: Wanted<Item>[] = [];
  #reading = false;

  constructor(log: Pick<Log, 'readTo' | 'watermarks'>, decoder: RecordDecoder, items: GapItems<Item>) {
    this.#log = log;
    this.#decoder = decoder;
    this.#items = items;
  }

  /** Resolves with the missing items of a key, from `positions` to the end of the log, in order. Rejects with LogError. */
  read(request: GapRequest<Item>): Promise<readonly Item[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, found: new Map(), resolve, reject });
      void this.#work();
    });
  }

  async #work(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    while (this.#waiting.length > 0) {
      const all = this.#waiting;
      this.#waiting = [];
      try {
        await this.#collect(all);
        for (const { found, resolve } of all) resolve([...found].sort(([a], [b]) => a - b).map(([, item]) => item));
      } catch (error) {
        for (const { reject } of all) reject(error);
      }
    }
    this.#reading = false;
  }

  async #collect(all: readonly Wanted<Item>[]): Promise<void> {
    const byKey = Map.groupBy(all, ({ request }) => request.key);
    const from = await this.#starts(all);
    if (from.length === 0) return;
    await this.#log.readTo({
      from,
      onBatch: async ({ records }) => {
        for (const record of records) {
          const wanted = byKey.get(record.key ?? '');
          if (wanted !== undefined && !isRedriven(record.headers)) await this.#find(record, wanted);
        }
      },
    });
  }

  /** Returns, per partition with unread records, the lowest offset that any waiting request needs. */
  async #starts(all: readonly Wanted<Item>[]): Promise<Position[]> {
    const ends = await this.#log.watermarks([this.#items.topic]);
    const reached = all.map(({ request }) => new Map(request.positions.map((each) => [each.partition, each.offset])));
    return ends
      .map(({ topic, partition, low, high }) => {
        const earliest = Math.min(...reached.map((offsets) => offsets.get(partition) ?? 0));
        return { topic, partition, high, offset: Math.max(earliest, low) };
      })
      .filter(({ offset, high }) => offset < high)
      .map(({ topic, partition, offset }) => ({ topic, partition, offset }));
  }

  async #find(record: LogRecord, wanted: readonly Wanted<Item>[]): Promise<void> {
    const decoded = await this.#decoder.decode(record);
    const item = this.#items.itemOf(decoded);
    if (item === null) return;
    for (const { request, found } of wanted)
      if (request.tenantId === decoded.meta.tenantId && request.lacks(item)) found.set(this.#items.orderOf(item), item);
  }
}
