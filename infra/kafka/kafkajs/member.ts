import type { Batch, Consumer, ConsumerGroupJoinEvent, Kafka } from 'kafkajs';
import type { Logger } from '../../kit/logger.ts';
import { LogError } from '../errors.ts';
import { IN_BATCHES } from '../fetch-pace.ts';
import { type MemberStart, partitionsIn } from '../member-start.ts';
import { partitionId } from '../partition-id.ts';
import type { Assignment, FetchedBatch, GroupOptions, Membership, Watermark } from '../port.ts';
import { coPartitionedAssigner } from './assigner.ts';
import { toLogError } from './failures.ts';
import { waitLongWhenIdle } from './idle-fetches.ts';
import { toLogRecord } from './messages.ts';
import { pauseStoppedRunners } from './stopped-runners.ts';

/**
 * Time after which a dead member's partitions move. A lower value moves them sooner, but expels a process that stalls
 * as long.
 */
export const SESSION_TIMEOUT_MS = 6_000;
const HEARTBEAT_MS = 1_500;
/**
 * Longest wait of a fetch while records come, or while a partition is paused; data ends it at once. kafkajs also sleeps
 * this long while all partitions are paused, so it delays a takeover. See idle-fetches.ts for the wait of an idle consumer.
 */
const FETCH_WAIT_MS = 500;
/** How long a full owner is awaited before its partition is paused: resuming costs up to FETCH_WAIT_MS. */
const ROOM_WAIT_MS = 100;

/**
 * Without a heartbeat or a join for this long the membership counts as lost: the coordinator expelled it long before. A
 * rebalance, during which there are no heartbeats, takes ten seconds at most; kafkajs's retries while a coordinator moves,
 * about eight.
 */
const SILENT_MS_MAX = 20_000;
const LISTEN_EVERY_MS = 1_000;
/** Longest time between a heartbeat that the coordinator confirms and the assignment of the join before it. */
const UNJOINED_MS_MAX = 2_000;
/**
 * Bound of a close. kafkajs may wait for a broker that is gone; a member not ended by then is left to its session
 * timeout.
 */
const CLOSE_MS_MAX = 5_000;

/** The client of a member, and its bounds. */
export interface MemberDependencies {
  readonly kafka: Kafka;
  readonly logger: Logger;
  readonly start: MemberStart;
  readonly watermarks: (topics: readonly string[]) => Promise<readonly Watermark[]>;
  /** Shorter for short reads. */
  readonly fetchWaitMs?: number;
  readonly silentMsMax?: number;
}

/**
 * One member of a consumer group. After each join every partition is paused until the owner has fenced, restored and
 * returned its start positions; batches that kafkajs fetched before are dropped. It commits no offsets.
 */
export class KafkaJsMember implements Membership {
  readonly #options: GroupOptions;
  readonly #dependencies: MemberDependencies;
  readonly #consumer: Consumer;
  #assignment: Assignment | null = null;
  #joins = 0;
  /** Next expected offset of each partition; present once it is positioned in the current assignment. */
  #next = new Map<string, number>();
  /** Batches of each partition that were delivered and are not accepted yet: it is paused until all are. */
  readonly #untaken = new Map<string, number>();
  #closed = false;
  /** Time of the coordinator's last confirmation of the membership, ms. */
  #heardMs = Date.now();
  #listening: NodeJS.Timeout | undefined;
  /** True from a request to join until kafkajs has reported the assignment that came of it. */
  #joining = false;
  /** Time of the first heartbeat that the coordinator confirmed meanwhile, ms; null for none. */
  #unjoinedMs: number | null = null;

