import type { RecordDecoder } from '../../../infra/kafka/decode.ts';
import { type Decoded, EnvelopeError } from '../../../infra/kafka/envelope.ts';
import { partitionId } from '../../../infra/kafka/partition-id.ts';
import type { FetchedBatch, Log, Position, Watermark } from '../../../infra/kafka/port.ts';
import { codeOf, messageOf } from '../../../infra/kit/errors.ts';
import type { Logger } from '../../../infra/kit/logger.ts';
import { sharedRead } from '../../../infra/kit/shared-read.ts';
import { isRedriven } from '../../../infra/runner/dead-letters/write.ts';
import { UndecodableError, UnknownSchemaError } from '../../../schemas/codec.ts';
import type { Topic } from '../../../schemas/topics.ts';

/** A topic that the tail reads. */
export interface FollowedTopic extends Pick<Topic, 'name'> {
  /** Offsets before the end at which reading begins, per partition; 0 when it is left out. */
  readonly rewind?: number;
}

/** Options of an event tail. */
export interface EventTailOptions {
  readonly log: Log;
  readonly decoder: RecordDecoder;
  readonly topics: readonly FollowedTopic[];
  readonly logger: Logger;
}

/** Receives each event of a tail. Must not throw. */
export type EventListener = (event: Decoded) => void;

const RETRY_MS = 500;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, RETRY_MS));

/**
 * The tail of a process: passes every event of its topics, from its start on, to all listeners in partition order; of a
 * topic with a rewind, the latest earlier ones too. After a crash it resumes at its read position, so that listeners see no gap and no repeat.
 */
export class EventTail {
  readonly #options: EventTailOptions;
  readonly #listeners = new Set<EventListener>();
  readonly #next = new Map<string, Position>();
  readonly #highs = new Map<string, number>();
  readonly #waits = new Set<() => void>();
  readonly #ends: () => Promise<readonly Watermark[]>;
  #began: readonly Position[] = [];
  #stop: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #closed = false;
  #positioned = false;

  constructor(options: EventTailOptions) {
    this.#options = options;
    const names = options.topics.map(({ name }) => name);
    this.#ends = sharedRead(() => options.log.watermarks(names));
  }

  /** First position per partition: earlier events were never read here. Empty until the log was first reached. */
  get began(): readonly Position[] {
    return this.#began;
  }

  /** True while the tail reads from the log. */
  get positioned(): boolean {
    return this.#positioned;
  }

  /** Records in the log that this process has not read yet. */
  get lag(): number {
    let lag = 0;
    for (const [id, high] of this.#highs) lag += Math.max(0, high - (this.#next.get(id)?.offset ?? high));
    return lag;
  }

  /** Adds a listener. Returns a function that removes it. */
  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Resolves once the listeners have seen every event that was committed before the call, at any process, or after
   * `timeoutMs`: with a silent log, or while a transaction is open. Resolves at the timeout, too, when the log does not answer.
   */
  async catchUp(timeoutMs: number): Promise<void> {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const late = setTimeout(resolve, timeoutMs);
    let ends: readonly Watermark[] | null = null;
    const look = (): void => {
      if (ends?.every((end) => (this.#next.get(partitionId(end))?.offset ?? 0) >= end.high)) resolve();
    };
    this.#waits.add(look);
    this.#ends().then(
      (found) => {
        ends = found;
        look();
      },
      () => undefined,
    );
    await over;
    clearTimeout(late);
    this.#waits.delete(look);
  }

  /** Starts reading; a second call has no effect. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Stops reading. Resolves when the reader is closed. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stop?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      try {
        await this.#tailUntilCrash();
      } catch (error) {
        this.#options.logger.warn({ code: codeOf(error), err: messageOf(error) }, 'event tail lost; trying again');
      }
      this.#positioned = false;
      if (!this.#closed) await pause();
    }
  }

  async #tailUntilCrash(): Promise<void> {
    const { log } = this.#options;
    const topics = this.#options.topics.map(({ name }) => name);
    if (this.#began.length === 0) {
      const rewinds = new Map(this.#options.topics.map(({ name, rewind = 0 }) => [name, rewind]));
      const ends = await log.watermarks(topics);
      this.#began = ends.map(({ topic, partition, low, high }) => {
        return { topic, partition, offset: Math.max(low, high - (rewinds.get(topic) ?? 0)) };
      });
      for (const position of this.#began) this.#next.set(partitionId(position), position);
    }
    let crashed: Error | undefined;
    const ended = new Promise<void>((resolve) => {
      this.#stop = resolve;
    });
    const reader = await log.tail({
      topics,
      from: [...this.#next.values()],
      onBatch: (batch) => this.#take(batch),
      onCrash: (error) => {
        crashed = error;
        this.#stop?.();
      },
    });
    this.#positioned = true;
    if (!this.#closed) await ended;
    await reader.close();
    if (crashed !== undefined) throw crashed;
  }

  async #take(batch: FetchedBatch): Promise<void> {
    const { topic, partition } = batch;
    const id = partitionId({ topic, partition });
    this.#highs.set(id, batch.highWatermark);
    for (const record of batch.records) {
      if (record.offset < (this.#next.get(id)?.offset ?? 0)) continue;
      // Awaited only when necessary: a turn of the event loop per event would cost more than decoding it.
      const decoded = isRedriven(record.headers) ? null : (this.#decodeNow(record) ?? (await this.#decode(record)));
      this.#next.set(id, { topic, partition, offset: record.offset + 1 });
      if (decoded !== null) for (const listener of this.#listeners) listener(decoded);
    }
    this.#next.set(id, { topic, partition, offset: Math.max(batch.next, this.#next.get(id)?.offset ?? 0) });
    for (const look of this.#waits) look();
  }

  /** Returns undefined when the schema is not cached yet, or when the record does not decode. */
  #decodeNow(record: FetchedBatch['records'][number]): Decoded | undefined {
    try {
      return this.#options.decoder.decodeSync(record);
    } catch (error) {
      if (error instanceof UnknownSchemaError || error instanceof EnvelopeError || error instanceof UndecodableError)
        return undefined;
      throw error;
    }
  }

  /** Resolves with null for a record that does not decode: projections and processors dead-letter it, a tail skips it. */
  async #decode(record: FetchedBatch['records'][number]): Promise<Decoded | null> {
    const { topic, partition, offset } = record;
    while (!this.#closed) {
      try {
        return await this.#options.decoder.decode(record);
      } catch (error) {
        const known = { code: codeOf(error), topic, partition, offset };
        if (error instanceof EnvelopeError || error instanceof UndecodableError) {
          this.#options.logger.error(known, 'event left out: not decodable');
          return null;
        }
        this.#options.logger.warn(known, 'a schema could not be fetched; trying again');
        await pause();
      }
    }
    return null;
  }
}
