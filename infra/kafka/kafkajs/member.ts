import type { Batch, Consumer, ConsumerGroupJoinEvent, Kafka } from 'kafkajs';
import type { Logger } from '../../telemetry/logger.ts';
import { LogError } from '../errors.ts';
import type { Assignment, FetchedBatch, GroupOptions, Membership, Watermark } from '../log.ts';
import { coPartitionedAssigner } from './assigner.ts';
import { toLogError } from './failures.ts';
import { toLogRecord } from './messages.ts';
import { pauseStoppedRunners } from './stopped-runners.ts';

/** A dead member's partitions move after this long. Lower moves sooner, and takes a process that stalls as long for dead. */
export const SESSION_TIMEOUT_MS = 6_000;
const HEARTBEAT_MS = 1_500;
/**
 * Longest wait of an idle fetch; data ends it at once. It is also how long kafkajs sleeps while all partitions are held,
 * so it delays a takeover; a shorter one costs an idle platform a core's quarter.
 */
const FETCH_WAIT_MS = 500;
/** In the batch lane a fetch is answered when this much waits, or after this long: a tenth of the fetches, under load. */
const BATCH_BYTES_MIN = 64 * 1024;
const BATCH_WAIT_MS = 250;
/** A full owner is waited for this long before its partition is paused: resuming one costs up to FETCH_WAIT_MS. */
const ROOM_WAIT_MS = 100;

/**
 * Without a heartbeat or a join for this long the member is taken for lost: the coordinator has expelled it long ago. A
 * rebalance, in which nothing beats, takes ten seconds at most; retries of kafkajs while a coordinator moves, about eight.
 */
const SILENT_MS_MAX = 20_000;
const LISTEN_EVERY_MS = 1_000;
/** kafkajs may wait for a broker that is gone; what it has not ended by then is left behind, and its session times out. */
const CLOSE_MS_MAX = 5_000;

const placeOf = (topic: string, partition: number): string => `${topic} ${partition}`;

export interface MemberDependencies {
  readonly kafka: Kafka;
  readonly logger: Logger;
  readonly watermarks: (topics: readonly string[]) => Promise<readonly Watermark[]>;
  /** Shorter for a reader that ends soon. */
  readonly fetchWaitMs?: number;
  readonly silentMsMax?: number;
}

/**
 * One member of a consumer group. After each join every partition is held (paused) until the owner has fenced, restored
 * and said where to begin; what kafkajs fetched before is thrown away. It commits nothing.
 */
export class KafkaJsMember implements Membership {
  readonly #options: GroupOptions;
  readonly #dependencies: MemberDependencies;
  readonly #consumer: Consumer;
  #assignment: Assignment | null = null;
  #joins = 0;
  /** Next offset expected of each partition, present once it was positioned in the present assignment. */
  #next = new Map<string, number>();
  /** Batches of each partition that were handed over and are not taken yet: it is paused until all are. */
  readonly #untaken = new Map<string, number>();
  #closed = false;
  /** When the coordinator last said that this is a member. */
  #heardMs = Date.now();
  #listening: NodeJS.Timeout | undefined;

