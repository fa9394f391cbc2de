import type { LogRecord, Position, Watermark } from '../kafka/log.ts';

/** A partition's move from the first offset that is not in the read model to the next such offset. */
export interface Advance {
  readonly topic: string;
  readonly partition: number;
  /** What must stand in the read model, or the commit is a zombie's. */
  readonly expected: number;
  readonly next: number;
}

/** What one record means for the read model. */
export interface Item<Change = unknown> {
  readonly record: LogRecord;
  readonly changes: readonly Change[];
}

/** Where a read model is kept. Two stand behind it: Postgres and Redis. */
export interface Sink<Change = unknown> {
  /** How far the read model has read each partition that there is. Rejects when the store is away. */
  positions(partitions: readonly Watermark[]): Promise<readonly Position[]>;
  /**
   * False when the read model no longer stands at these positions: it was rebuilt, or the store has lost it. Asked now and
   * then, so that a view whose inputs are at rest is made again too. Rejects when the store is away.
   */
  holds(positions: readonly Position[]): Promise<boolean>;
  /**
   * Writes the changes of all items, and the advances, together or not at all.
   * Rejects with ProjectionError PROJECTION_ZOMBIE when an advance does not begin where the read model stands, with
   * UnwritableError when the store will never take one of the items, with anything else when the same may work later.
   */
  commit(items: readonly Item<Change>[], advances: readonly Advance[]): Promise<void>;
}
