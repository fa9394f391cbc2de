import { randomUUID } from 'node:crypto';
import { answeredWithin } from '../answered-within.ts';
import { BatchingAppender } from '../batching-appender.ts';
import { LogError } from '../errors.ts';
import { type MemberStart, MemberStarts } from '../member-start.ts';
import { recalled } from '../offsets-log.ts';
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
import { ReadPositions, truncateAt } from '../read-positions.ts';
import { RotatingTransactor } from '../rotating-transactor.ts';
import { APPEND_RETRY, type ClientOptions, createClient, TRANSACTION_RETRY } from './client.ts';
import { toLogError } from './failures.ts';
import { KafkaJsMember } from './member.ts';
import { memberOf } from './members.ts';
import { PartitionChooser } from './partitions.ts';
import { PatientAdmin } from './patient-admin.ts';
import { KafkaJsSender } from './sender.ts';
import { openSlot } from './transaction-slot.ts';

/** The connection, and the replication factor of created topics. */
export interface KafkaJsLogOptions extends ClientOptions {
  readonly replicationFactor: number;
}

/** Prefixes of the generated group names: kafkajs needs a group also for a reader without a shared one. */
export const GROUPS_OF_TAILS = 'khipu.tail.';
export const GROUPS_OF_READS = 'khipu.read.';

/** The start of a reader without a shared group: it is not shown. */
const ALONE: MemberStart = { startedMs: 0, restarts: 0 };

/** Fetch wait of a short read, so that it does not wait long for its first fetch. */
const READ_WAIT_MS = 50;

/** The log port over kafkajs. Opens no connection before the first use. */
export class KafkaJsLog implements Log {
  readonly #options: KafkaJsLogOptions;
  readonly #partitions: PartitionChooser;
  readonly #admin: PatientAdmin;
  readonly #starts = new MemberStarts();

  constructor(options: KafkaJsLogOptions) {
    this.#options = options;
    this.#admin = new PatientAdmin(options);
    this.#partitions = new PartitionChooser((question) => this.#admin.ask(question));
  }

  async appender({ lingerMs = 1, pendingMax = 10_000 } = {}): Promise<Appender> {
    const kafka = createClient(this.#options, APPEND_RETRY, 2_000);
    return new BatchingAppender(new KafkaJsSender(kafka, this.#partitions), { lingerMs, pendingMax });
  }

  transactor(id: string): Promise<Transactor> {
    const kafka = createClient(this.#options, TRANSACTION_RETRY);
    return RotatingTransactor.open(id, (slot) => openSlot(kafka, this.#partitions, slot));
  }

  join(options: GroupOptions): Promise<Membership> {
    return this.#join(options, this.#starts.next(options.group));
  }

  #join(options: GroupOptions, start: MemberStart, waits: { readonly fetchWaitMs?: number } = {}): Promise<Membership> {
    return KafkaJsMember.join(options, {
      ...{ ...waits, start },
      kafka: createClient(this.#options),
      logger: this.#options.logger,
      watermarks: (topics) => this.watermarks(topics),
    });
  }

  async committed(group: string, topics: readonly string[]): Promise<readonly CommittedOffset[]> {
    const offsets: CommittedOffset[] = [];
    for (const topic of new Set(topics)) {
      const answer = await this.#admin.ask((admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));
      const partitions = answer.flatMap((found) => found.partitions);
      await this.#expectWhole(topic, partitions.length);
      for (const { partition, offset, metadata } of partitions)
        offsets.push({ topic, partition, offset: Number(offset), metadata: metadata ?? '' });
    }
    return recalled(this, group, offsets);
  }

  members(group: string): Promise<readonly GroupMember[]> {
    return this.#admin.ask(async (admin) => {
      const { groups } = await admin.describeGroups([group]);
      return groups.flatMap(({ members }) => members).map(memberOf);
    });
  }

  async tail(options: Parameters<Log['tail']>[0]): Promise<Reader> {
    const { from } = options;
    const start =
      from === 'beginning'
        ? []
        : from === 'end'
          ? (await this.watermarks(options.topics)).map((mark) => ({ ...mark, offset: mark.high }))
          : from;
    const positions = new ReadPositions(start);
    const ready = Promise.withResolvers<void>();
    // If joining fails too, this promise has no other handler.
    ready.promise.catch(() => undefined);
    let positioned = false;
    const reading: GroupOptions = {
      group: `${GROUPS_OF_TAILS}${randomUUID()}`,
      topics: options.topics,
      handlers: {
        onAssigned: async () => {
          positioned = true;
          ready.resolve();
          return positions.all();
        },
        onBatch: (batch) => {
          positions.pass(batch);
          return options.onBatch(batch) ?? undefined;
        },
        onCrash: (error) => (positioned ? options.onCrash(error) : ready.reject(error)),
      },
    };
    const member = await this.#join(reading, ALONE);
    try {
      await ready.promise;
    } catch (error) {
      await member.close();
      throw error;
    }
    return member;
  }

  async readTo(options: {
    readonly from: readonly Position[];
    readonly onBatch: (batch: FetchedBatch) => Promise<void> | void;
  }): Promise<void> {
    const topics = [...new Set(options.from.map(({ topic }) => topic))];
    const marks = new Map((await this.watermarks(topics)).map((mark) => [partitionId(mark), mark]));
    const open = new Map<string, number>();
    for (const { topic, partition, offset } of options.from) {
      const { low, high } = marks.get(partitionId({ topic, partition })) ?? { low: 0, high: 0 };
      if (Math.max(offset, low) < high) open.set(partitionId({ topic, partition }), high);
    }
    if (open.size === 0) return;
    // Partitions that were not requested begin at the end, so that almost none of their data is fetched.
    const positions = new ReadPositions([
      ...[...marks.values()].map(({ topic, partition, high }) => ({ topic, partition, offset: high })),
      ...options.from,
    ]);
    const never = new Promise<void>(() => undefined);
    let member: Membership | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const onBatch = (batch: FetchedBatch): Promise<void> | undefined => {
          const id = partitionId(batch);
          const end = open.get(id);
          positions.pass(batch);
          if (end === undefined) return never;
          const done = () => {
            if (batch.next < end) return;
            open.delete(id);
            if (open.size === 0) resolve();
          };
          const handled = options.onBatch(truncateAt(batch, end));
          if (handled === undefined) {
            done();
            return undefined;
          }
          return handled.then(done);
        };
        this.#join(
          {
            group: `${GROUPS_OF_READS}${randomUUID()}`,
            topics,
            handlers: {
              onAssigned: async () => positions.all(),
              onBatch,
              onCrash: reject,
            },
          },
          ALONE,
          { fetchWaitMs: READ_WAIT_MS },
        ).then((joined) => {
          member = joined;
        }, reject);
      });
    } finally {
      await member?.close();
    }
  }