  private constructor(options: GroupOptions, dependencies: MemberDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
    pauseStoppedRunners();
    this.#consumer = dependencies.kafka.consumer({
      groupId: options.group,
      partitionAssigners: [coPartitionedAssigner],
      sessionTimeout: SESSION_TIMEOUT_MS,
      rebalanceTimeout: 10_000,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: options.lane === 'batch' ? BATCH_WAIT_MS : (dependencies.fetchWaitMs ?? FETCH_WAIT_MS),
      minBytes: options.lane === 'batch' ? BATCH_BYTES_MIN : 1,
      readUncommitted: false,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 50, maxRetryTime: 1_000, retries: 10, restartOnFailure: async () => false },
    });
  }

  static async join(options: GroupOptions, dependencies: MemberDependencies): Promise<KafkaJsMember> {
    const member = new KafkaJsMember(options, dependencies);
    try {
      await member.#run();
    } catch (error) {
      await member.close();
      throw toLogError(error, 'LOG_UNAVAILABLE');
    }
    return member;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#next.clear();
    clearInterval(this.#listening);
    await settlesWithin(this.#consumer.disconnect(), CLOSE_MS_MAX);
  }

  async #run(): Promise<void> {
    const { events } = this.#consumer;
    this.#consumer.on(events.GROUP_JOIN, (event) => this.#onJoin(event));
    this.#consumer.on(events.REBALANCING, () => this.#next.clear());
    this.#consumer.on(events.CRASH, ({ payload }) => this.#crash(payload.error));
    // A batch of markers or aborted records alone never reaches eachBatch, yet moves the position.
    this.#consumer.on(events.START_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0)
        this.#advance(payload.topic, payload.partition, Number(payload.lastOffset) + 1, Number(payload.highWatermark));
    });
    this.#consumer.on(events.HEARTBEAT, () => this.#heard());
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...this.#options.topics], fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 8,
      eachBatch: async ({ batch, resolveOffset }) => {
        const delivered = this.#deliver(batch);
        if (delivered === null) return;
        resolveOffset(batch.lastOffset());
        if (delivered.taken !== undefined && !(await settlesWithin(delivered.taken, ROOM_WAIT_MS)))
          this.#holdUntil(delivered.taken, batch.topic, batch.partition, delivered.assignment);
      },
    });
  }

  #heard(): void {
    this.#heardMs = Date.now();
  }

  /**
   * kafkajs tells of a crash only when all of its fetchers have ended, and one of them may wait for ever: seen when one of
   * three brokers was killed, in a member that held its partitions for minutes after another had been given them.
   */
  #listen(): void {
    if (this.#closed) return;
    const silentMsMax = this.#dependencies.silentMsMax ?? SILENT_MS_MAX;
    this.#listening ??= setInterval(() => {
      const silentMs = Date.now() - this.#heardMs;
      if (silentMs > silentMsMax)
        this.#crash(new LogError('LOG_UNAVAILABLE', `the coordinator was not heard of for ${silentMs} ms`));
    }, LISTEN_EVERY_MS).unref();
  }

  #onJoin({ payload }: ConsumerGroupJoinEvent): void {
    this.#heard();
    this.#listen();
    this.#next.clear();
    this.#untaken.clear();
    this.#joins += 1;
    const held = Object.entries(payload.memberAssignment).map(([topic, partitions]) => ({ topic, partitions }));
    this.#consumer.pause(held);
    const partitions = [...new Set(held.flatMap((topic) => topic.partitions))].sort((a, b) => a - b);
    const assignment = { memberId: payload.memberId, generation: this.#joins, partitions };
    this.#assignment = assignment;
    this.#begin(assignment, held).catch((error: unknown) => {
      if (this.#assignment === assignment) this.#crash(error);
    });
  }

  async #begin(assignment: Assignment, held: readonly { topic: string; partitions: number[] }[]): Promise<void> {
    const begin = new Map(
      (await this.#options.handlers.onAssigned(assignment)).map((p) => [placeOf(p.topic, p.partition), p.offset]),
    );
    const lows = new Map(
      (await this.#dependencies.watermarks(held.map(({ topic }) => topic))).map((w) => [
        placeOf(w.topic, w.partition),
        w.low,
      ]),
    );
    if (this.#closed || this.#assignment !== assignment) return;
    for (const { topic, partitions } of held) {
      for (const partition of partitions) {
        const place = placeOf(topic, partition);
        const low = lows.get(place) ?? 0;
        const wanted = begin.get(place) ?? low;
        if (wanted < low)
          this.#dependencies.logger.error(
            { group: this.#options.group, topic, partition, wanted, low },
            'retention removed records that were not read',
          );
        const offset = Math.max(wanted, low);
        this.#next.set(place, offset);
        this.#consumer.seek({ topic, partition, offset: String(offset) });
      }
    }
    this.#consumer.resume([...held]);
  }

  /** Null when the batch is not wanted: kafkajs then fetches again from where the partition was positioned. */
  #deliver(batch: Batch): { readonly taken: Promise<void> | undefined; readonly assignment: Assignment } | null {
    const assignment = this.#assignment;
    const { topic, partition } = batch;
    const place = placeOf(topic, partition);
    const expected = this.#next.get(place);
    if (assignment === null || expected === undefined || this.#closed) return null;
    const from = Number((batch as Batch & { fetchedOffset: string }).fetchedOffset);
    if (from > expected) {
      this.#crash(new LogError('RECORD_GAP', `${place}: expected offset ${expected}, got ${from}`));
      return null;
    }
    const next = Number(batch.lastOffset()) + 1;
    if (next <= expected) return { taken: undefined, assignment };
    const records = batch.messages
      .filter(({ offset }) => Number(offset) >= expected)
      .map((message) => toLogRecord(topic, partition, message));
    const highWatermark = Number(batch.highWatermark);
    return {
      taken: this.#handOver({ topic, partition, from: expected, next, highWatermark, records }, assignment),
      assignment,
    };
  }

  #advance(topic: string, partition: number, next: number, highWatermark: number): void {
    const assignment = this.#assignment;
    const expected = this.#next.get(placeOf(topic, partition));
    if (assignment === null || expected === undefined || next <= expected) return;
    const taken = this.#handOver({ topic, partition, from: expected, next, highWatermark, records: [] }, assignment);
    if (taken !== undefined) this.#holdUntil(taken, topic, partition, assignment);
  }

  #handOver(batch: FetchedBatch, assignment: Assignment): Promise<void> | undefined {
    this.#next.set(placeOf(batch.topic, batch.partition), batch.next);
    const taken = this.#options.handlers.onBatch(batch, assignment);
    taken?.catch((error: unknown) => this.#crash(error));
    return taken;
  }

  #holdUntil(taken: Promise<void>, topic: string, partition: number, assignment: Assignment): void {
    if (this.#closed || this.#assignment !== assignment) return;
    const place = placeOf(topic, partition);
    const held = [{ topic, partitions: [partition] }];
    this.#untaken.set(place, (this.#untaken.get(place) ?? 0) + 1);
    this.#consumer.pause(held);
    taken.then(
      () => {
        if (this.#closed || this.#assignment !== assignment) return;
        const untaken = (this.#untaken.get(place) ?? 1) - 1;
        this.#untaken.set(place, untaken);
        if (untaken === 0) this.#consumer.resume(held);
      },
      () => undefined,
    );
  }

  #crash(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#next.clear();
    clearInterval(this.#listening);
    this.#options.handlers.onCrash(toLogError(error, 'LOG_UNAVAILABLE'));
  }
}

/** False when the promise is still open after `ms`. A rejection counts as settled. */
async function settlesWithin(promise: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const settled = promise.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, late]);
  } finally {
    clearTimeout(timer);
  }
}
