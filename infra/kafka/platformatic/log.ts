import { metadataV12 } from '@platformatic/kafka';
import type { Logger } from '../../kit/logger.ts';
import { answeredWithin } from '../answered-within.ts';
import { BatchingAppender } from '../batching-appender.ts';
import type { KafkaLogin } from '../login.ts';
import { MemberStarts } from '../member-start.ts';
import { isHidden, OFFSETS_TOPIC, offsetsPartitionOf, recalled, settledInLog } from '../offsets-log.ts';
import { partitionId } from '../partition-id.ts';
import { pingWithReason } from '../ping-reason.ts';
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
import { truncateAt } from '../read-positions.ts';
import type { OnRequest } from '../request-count.ts';
import { RotatingTransactor } from '../rotating-transactor.ts';
import { Cluster } from './cluster.ts';
import { Connections } from './connections.ts';
import { toLogError } from './failures.ts';
import { Fetcher } from './fetcher.ts';
import { PlatformaticMember } from './member.ts';
import { readMembers } from './members.ts';
import { arePending, readCommittedOffsets, readOffsetsAt, readUncommittedEnd, readWatermarks } from './offsets.ts';
import { PlatformaticSender } from './sender.ts';
import { createMissingTopics, readPartitionCounts } from './topics.ts';
import { laneOf, openSlot } from './transaction-slot.ts';

/** The connection, and the replication factor of created topics. */
export interface PlatformaticLogOptions {
  readonly brokers: readonly string[];
  /** Default: no login. */
  readonly login?: KafkaLogin;
  readonly clientId: string;
  readonly logger: Logger;
  readonly replicationFactor: number;
  /** Default: requests are not counted. */
  readonly onRequest?: OnRequest | undefined;
  /** Maximum wait for pending offsets: for the coordinator, then for the log. Default: 20 s and 30 s. */
  readonly pendingMs?: { readonly coordinator: number; readonly log: number };
}

/**
 * The log port over the requests and connections of `@platformatic/kafka` (ADR 0011). Opens no connection before the
 * first use.
 */
export class PlatformaticLog implements Log {
  readonly #options: PlatformaticLogOptions;
  readonly #connections: Connections;
  readonly #starts = new MemberStarts();
  readonly #cluster: Cluster;

  constructor(options: PlatformaticLogOptions) {
    this.#options = options;
    this.#connections = new Connections(options.clientId, options.login, options.onRequest);
    this.#cluster = new Cluster(options.brokers, this.#connections);
  }

