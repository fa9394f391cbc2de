import type { Table } from '../../../streams/kernel.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { type Clock, systemClock, waitOf } from '../clock.ts';
import type { RecordDecoder } from '../decode.ts';
import type { Log } from '../log.ts';
import { type Supervised, supervise } from './supervise.ts';
import { TableView } from './table-view.ts';

export interface TableFollowerParts {
  readonly log: Log;
  readonly decoder: RecordDecoder;
  readonly logger: Logger;
  readonly clock?: Clock;
}

/** A table held whole by a process that is no processor, and followed. While the log is away it holds what it last knew. */
export class TableFollower<T> {
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
      onFatal: (error) => logger.fatal({ err: error, table: table.name }, 'the table is not followed any more'),
      begin: async (onCrash) => {
        let whole = false;
        const view = new TableView(table as unknown as Table, () => {
          if (whole) this.#take(view.value as T);
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
        this.#take(view.value as T);
        this.#ready.resolve();
        return view;
      },
    });
  }

  /** Resolves when the whole table was read once. Never rejects. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** True once the whole table was read. */
  get known(): boolean {
    return this.#known;
  }

  /** True while the table is followed. */
  get following(): boolean {
    return this.#following;
  }

  get value(): T {
    return this.#value;
  }

  /** Calls back when the table may have changed. Returns what ends it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with what `find` finds as soon as it finds something, or with undefined when it does not in time. */
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

  close(): Promise<void> {
    return this.#supervised.close();
  }

  #take(value: T): void {
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }
}
