import type { Table } from '../../../streams/kernel.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import type { Log } from '../../kafka/port.ts';
import { type Clock, systemClock, waitOf } from '../../kit/clock.ts';
import type { Logger } from '../../kit/logger.ts';
import { type Supervised, supervise } from '../supervise.ts';
import { TableViews } from './view.ts';

/** The services that a follower needs. */
export interface TableFollowerParts {
  readonly log: Log;
  readonly decoder: RecordDecoder;
  readonly logger: Logger;
  readonly clock?: Clock;
}

/** A table that this process holds completely and follows. While the log is unavailable it keeps the last value. */
export interface FollowedTable<T> {
  readonly value: T;
  /** Resolves when the whole table has been read once. Never rejects. */
  readonly ready: Promise<void>;
  /** True once the whole table has been read; before that, a missing entry means nothing. */
  readonly known: boolean;
  /** True while changes are followed. */
  readonly following: boolean;
  /** Calls `listener` when the table may have changed. Returns a function that ends it. */
  listen(listener: () => void): () => void;
  /** Resolves with the result of `find` as soon as it is not undefined, or with undefined after `timeoutMs`. */
  until<R>(find: (value: T) => R | undefined, timeoutMs: number): Promise<R | undefined>;
  /** Resolves with true as soon as `wanted` holds, or with false after `timeoutMs`. */
  holds(wanted: (value: T) => boolean, timeoutMs: number): Promise<boolean>;
}

/** Follows a table outside a processor, until closed: see `supervise` for errors. */
export class TableFollower<T> implements FollowedTable<T> {
  readonly #clock: Clock;
  readonly #supervised: Supervised;
  readonly #listeners = new Set<() => void>();
  readonly #ready = Promise.withResolvers<void>();
  #value: T;
  #following = false;
  #known = false;

  constructor(table: Table<T>, { log, decoder, logger, clock = systemClock }: TableFollowerParts) {
    this.#clock = clock;
    this.#value = table.initial;
    this.#supervised = supervise({
      name: table.name,
      logger,
      clock,
      onRestart: () => {
        this.#following = false;
      },
      onFatal: (error) => logger.fatal({ err: error, table: table.name }, 'the table is no longer followed'),
      begin: async (onCrash) => {
        let whole = false;
        const view = new TableViews({ table: table as unknown as Table }, () => {
          if (whole) this.#take(view.values['table'] as T);
        });
        try {
          await view.open(log, decoder, logger, onCrash);
        } catch (error) {
          await view.close();
          throw error;
        }
        whole = true;
        this.#following = true;
        this.#known = true;
        this.#take(view.values['table'] as T);
        this.#ready.resolve();
        return view;
      },
    });
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get known(): boolean {
    return this.#known;
  }

  get following(): boolean {
    return this.#following;
  }

  get value(): T {
    return this.#value;
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async until<R>(find: (value: T) => R | undefined, timeoutMs: number): Promise<R | undefined> {
    const wait = waitOf(this.#clock, timeoutMs);
    const unlisten = this.listen(() => {
      if (find(this.#value) !== undefined) wait.end();
    });
    if (find(this.#value) === undefined) await wait.over;
    else wait.end();
    unlisten();
    return find(this.#value);
  }

  async holds(wanted: (value: T) => boolean, timeoutMs: number): Promise<boolean> {
    return (await this.until((value) => (wanted(value) ? true : undefined), timeoutMs)) === true;
  }

  close(): Promise<void> {
    return this.#supervised.close();
  }

  #take(value: T): void {
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }
}