  async watermarks(topics: readonly string[]): Promise<readonly Watermark[]> {
    const marks: Watermark[] = [];
    for (const topic of new Set(topics)) {
      const partitions = await this.#admin.ask((admin) => admin.fetchTopicOffsets(topic));
      await this.#expectWhole(topic, partitions.length);
      for (const { partition, low, high } of partitions)
        marks.push({ topic, partition, offset: Number(high), low: Number(low), high: Number(high) });
    }
    return marks;
  }

  async offsetsAt(topics: readonly string[], timeMs: number): Promise<readonly Position[]> {
    const found: Position[] = [];
    for (const topic of new Set(topics)) {
      const partitions = await this.#admin.ask((admin) => admin.fetchTopicOffsetsByTimestamp(topic, timeMs));
      await this.#expectWhole(topic, partitions.length);
      for (const { partition, offset } of partitions) found.push({ topic, partition, offset: Number(offset) });
    }
    return found;
  }

  async partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const existing = new Set(await this.#admin.ask((admin) => admin.listTopics()));
    const found = [...new Set(topics)].filter((topic) => existing.has(topic));
    await this.#partitions.learn(found);
    return new Map(
      await Promise.all(found.map(async (topic) => [topic, await this.#partitions.count(topic)] as const)),
    );
  }

  async createTopics(topics: readonly TopicConfig[]): Promise<readonly string[]> {
    const existing = new Set(await this.#admin.ask((admin) => admin.listTopics()));
    const missing = topics.filter(({ name }) => !existing.has(name));
    if (missing.length === 0) return [];
    await this.#admin.ask((admin) =>
      admin.createTopics({
        waitForLeaders: true,
        topics: missing.map(({ name, partitions, config }) => ({
          topic: name,
          numPartitions: partitions,
          replicationFactor: this.#options.replicationFactor,
          configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
        })),
      }),
    );
    return missing.map(({ name }) => name);
  }

  async ping(timeoutMs: number): Promise<void> {
    await pingWithReason(this.#options, timeoutMs, async (ms) => {
      try {
        // Not queued with the other admin requests: it reads no topic metadata, and must not wait for them.
        await answeredWithin(ms, async () => (await this.#admin.client()).describeCluster());
      } catch (error) {
        throw toLogError(error, 'LOG_UNAVAILABLE');
      }
    });
  }

  async close(): Promise<void> {
    await this.#admin.close();
  }

  /** Rejects an incomplete answer: a missing partition would be read from its beginning. */
  async #expectWhole(topic: string, partitions: number): Promise<void> {
    const expected = await this.#partitions.count(topic);
    if (partitions !== expected)
      throw new LogError('LOG_UNAVAILABLE', `${partitions} of ${expected} partitions of ${topic} answered`);
  }
}
