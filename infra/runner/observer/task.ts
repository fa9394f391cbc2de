import type { Decoded } from '../../kafka/envelope.ts';
import type { FetchedBatch, Transactor } from '../../kafka/port.ts';
import { codeOf, messageOf } from '../../kit/errors.ts';
import { isRedriven } from '../dead-letters/write.ts';
import type { RunnerDependencies } from '../lives.ts';
import { groupOf } from '../names.ts';
import type { PartitionTask } from '../partition-tasks.ts';

/**
 * A side effect outside the log for the records of a topic: at least once, in the order of each partition. A record
 * that cannot be decoded is logged and skipped.
 */
export interface Observer {
  readonly name: string;
  readonly topic: string;
  /** Receives the records of one batch of a partition, at least one. A batch at which it throws is logged and skipped. */
  observe(events: readonly Decoded[]): void;
}

/** Interval of commits, in ms: records observed within it before a crash are observed again. */
const COMMIT_EVERY_MS = 5_000;

export interface ObserverTaskDependencies extends Pick<RunnerDependencies, 'decoder' | 'metrics' | 'logger' | 'clock'> {
  readonly observer: Observer;
  readonly transactor: Transactor;
  readonly partition: number;
  readonly onCrash: (error: unknown) => void;
}

/** One partition of an observer: passes it the records in order and commits the offset reached. */
export class ObserverTask implements PartitionTask {
  readonly #d: ObserverTaskDependencies;
  readonly #ended = new AbortController();
  #doing: Promise<void> = Promise.resolve();
  /** Next offset to commit; null when everything observed is committed. */
  #next: number | null = null;

  constructor(dependencies: ObserverTaskDependencies) {
    this.#d = dependencies;
    void this.#commitPeriodically();
  }

  push(batch: FetchedBatch): Promise<void> {
    this.#doing = this.#doing.then(() => this.#observe(batch));
    return this.#doing;
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#doing.then(() => this.#commit()).catch(() => undefined);
    await this.#d.transactor.close();
  }

  async drop(): Promise<void> {
    this.#ended.abort();
    await this.#d.transactor.close();
  }

  /** Returns nothing: an observer has no slow steps to watch. */
  inFlight(): readonly [] {
    return [];
  }

  async #commitPeriodically(): Promise<void> {
    const { signal } = this.#ended;
    for (;;) {
      await this.#d.clock.sleep(COMMIT_EVERY_MS, signal);
      if (signal.aborted) return;
      this.#doing = this.#doing.then(() => this.#commit()).catch((error: unknown) => this.#crash(error));
    }
  }

  async #observe(batch: FetchedBatch): Promise<void> {
    const { metrics, observer } = this.#d;
    const events = await this.#decoded(batch);
    try {
      if (events.length > 0) observer.observe(events);
    } catch (error) {
      this.#passOver(batch, batch.from, error);
    }
    metrics.recordsIn.inc({ processor: observer.name }, batch.records.length);
    this.#next = batch.next;
  }

  /** Decodes the records of a batch. Passes over those that cannot be decoded. */
  async #decoded(batch: FetchedBatch): Promise<readonly Decoded[]> {
    const events: Decoded[] = [];
    for (const record of batch.records) {
      if (isRedriven(record.headers)) continue;
      try {
        events.push(await this.#d.decoder.decode(record));
      } catch (error) {
        if (codeOf(error) === 'REGISTRY_UNAVAILABLE') throw error;
        this.#passOver(batch, record.offset, error);
      }
    }
    return events;
  }

  #passOver({ topic, partition }: FetchedBatch, offset: number, error: unknown): void {
    const { logger, observer } = this.#d;
    logger.error({ observer: observer.name, topic, partition, offset, code: codeOf(error) }, messageOf(error));
  }

  async #commit(): Promise<void> {
    const { observer, partition, transactor } = this.#d;
    const offset = this.#next;
    if (offset === null) return;
    this.#next = null;
    const position = { topic: observer.topic, partition, offset, metadata: '' };
    await transactor.commit({ records: [], group: groupOf(observer.name), offsets: [position] });
  }

  #crash(error: unknown): void {
    if (!this.#ended.signal.aborted) this.#d.onCrash(error);
  }
}
