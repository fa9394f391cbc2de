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
} from './port.ts';
import type { Cut } from './region.ts';

/**
 * A log whose readers do not see what a promotion cut off. Positions and watermarks stay those of the log, as for
 * aborted records. Cuts are read before the first read, and stay as they were then: a region changes only while its
 * processes are stopped.
 */
export class CutLog implements Log {
  readonly #log: Log;
  readonly #readCuts: () => Promise<readonly Cut[]>;
  #cuts: Promise<readonly Cut[]> | null = null;

  constructor(log: Log, readCuts: () => Promise<readonly Cut[]>) {
    this.#log = log;
    this.#readCuts = readCuts;
  }

  appender(options?: Parameters<Log['appender']>[0]): Promise<Appender> {
    return this.#log.appender(options);
  }

  transactor(id: string): Promise<Transactor> {
    return this.#log.transactor(id);
  }

  async join({ handlers, ...options }: GroupOptions): Promise<Membership> {
    const without = await this.#filter();
    return this.#log.join({
      ...options,
      handlers: {
        onAssigned: (assignment) => handlers.onAssigned(assignment),
        onBatch: (batch, assignment) => handlers.onBatch(without(batch), assignment),
        onCrash: (error) => handlers.onCrash(error),
      },
    });
  }

  committed(group: string, topics: readonly string[]): Promise<readonly CommittedOffset[]> {
    return this.#log.committed(group, topics);
  }

  members(group: string): Promise<readonly GroupMember[]> {
    return this.#log.members(group);
  }

  async tail(options: Parameters<Log['tail']>[0]): Promise<Reader> {
    const without = await this.#filter();
    return this.#log.tail({ ...options, onBatch: (batch) => options.onBatch(without(batch)) });
  }

  async readTo(options: Parameters<Log['readTo']>[0]): Promise<void> {
    const without = await this.#filter();
    return this.#log.readTo({ ...options, onBatch: (batch) => options.onBatch(without(batch)) });
  }

  watermarks(topics: readonly string[]): Promise<readonly Watermark[]> {
    return this.#log.watermarks(topics);
  }

  offsetsAt(topics: readonly string[], timeMs: number): Promise<readonly Position[]> {
    return this.#log.offsetsAt(topics, timeMs);
  }

  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.#log.partitionCounts(topics);
  }

  createTopics(topics: readonly TopicConfig[]): Promise<readonly string[]> {
    return this.#log.createTopics(topics);
  }

  ping(timeoutMs: number): Promise<void> {
    return this.#log.ping(timeoutMs);
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  /** Returns a function that removes the cut records of a batch. Rejects with LogError; the next call tries again. */
  async #filter(): Promise<(batch: FetchedBatch) => FetchedBatch> {
    this.#cuts ??= this.#readCuts().catch((error: unknown) => {
      this.#cuts = null;
      throw error;
    });
    const cuts = Map.groupBy(await this.#cuts, ({ topic, partition }) => `${topic}/${partition}`);
    return (batch) => {
      const here = cuts.get(`${batch.topic}/${batch.partition}`);
      if (here === undefined || here.every(({ from, to }) => batch.from >= to || batch.next <= from)) return batch;
      const isCut = (offset: number): boolean => here.some(({ from, to }) => from <= offset && offset < to);
      return { ...batch, records: batch.records.filter(({ offset }) => !isCut(offset)) };
    };
  }
}
