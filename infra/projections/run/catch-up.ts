import { partitionId } from '../../kafka/partition-id.ts';
import type { FetchedBatch, Log, Position } from '../../kafka/port.ts';
import { ProjectionError } from '../errors.ts';
import type { Committed } from './advances.ts';
import type { Retained } from './retained.ts';

/** Returns the part of a batch before `end`. */
export const before = (batch: FetchedBatch, end: number): FetchedBatch =>
  batch.next <= end ? batch : { ...batch, next: end, records: batch.records.filter(({ offset }) => offset < end) };

/** The partitions of a task that catches up with a shared reader. */
export interface CatchUpOptions {
  readonly log: Log;
  readonly places: readonly Pick<Position, 'topic' | 'partition'>[];
  /** The next offset of each partition that the task was not given yet; advanced here. */
  readonly fed: Committed;
  /** The batches of the reader, which grow meanwhile. */
  readonly retained: Retained;
  readonly push: (batch: FetchedBatch) => Promise<void> | undefined;
  readonly signal: AbortSignal;
  /** Called in the turn in which nothing is missing. */
  readonly onCaughtUp: () => void;
}

/**
 * Feeds a task until it was given every batch that the shared reader has delivered: what is no longer retained is read
 * from the log alone, the rest is taken from memory. Rejects with PROJECTION_STOPPED after the abort, and with the
 * error of the log.
 */
export async function catchUp(options: CatchUpOptions): Promise<void> {
  const { log, places, fed, retained, push, signal } = options;
  const give = async (batch: FetchedBatch): Promise<void> => {
    await push(batch);
    if (signal.aborted) throw new ProjectionError('PROJECTION_STOPPED', 'stops while it catches up');
    fed.settle([{ ...batch, expected: batch.from, next: batch.next }]);
  };
  for (;;) {
    const missing = places.filter((place) => fed.nextOf(place) < retained.startOf(place));
    if (missing.length > 0) {
      const ends = new Map(missing.map((place) => [partitionId(place), retained.startOf(place)]));
      await log.readTo({
        from: missing.map(({ topic, partition }) => ({ topic, partition, offset: fed.nextOf({ topic, partition }) })),
        onBatch: (batch) => {
          const end = ends.get(partitionId(batch)) ?? 0;
          return batch.from < end ? give(before(batch, end)) : undefined;
        },
      });
      // Retention may have removed the last records before the reader's.
      for (const { topic, partition } of missing) {
        const next = ends.get(partitionId({ topic, partition })) ?? 0;
        const expected = fed.nextOf({ topic, partition });
        if (expected < next) fed.settle([{ topic, partition, expected, next }]);
      }
      continue;
    }
    const batches = retained.from((place) => fed.nextOf(place));
    if (batches.length === 0) return options.onCaughtUp();
    for (const batch of batches) {
      // Too many batches may have come meanwhile to be retained.
      if (fed.nextOf(batch) < retained.startOf(batch)) break;
      await give(batch);
    }
  }
}
