import { randomUUID } from 'node:crypto';
import type { Admin } from 'kafkajs';
import { LogError } from '../errors.ts';
import type {
  Appender,
  CommittedOffset,
  FetchedBatch,
  GroupOptions,
  Log,
  Membership,
  Position,
  Reader,
  TopicConfig,
  Transactor,
  Watermark,
} from '../log.ts';
import { recalled } from '../offsets-log.ts';
import { cutAt, Places } from '../places.ts';
import { RotatingTransactor } from '../rotating-transactor.ts';
import { KafkaJsAppender } from './appender.ts';
import { APPEND_RETRY, type ClientOptions, createClient, TRANSACTION_RETRY } from './client.ts';
import { isUnsettled, toLogError } from './failures.ts';
import { KafkaJsMember } from './member.ts';
import { PartitionChooser } from './partitions.ts';
import { openSlot } from './transaction-slot.ts';

export interface KafkaJsLogOptions extends ClientOptions {
  readonly replicationFactor: number;
}

/** A reader without a group of its own still needs one here: these begin the names that are made up for it. */
export const GROUPS_OF_TAILS = 'khipu.tail.';
export const GROUPS_OF_READS = 'khipu.read.';

/** A reader that ends soon is not kept waiting for its first fetch. */
const READ_WAIT_MS = 50;

/** The log port over kafkajs. Connects to nothing until it is used. */
export class KafkaJsLog implements Log {
  readonly #options: KafkaJsLogOptions;
  readonly #partitions: PartitionChooser;
  #adminClient: Promise<Admin> | null = null;
  #asked: Promise<unknown> = Promise.resolve();

  constructor(options: KafkaJsLogOptions) {
    this.#options = options;
    this.#partitions = new PartitionChooser((question) => this.#ask(question));
  }

