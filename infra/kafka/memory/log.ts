import { createHash } from 'node:crypto';
import { LogError } from '../errors.ts';
import type {
  Appender,
  CommittedOffset,
  FetchedBatch,
  GroupOptions,
  Log,
  LogRecord,
  Membership,
  OutgoingRecord,
  Position,
  Reader,
  TopicConfig,
  TransactionBatch,
  Transactor,
  Watermark,
} from '../log.ts';
import { Places } from '../places.ts';
import { bytesOf, RECORD_BYTES_MAX } from '../record-size.ts';
import { MemoryGroup } from './group.ts';

export interface MemoryLogOptions {
  /** Wall clock of appends, ms. */
  readonly now?: () => number;
  /** Called before each step that a broker would take time for: a scheduler may delay, or throw to crash the caller. */
  readonly yield?: (point: string) => Promise<void>;
}

/** One partition: records by offset; a hole is a transaction marker, which no reader sees. */
export interface MemoryPartition {
  readonly entries: (LogRecord | null)[];
}

/**
 * The log port in memory, with the broker's rules that matter to its users: fencing by transactional id, atomic
 * transactions that end in a marker, committed offsets with metadata, co-partitioned groups. For tests and the simulation.
 */
export class MemoryLog implements Log {
  readonly #topics = new Map<string, MemoryPartition[]>();
  readonly #epochs = new Map<string, number>();
  readonly #offsets = new Map<string, CommittedOffset>();
  readonly #groups = new Map<string, MemoryGroup>();
  readonly #listeners = new Set<() => void>();
  readonly #now: () => number;
  readonly #yield: (point: string) => Promise<void>;
  #groupsMade = 0;
  /** While true every request is refused, as if no broker answered. */
  away = false;

  constructor(options: MemoryLogOptions = {}) {
    this.#now = options.now ?? Date.now;
    this.#yield = options.yield ?? (() => Promise.resolve());
  }

  async appender(): Promise<Appender> {
    return {
      append: async (records) => {
        await this.#request('append');
        for (const record of records)
          if (bytesOf(record) > RECORD_BYTES_MAX)
            throw new LogError('RECORD_TOO_LARGE', `too large for ${record.topic}`);
        const positions = this.#placeAll(records);
        this.#changed();
        return positions;
      },
      close: async () => undefined,
    };
  }

