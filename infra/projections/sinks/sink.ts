import type { LogRecord, Position, Watermark } from '../../kafka/port.ts';

/** A partition's advance from the first offset that is not in the read model to the next such offset. */
export interface Advance {
  readonly topic: string;
  readonly partition: number;
  /** The value that the read model must have, or the commit is a zombie's. */
  readonly expected: number;
  readonly next: number;
}

/** The changes that one record causes in the read model. */
export interface Item<Change = unknown> {
  readonly record: LogRecord;
  readonly changes: readonly Change[];
}

/** The store of a read model. Implemented for Postgres and for Redis. */
export interface Sink<Change = unknown> {
  /** Resolves with the read model's position of each existing partition. Rejects when the store is unavailable. */
  positions(partitions: readonly Watermark[]): Promise<readonly Position[]>;
  /**
   * Resolves with false when the read model is no longer at these positions: it was rebuilt, or the store has lost it.
   * Called from time to time, so that a view without new input is rebuilt too. Rejects when the store is unavailable.
   */
  holds(positions: readonly Position[]): Promise<boolean>;
  /**
   * Writes the changes of all items, and the advances, together or not at all.
   * Rejects with ProjectionError PROJECTION_ZOMBIE when an advance does not begin at the read model's position, with
   * UnwritableError when the store can never accept one of the items, and with other errors when a retry may succeed.
   */
  commit(items: readonly Item<Change>[], advances: readonly Advance[]): Promise<void>;
}