  async appender({ lingerMs = 1, pendingMax = 10_000 } = {}): Promise<Appender> {
    return new BatchingAppender(new PlatformaticSender(this.#cluster), { lingerMs, pendingMax });
  }

  transactor(id: string): Promise<Transactor> {
    const lane = laneOf(id);
    return RotatingTransactor.open(id, (slot) => openSlot(this.#cluster, lane, slot));
  }

  join(options: GroupOptions): Promise<Membership> {
    return PlatformaticMember.join(options, {
      cluster: this.#cluster,
      start: this.#starts.next(options.group),
      logger: this.#options.logger,
      watermarks: (topics) => this.watermarks(topics),
    });
  }

  async committed(group: string, topics: readonly string[]): Promise<readonly CommittedOffset[]> {
    const answered = await readCommittedOffsets(
      this.#cluster,
      group,
      topics,
      this.#options.pendingMs?.coordinator,
    ).catch((error: unknown) => {
      if (arePending(error)) return this.#settled(group, topics, error);
      throw toLogError(error, 'LOG_UNAVAILABLE');
    });
    return recalled(this, group, answered);
  }

  async members(group: string): Promise<readonly GroupMember[]> {
    try {
      return await readMembers(this.#cluster, group);
    } catch (error) {
      throw toLogError(error, 'LOG_UNAVAILABLE');
    }
  }

  /** Returns the offsets of the log where the coordinator's stay pending; where the log is hidden, throws `pending`. */
  async #settled(group: string, topics: readonly string[], pending: unknown): Promise<readonly CommittedOffset[]> {
    try {
      const counts = await this.partitionCounts([OFFSETS_TOPIC, ...topics]);
      const home = offsetsPartitionOf(group, counts.get(OFFSETS_TOPIC) ?? 1);
      const end = await readUncommittedEnd(this.#cluster, OFFSETS_TOPIC, home);
      const places = topics.flatMap((topic) =>
        Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => ({ topic, partition })),
      );
      return await settledInLog(this, group, places, { end, waitMs: this.#options.pendingMs?.log });
    } catch (error) {
      throw toLogError(isHidden(error) ? pending : error, 'LOG_UNAVAILABLE');
    }
  }

  /** Reads without a group: partitions are never reassigned. */
  async tail({ topics, from, onBatch, onCrash }: Parameters<Log['tail']>[0]): Promise<Reader> {
    const marks = await this.watermarks(topics);
    const given = new Map(
      typeof from === 'string' ? [] : from.map((p): [string, number] => [partitionId(p), p.offset]),
    );
    const start = marks.map(({ topic, partition, low, high }) => {
      const wanted = from === 'end' ? high : (given.get(partitionId({ topic, partition })) ?? low);
      return { topic, partition, offset: Math.max(wanted, low) };
    });
    return new Fetcher(this.#cluster, start, { onBatch: (batch) => onBatch(batch) ?? undefined, onCrash });
  }

  async readTo(options: {
    readonly from: readonly Position[];
    readonly onBatch: (batch: FetchedBatch) => Promise<void> | void;
  }): Promise<void> {
    const topics = options.from.map(({ topic }) => topic);
    const marks = await this.watermarks(topics);
    const ends = new Map<string, number>();
    const start: Position[] = [];
    for (const { topic, partition, offset } of options.from) {
      const mark = marks.find((m) => m.topic === topic && m.partition === partition);
      const begin = Math.max(offset, mark?.low ?? 0);
      if (mark === undefined || begin >= mark.high) continue;
      ends.set(partitionId({ topic, partition }), mark.high);
      start.push({ topic, partition, offset: begin });
    }
    if (ends.size === 0) return;
    const finished = Promise.withResolvers<void>();
    const read = async (batch: FetchedBatch): Promise<void> => {
      const id = partitionId(batch);
      const end = ends.get(id) ?? 0;
      await options.onBatch(truncateAt(batch, end));
      if (batch.next < end) return;
      ends.delete(id);
      if (ends.size === 0) finished.resolve();
      // Paused from here on.
      await new Promise(() => undefined);
    };
    const failed = Promise.withResolvers<never>();
    const onBatch = (batch: FetchedBatch): Promise<void> => {
      const reading = read(batch);
      reading.catch(failed.reject);
      return reading;
    };
    const fetcher = new Fetcher(this.#cluster, start, { onBatch, onCrash: failed.reject });
    try {
      await Promise.race([finished.promise, failed.promise]);
    } finally {
      await fetcher.close();
    }
  }

  watermarks(topics: readonly string[]): Promise<readonly Watermark[]> {
    return orUnavailable(readWatermarks(this.#cluster, topics));
  }

  offsetsAt(topics: readonly string[], timeMs: number): Promise<readonly Position[]> {
    return orUnavailable(readOffsetsAt(this.#cluster, topics, timeMs));
  }

  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return orUnavailable(readPartitionCounts(this.#cluster, topics));
  }

  createTopics(topics: readonly TopicConfig[]): Promise<readonly string[]> {
    return orUnavailable(createMissingTopics(this.#cluster, topics, this.#options.replicationFactor));
  }

  async ping(timeoutMs: number): Promise<void> {
    await pingWithReason(this.#options, timeoutMs, (ms) =>
      answeredWithin(ms, () => orUnavailable(this.#cluster.ask(metadataV12.api, [], false, false))),
    );
  }

  async close(): Promise<void> {
    await this.#connections.close();
  }
}

async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toLogError(error, 'LOG_UNAVAILABLE');
  }
}