  async appender({ lingerMs = 1, pendingMax = 10_000 } = {}): Promise<Appender> {
    return new KafkaJsAppender(
      createClient(this.#options, APPEND_RETRY, 2_000),
      this.#partitions,
      lingerMs,
      pendingMax,
    );
  }

  transactor(id: string): Promise<Transactor> {
    const kafka = createClient(this.#options, TRANSACTION_RETRY);
    return RotatingTransactor.open(id, (slot) => openSlot(kafka, this.#partitions, slot));
  }

  join(options: GroupOptions): Promise<Membership> {
    return this.#join(options, {});
  }

  #join(options: GroupOptions, waits: { readonly fetchWaitMs?: number }): Promise<Membership> {
    return KafkaJsMember.join(options, {
      ...waits,
      kafka: createClient(this.#options),
      logger: this.#options.logger,
      watermarks: (topics) => this.watermarks(topics),
    });
  }

  async committed(group: string, topics: readonly string[]): Promise<readonly CommittedOffset[]> {
    const offsets: CommittedOffset[] = [];
    for (const topic of new Set(topics)) {
      const answer = await this.#ask((admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));
      const partitions = answer.flatMap((found) => found.partitions);
      await this.#expectWhole(topic, partitions.length);
      for (const { partition, offset, metadata } of partitions)
        offsets.push({ topic, partition, offset: Number(offset), metadata: metadata ?? '' });
    }
    return recalled(this, group, offsets);
  }

  async tail(options: Parameters<Log['tail']>[0]): Promise<Reader> {
    const { from } = options;
    const start =
      from === 'beginning'
        ? []
        : from === 'end'
          ? (await this.watermarks(options.topics)).map((mark) => ({ ...mark, offset: mark.high }))
          : from;
    const places = new Places(start);
    const ready = Promise.withResolvers<void>();
    // Joining may fail as well; then nobody waits for this.
    ready.promise.catch(() => undefined);
    let positioned = false;
    const member = await this.join({
      group: `${GROUPS_OF_TAILS}${randomUUID()}`,
      topics: options.topics,
      handlers: {
        onAssigned: async () => {
          positioned = true;
          ready.resolve();
          return places.all();
        },
        onBatch: (batch) => {
          places.pass(batch);
          return options.onBatch(batch) ?? undefined;
        },
        onCrash: (error) => (positioned ? options.onCrash(error) : ready.reject(error)),
      },
    });
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
    const marks = new Map((await this.watermarks(topics)).map((mark) => [`${mark.topic} ${mark.partition}`, mark]));
    const open = new Map<string, number>();
    for (const { topic, partition, offset } of options.from) {
      const { low, high } = marks.get(`${topic} ${partition}`) ?? { low: 0, high: 0 };
      if (Math.max(offset, low) < high) open.set(`${topic} ${partition}`, high);
    }
    if (open.size === 0) return;
    // Partitions that were not asked for begin at the end, so that hardly anything of them is fetched.
    const places = new Places([
      ...[...marks.values()].map(({ topic, partition, high }) => ({ topic, partition, offset: high })),
      ...options.from,
    ]);
    const never = new Promise<void>(() => undefined);
    let member: Membership | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const onBatch = (batch: FetchedBatch): Promise<void> | undefined => {
          const place = `${batch.topic} ${batch.partition}`;
          const end = open.get(place);
          places.pass(batch);
          if (end === undefined) return never;
          const done = () => {
            if (batch.next < end) return;
            open.delete(place);
            if (open.size === 0) resolve();
          };
          const handled = options.onBatch(cutAt(batch, end));
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
              onAssigned: async () => places.all(),
              onBatch,
              onCrash: reject,
            },
          },
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
      const partitions = await this.#ask((admin) => admin.fetchTopicOffsets(topic));
      await this.#expectWhole(topic, partitions.length);
      for (const { partition, low, high } of partitions)
        marks.push({ topic, partition, offset: Number(high), low: Number(low), high: Number(high) });
    }
    return marks;
  }

  async createTopics(topics: readonly TopicConfig[]): Promise<readonly string[]> {
    const existing = new Set(await this.#ask((admin) => admin.listTopics()));
    const missing = topics.filter(({ name }) => !existing.has(name));
    if (missing.length === 0) return [];
    await this.#ask((admin) =>
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
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new LogError('LOG_UNAVAILABLE', `no broker answered in ${timeoutMs} ms`)),
        timeoutMs,
      );
    });
    try {
      // Not in the line of questions: it reads no topic's metadata, and must not wait for those that do.
      await Promise.race([this.#admin().then((admin) => admin.describeCluster()), late]);
    } catch (error) {
      throw toLogError(error, 'LOG_UNAVAILABLE');
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    await (await this.#adminClient?.catch(() => null))?.disconnect();
  }

  #admin(): Promise<Admin> {
    this.#adminClient ??= (async () => {
      const admin = createClient(this.#options).admin();
      await admin.connect();
      return admin;
    })();
    this.#adminClient.catch(() => {
      this.#adminClient = null;
    });
    return this.#adminClient;
  }

  /**
   * One question at a time. The admin client keeps one copy of the cluster's metadata, and each question replaces it by
   * that of its own topics: asked side by side they find no partition where there are some, and say so without an error.
   */
  #ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    const answer = this.#asked.then(() => this.#askPatiently(question));
    this.#asked = answer.catch(() => undefined);
    return answer;
  }

  /** kafkajs gives up at once when a leader has just moved or a topic was just made: a new client learns it anew. */
  async #askPatiently<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await question(await this.#admin());
      } catch (error) {
        if (!isUnsettled(error) || attempt === UNSETTLED_ATTEMPTS_MAX) throw toLogError(error, 'LOG_UNAVAILABLE');
        const stale = this.#adminClient;
        this.#adminClient = null;
        await (await stale?.catch(() => null))?.disconnect();
        await new Promise((resolve) => setTimeout(resolve, UNSETTLED_PAUSE_MS));
      }
    }
  }

  /** A partition that is missing from an answer would be read from its beginning: refuse the answer. */
  async #expectWhole(topic: string, partitions: number): Promise<void> {
    const expected = await this.#partitions.count(topic);
    if (partitions !== expected)
      throw new LogError('LOG_UNAVAILABLE', `${partitions} of ${expected} partitions of ${topic} answered`);
  }
}

/** An election takes a second or two. */
const UNSETTLED_ATTEMPTS_MAX = 20;
const UNSETTLED_PAUSE_MS = 150;