  async transactor(id: string): Promise<Transactor> {
    await this.#request('fence');
    const epoch = (this.#epochs.get(id) ?? 0) + 1;
    this.#epochs.set(id, epoch);
    let broken: LogError | null = null;
    const commit = async (batch: TransactionBatch): Promise<void> => {
      if (broken !== null) throw broken;
      try {
        await this.#request('commit');
        if (this.#epochs.get(id) !== epoch) throw new LogError('FENCED', `a newer holder of ${id} exists`);
        this.#settle(batch);
        await this.#request('committed');
      } catch (error) {
        broken =
          error instanceof LogError ? error : new LogError('TRANSACTION_FAILED', String(error), { cause: error });
        throw broken;
      }
    };
    return {
      commit,
      close: async () => {
        broken ??= new LogError('TRANSACTION_FAILED', 'the transactor is closed');
      },
    };
  }

  async join(options: GroupOptions): Promise<Membership> {
    await this.#request('join');
    for (const topic of options.topics) this.partitionsOf(topic);
    const group = this.#groups.get(options.group) ?? new MemoryGroup(this);
    this.#groups.set(options.group, group);
    return group.join(options);
  }

  async committed(group: string, topics: readonly string[]): Promise<readonly CommittedOffset[]> {
    await this.#request('committed offsets');
    return topics.flatMap((topic) =>
      this.partitionsOf(topic).map(
        (_, partition) =>
          this.#offsets.get(`${group} ${topic} ${partition}`) ?? { topic, partition, offset: -1, metadata: '' },
      ),
    );
  }

  async tail(options: Parameters<Log['tail']>[0]): Promise<Reader> {
    const { from, topics } = options;
    const start =
      from === 'beginning'
        ? []
        : from === 'end'
          ? (await this.watermarks(topics)).map((mark) => ({ ...mark, offset: mark.high }))
          : from;
    const places = new Places(start);
    this.#groupsMade += 1;
    return this.join({
      group: `tail-${this.#groupsMade}`,
      topics,
      handlers: {
        onAssigned: async () => places.all(),
        onBatch: (batch) => {
          places.pass(batch);
          return options.onBatch(batch) ?? undefined;
        },
        onCrash: options.onCrash,
      },
    });
  }

  async readTo({
    from,
    onBatch,
  }: {
    from: readonly Position[];
    onBatch: (batch: FetchedBatch) => Promise<void> | void;
  }): Promise<void> {
    await this.#request('read');
    for (const { topic, partition, offset } of from) {
      const end = this.#partition(topic, partition).entries.length;
      if (offset < end) await onBatch(this.fetch(topic, partition, offset, end));
    }
  }

  async watermarks(topics: readonly string[]): Promise<readonly Watermark[]> {
    await this.#request('watermarks');
    return topics.flatMap((topic) =>
      this.partitionsOf(topic).map(({ entries }, partition) => ({
        topic,
        partition,
        offset: entries.length,
        low: 0,
        high: entries.length,
      })),
    );
  }

  async createTopics(topics: readonly TopicConfig[]): Promise<readonly string[]> {
    const missing = topics.filter(({ name }) => !this.#topics.has(name));
    for (const { name, partitions } of missing)
      this.#topics.set(
        name,
        Array.from({ length: partitions }, () => ({ entries: [] })),
      );
    return missing.map(({ name }) => name);
  }

  async ping(): Promise<void> {
    await this.#request('ping');
  }

  async close(): Promise<void> {
    await Promise.all([...this.#groups.values()].map((group) => group.close()));
  }

  /** The records from `from` up to `end` (default: all there is), as a fetch answers them. */
  fetch(topic: string, partition: number, from: number, end = Number.POSITIVE_INFINITY): FetchedBatch {
    const { entries } = this.#partition(topic, partition);
    const next = Math.min(end, entries.length);
    const records = entries.slice(from, next).filter((entry) => entry !== null);
    return { topic, partition, from, next, highWatermark: entries.length, records };
  }

  partitionsOf(topic: string): MemoryPartition[] {
    const partitions = this.#topics.get(topic);
    if (partitions === undefined) throw new LogError('LOG_PROTOCOL', `topic ${topic} does not exist`);
    return partitions;
  }

  /** Ends the present owner's hold, as a session timeout does, and hands the partitions out anew. */
  rebalance(group: string): void {
    this.#groups.get(group)?.rebalance();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #request(point: string): Promise<void> {
    await this.#yield(point);
    if (this.away) throw new LogError('LOG_UNAVAILABLE', 'the memory log is away');
  }

  /** Records, then a marker behind the last of each partition, then the offsets: all at once. */
  #settle({ records, group, offsets }: TransactionBatch): void {
    const touched = new Set(this.#placeAll(records).map(({ topic, partition }) => this.#partition(topic, partition)));
    for (const { entries } of touched) entries.push(null);
    for (const offset of offsets) this.#offsets.set(`${group} ${offset.topic} ${offset.partition}`, offset);
    this.#changed();
  }

  /** All or none: each record's partition is found before the first is written. */
  #placeAll(records: readonly OutgoingRecord[]): Position[] {
    const places = records.map((record) => {
      const partition = record.partition ?? partitionOf(record.key ?? '', this.partitionsOf(record.topic).length);
      return { record, partition, entries: this.#partition(record.topic, partition).entries };
    });
    return places.map(({ record, partition, entries }) => {
      const offset = entries.length;
      entries.push({ ...record, partition, offset, timestampMs: this.#now() });
      return { topic: record.topic, partition, offset };
    });
  }

  #partition(topic: string, partition: number): MemoryPartition {
    const found = this.partitionsOf(topic)[partition];
    if (found === undefined) throw new LogError('LOG_PROTOCOL', `${topic} has no partition ${partition}`);
    return found;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Any stable hash will do here: only Kafka's own clients must agree on murmur2. */
const partitionOf = (key: string, partitions: number): number =>
  createHash('sha1').update(key).digest().readUInt32BE(0) % partitions;
