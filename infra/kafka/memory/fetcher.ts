import { isRetryable } from '../errors.ts';
import type { FetchedBatch, Position, Reader } from '../port.ts';
import type { Connection } from './connection.ts';

const AWAY_PAUSE_MS = 100;

/** The callbacks of a Fetcher. */
export interface FetchHandlers {
  /** A promise pauses the partition until it resolves. */
  onBatch(batch: FetchedBatch): Promise<void> | undefined;
  onCrash(error: unknown): void;
}

/** Follows each given partition with long polls until closed. */
export class Fetcher implements Reader {
  readonly #connection: Connection;
  readonly #handlers: FetchHandlers;
  #closed = false;

  constructor(connection: Connection, from: readonly Position[], handlers: FetchHandlers) {
    this.#connection = connection;
    this.#handlers = handlers;
    for (const place of from) this.#poll(place).catch((error: unknown) => this.#crash(error));
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  async #poll({ topic, partition, offset }: Position): Promise<void> {
    let next = offset;
    while (!this.#closed) {
      const batch = await this.#fetch(topic, partition, next);
      if (this.#closed) return;
      if (batch === null) continue;
      next = batch.next;
      await this.#handlers.onBatch(batch);
    }
  }

  /** Returns null when the broker was unavailable. */
  async #fetch(topic: string, partition: number, from: number): Promise<FetchedBatch | null> {
    const { broker, clock } = this.#connection;
    const place = broker.partition(topic, partition);
    try {
      return await this.#connection.request('fetch', `${topic} ${partition} from ${from}`, async () => {
        await place.grown(from);
        return place.fetch(from, Number.POSITIVE_INFINITY, broker.fetchRecordsMax);
      });
    } catch (error) {
      if (!isRetryable(error)) throw error;
      await clock.sleep(AWAY_PAUSE_MS);
      return null;
    }
  }

  #crash(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#handlers.onCrash(error);
  }
}
