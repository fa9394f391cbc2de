import type { Clock } from '../../kit/clock.ts';
import type {
  Appender,
  CommittedOffset,
  FetchedBatch,
  GroupMember,
  GroupOptions,
  Log,
  Membership,
  Position,
  Reader,
  TopicConfig,
  Transactor,
  Watermark,
} from '../port.ts';
import { RotatingTransactor } from '../rotating-transactor.ts';
import { MemoryBroker } from './broker.ts';
import { Connection, type Pass } from './connection.ts';
import { Fetcher } from './fetcher.ts';
import { MemoryMember } from './member.ts';
import type { MemoryPartition } from './partition.ts';
import { openSlot } from './slot.ts';

/** Broker, clock and hooks of a log; all optional. */
export interface MemoryLogOptions {
  /** Shared with other processes; its own broker by default. */
  readonly broker?: MemoryBroker;
  readonly clock?: Clock;
  /** Awaited at each point of each request: see Connection. */
  readonly yield?: Pass;
  /** Shorter than in a driver, so that tests learn of a rebalance soon. */
  readonly heartbeatMs?: number;
}

const HEARTBEAT_MS = 20;

/** The log port in memory: one process's handle of a MemoryBroker. For tests and the simulation. */
export class MemoryLog implements Log {
  readonly broker: MemoryBroker;
  readonly #connection: Connection;
  readonly #heartbeatMs: number;
  readonly #open = new Set<Reader>();

  constructor(options: MemoryLogOptions = {}) {
    const { clock } = options;
    this.broker = options.broker ?? new MemoryBroker(clock === undefined ? {} : { clock });
    const pass = options.yield ?? (() => Promise.resolve());
    this.#connection = new Connection(this.broker, clock ?? this.broker.clock, pass);
    this.#heartbeatMs = options.heartbeatMs ?? HEARTBEAT_MS;
  }

  get away(): boolean {
    return this.broker.away;
  }

  set away(away: boolean) {
    this.broker.away = away;
  }

  async appender(): Promise<Appender> {
    return {
      append: async (records) => {
        const stored = await this.#ask('append', '', () => this.broker.append(records));
        return stored.map(({ topic, partition, offset }) => ({ topic, partition, offset }));
      },
      close: async () => undefined,
    };
  }

  transactor(id: string): Promise<Transactor> {
    return RotatingTransactor.open(id, (slot) => openSlot(this.#connection, slot));
  }

  async join(options: GroupOptions): Promise<Membership> {
    return this.#keep(await MemoryMember.join(this.#connection, options, this.#heartbeatMs));
  }

  committed(group: string, topics: readonly string[]): Promise<readonly CommittedOffset[]> {
    return this.#ask('offsets', group, () => this.broker.committed(group, topics));
  }

  members(group: string): Promise<readonly GroupMember[]> {
    return this.#ask('members', group, () => this.broker.group(group).described);
  }

  async tail({ topics, from, onBatch, onCrash }: Parameters<Log['tail']>[0]): Promise<Reader> {
    const marks = await this.watermarks(topics);
    const offsetOf = ({ topic, partition, high, low }: Watermark): number => {
      if (from === 'end') return high;
      if (from === 'beginning') return low;
      return from.find((place) => place.topic === topic && place.partition === partition)?.offset ?? low;
    };
    const start = marks.map((mark) => ({ ...mark, offset: offsetOf(mark) }));
    const handlers = {
      onBatch: (batch: FetchedBatch) => onBatch(batch) ?? undefined,
      onCrash: (error: unknown) => onCrash(error instanceof Error ? error : new Error(String(error))),
    };
    return this.#keep(new Fetcher(this.#connection, start, handlers));
  }

  async readTo(options: {
    readonly from: readonly Position[];
    readonly onBatch: (batch: FetchedBatch) => Promise<void> | void;
  }): Promise<void> {
    const marks = await this.watermarks([...new Set(options.from.map(({ topic }) => topic))]);
    for (const { topic, partition, offset } of options.from) {
      const end = marks.find((mark) => mark.topic === topic && mark.partition === partition)?.high ?? 0;
      for (let from = offset; from < end; ) {
        const at = from;
        const batch = await this.#ask('fetch', `${topic} ${partition} from ${at} to ${end}`, () =>
          this.broker.partition(topic, partition).fetch(at, end, this.broker.fetchRecordsMax),
        );
        await options.onBatch(batch);
        from = batch.next;
      }
    }
  }

  watermarks(topics: readonly string[]): Promise<readonly Watermark[]> {
    return this.#ask('watermarks', topics.join(), () => this.broker.watermarks(topics));
  }

  offsetsAt(topics: readonly string[], timeMs: number): Promise<readonly Position[]> {
    return this.#ask('watermarks', topics.join(), () => this.broker.offsetsAt(topics, timeMs));
  }

  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.#ask('watermarks', topics.join(), () => this.broker.partitionCounts(topics));
  }

  async createTopics(topics: readonly TopicConfig[]): Promise<readonly string[]> {
    return this.broker.createTopics(topics);
  }

  ping(): Promise<void> {
    return this.#ask('ping', '', () => undefined);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((each) => each.close()));
  }

  /** Returns what a reader would get now, for tests. */
  fetch(topic: string, partition: number, from: number, end?: number): FetchedBatch {
    return this.broker.partition(topic, partition).fetch(from, end);
  }

  partitionsOf(topic: string): readonly MemoryPartition[] {
    return this.broker.partitionsOf(topic);
  }

  /** Makes the group reassign its partitions, as when a member joins. */
  rebalance(group: string): void {
    this.broker.group(group).rebalance();
  }

  #ask<T>(request: Parameters<Connection['request']>[0], subject: string, effect: () => T): Promise<T> {
    return this.#connection.request(request, subject, effect);
  }

  #keep<R extends Reader>(reader: R): R {
    this.#open.add(reader);
    return reader;
  }
}
