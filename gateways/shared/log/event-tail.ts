import type { RecordDecoder } from '../../../infra/kafka/decode.ts';
import { type Decoded, EnvelopeError } from '../../../infra/kafka/envelope.ts';
import { codeOf, messageOf } from '../../../infra/kafka/errors.ts';
import type { FetchedBatch, Log, Position } from '../../../infra/kafka/log.ts';
import { isRedriven } from '../../../infra/kafka/runner/dead-letter.ts';
import type { Logger } from '../../../infra/telemetry/logger.ts';
import { UndecodableError, UnknownSchemaError } from '../../../schemas/codec.ts';

export interface EventTailOptions {
  readonly log: Log;
  readonly decoder: RecordDecoder;
  readonly topics: readonly string[];
  readonly logger: Logger;
}

export type EventListener = (event: Decoded) => void;

const RETRY_MS = 500;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, RETRY_MS));
const placeOf = (topic: string, partition: number): string => `${topic}/${partition}`;

/**
 * The one tail of a process: every event of some topics from the moment it started, handed to all listeners in the order
 * of its partition. Started again where it stood when it crashes, so listeners see no gap and no repeat.
 */
export class EventTail {
  readonly #options: EventTailOptions;
  readonly #listeners = new Set<EventListener>();
  readonly #next = new Map<string, Position>();
  readonly #highs = new Map<string, number>();
  #began: readonly Position[] = [];
  #stop: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #closed = false;
  #positioned = false;

  constructor(options: EventTailOptions) {
    this.#options = options;
  }

  /** Where the tail began: earlier events were never seen here. Empty until the log was first reached. */
  get began(): readonly Position[] {
    return this.#began;
  }

  get positioned(): boolean {
    return this.#positioned;
  }

  /** Records that the log has and this process has not read yet. */
  get lag(): number {
    let lag = 0;
    for (const [place, high] of this.#highs) lag += Math.max(0, high - (this.#next.get(place)?.offset ?? high));
    return lag;
  }

  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    this.#running ??= this.#run();
  }

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
    const { log, topics } = this.#options;
    if (this.#began.length === 0) {
      const ends = await log.watermarks(topics);
      this.#began = ends.map(({ topic, partition, high }) => ({ topic, partition, offset: high }));
      for (const position of this.#began) this.#next.set(placeOf(position.topic, position.partition), position);
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
    const place = placeOf(topic, partition);
    this.#highs.set(place, batch.highWatermark);
    for (const record of batch.records) {
      if (record.offset < (this.#next.get(place)?.offset ?? 0)) continue;
      // Awaited only when it must be: a turn of the loop for each event would cost more than to decode it.
      const decoded = isRedriven(record.headers) ? null : (this.#decodeNow(record) ?? (await this.#decode(record)));
      this.#next.set(place, { topic, partition, offset: record.offset + 1 });
      if (decoded !== null) for (const listener of this.#listeners) listener(decoded);
    }
    this.#next.set(place, { topic, partition, offset: Math.max(batch.next, this.#next.get(place)?.offset ?? 0) });
  }

  /** Undefined when its schema is new here, or it does not decode. */
  #decodeNow(record: FetchedBatch['records'][number]): Decoded | undefined {
    try {
      return this.#options.decoder.decodeSync(record);
    } catch (error) {
      if (error instanceof UnknownSchemaError || error instanceof EnvelopeError || error instanceof UndecodableError)
        return undefined;
      throw error;
    }
  }

  /** What cannot be decoded is left out: projections and processors dead-letter it, a reader has nowhere to put it. */
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