  private constructor(options: GroupOptions, dependencies: MemberDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
    pauseStoppedRunners();
    waitLongWhenIdle();
    this.#consumer = dependencies.kafka.consumer({
      groupId: options.group,
      partitionAssigners: [coPartitionedAssigner(dependencies.start)],
      sessionTimeout: SESSION_TIMEOUT_MS,
      rebalanceTimeout: 10_000,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: options.lane === 'batch' ? IN_BATCHES.waitMs : (dependencies.fetchWaitMs ?? FETCH_WAIT_MS),
      minBytes: options.lane === 'batch' ? IN_BATCHES.bytesMin : 1,
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
    this.#consumer.on(events.REBALANCING, () => this.#rejoin());
    this.#consumer.on(events.REQUEST, ({ payload }) => {
      if (payload.apiName === 'JoinGroup') this.#joining = true;
    });
    this.#consumer.on(events.CRASH, ({ payload }) => this.#crash(payload.error));
    // A batch of only markers or aborted records never reaches eachBatch, yet advances the position.
    this.#consumer.on(events.START_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0)
        this.#advance(payload.topic, payload.partition, Number(payload.lastOffset) + 1, Number(payload.highWatermark));
    });
    this.#consumer.on(events.HEARTBEAT, () => {
      this.#heard();
      this.#checkJoined();
    });
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

  #rejoin(): void {
    this.#joining = true;
    this.#next.clear();
  }

  /**
   * Detects an assignment that was lost. When the answer to the join or the sync of a rebalance does not come, kafkajs fetches
   * again with its older assignment, and its heartbeats are confirmed, because the coordinator has assigned partitions to it: they
   * would never be read. Once a heartbeat was confirmed, the assignment is there within moments.
   */
  #checkJoined(): void {
    if (!this.#joining) return;
    this.#unjoinedMs ??= Date.now();
    if (Date.now() - this.#unjoinedMs > UNJOINED_MS_MAX)
      this.#crash(new LogError('LOG_UNAVAILABLE', 'the answer of the coordinator to a join was lost'));
  }

  #heard(): void {
    this.#heardMs = Date.now();
  }

  /**
   * Detects a silent membership. kafkajs reports a crash only when all of its fetchers have ended, and one of them may wait
   * without limit: seen when one of three brokers was killed, in a member that kept its partitions for minutes after they
   * were assigned to another.
   */
  #listen(): void {
    if (this.#closed) return;
    const silentMsMax = this.#dependencies.silentMsMax ?? SILENT_MS_MAX;
    this.#listening ??= setInterval(() => {
      const silentMs = Date.now() - this.#heardMs;
      if (silentMs > silentMsMax)
        this.#crash(new LogError('LOG_UNAVAILABLE', `no answer from the coordinator for ${silentMs} ms`));
    }, LISTEN_EVERY_MS).unref();
  }

  #onJoin({ payload }: ConsumerGroupJoinEvent): void {
    this.#heard();
    this.#joining = false;
    this.#unjoinedMs = null;
    this.#listen();
    this.#next.clear();
    this.#untaken.clear();
    this.#joins += 1;
    const held = Object.entries(payload.memberAssignment).map(([topic, partitions]) => ({ topic, partitions }));
    this.#consumer.pause(held);
    const partitions = partitionsIn(held.map((topic) => topic.partitions));
    const assignment = { memberId: payload.memberId, generation: this.#joins, partitions };
    this.#assignment = assignment;
    this.#begin(assignment, held).catch((error: unknown) => {
      if (this.#assignment === assignment) this.#crash(error);
    });
  }

  async #begin(assignment: Assignment, held: readonly { topic: string; partitions: number[] }[]): Promise<void> {
    const begin = new Map((await this.#options.handlers.onAssigned(assignment)).map((p) => [partitionId(p), p.offset]));
    const lows = new Map(
      (await this.#dependencies.watermarks(held.map(({ topic }) => topic))).map((w) => [partitionId(w), w.low]),
    );
    if (this.#closed || this.#assignment !== assignment) return;
    for (const { topic, partitions } of held) {
      for (const partition of partitions) {
        const id = partitionId({ topic, partition });
        const low = lows.get(id) ?? 0;
        const wanted = begin.get(id) ?? low;
        if (wanted < low)
          this.#dependencies.logger.error(
            { group: this.#options.group, topic, partition, wanted, low },
            'retention removed unread records',
          );
        const offset = Math.max(wanted, low);
        this.#next.set(id, offset);
        this.#consumer.seek({ topic, partition, offset: String(offset) });
      }
    }
    this.#consumer.resume([...held]);
  }

  /** Returns null when the batch is dropped: kafkajs then fetches again from the partition's position. */
  #deliver(batch: Batch): { readonly taken: Promise<void> | undefined; readonly assignment: Assignment } | null {
    const assignment = this.#assignment;
    const { topic, partition } = batch;
    const id = partitionId({ topic, partition });
    const expected = this.#next.get(id);
    if (assignment === null || expected === undefined || this.#closed) return null;
    const from = Number((batch as Batch & { fetchedOffset: string }).fetchedOffset);
    if (from > expected) {
      this.#crash(new LogError('RECORD_GAP', `${id}: expected offset ${expected}, got ${from}`));
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
    const expected = this.#next.get(partitionId({ topic, partition }));
    if (assignment === null || expected === undefined || next <= expected) return;
    const taken = this.#handOver({ topic, partition, from: expected, next, highWatermark, records: [] }, assignment);
    if (taken !== undefined) this.#holdUntil(taken, topic, partition, assignment);
  }

  #handOver(batch: FetchedBatch, assignment: Assignment): Promise<void> | undefined {
    this.#next.set(partitionId(batch), batch.next);
    const taken = this.#options.handlers.onBatch(batch, assignment);
    taken?.catch((error: unknown) => this.#crash(error));
    return taken;
  }

  #holdUntil(taken: Promise<void>, topic: string, partition: number, assignment: Assignment): void {
    if (this.#closed || this.#assignment !== assignment) return;
    const id = partitionId({ topic, partition });
    const held = [{ topic, partitions: [partition] }];
    this.#untaken.set(id, (this.#untaken.get(id) ?? 0) + 1);
    this.#consumer.pause(held);
    taken.then(
      () => {
        if (this.#closed || this.#assignment !== assignment) return;
        const untaken = (this.#untaken.get(id) ?? 1) - 1;
        this.#untaken.set(id, untaken);
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

/** Resolves with false when the promise is still pending after `ms`. A rejection counts as settled. */
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
