import type { ProjectedMeta } from '../../../projections/kernel.ts';
import type { Lane } from '../../../schemas/topics.ts';
import type { AnyRecord, AnyTopic } from '../../../streams/kernel.ts';
import type { Log, Position } from '../../kafka/port.ts';
import { ProjectionError } from '../errors.ts';
import type { Advance, Item, Sink } from '../sinks/sink.ts';

/** A projection with the store of its read model. */
export interface BoundView<Change = unknown> {
  readonly name: string;
  readonly inputs: readonly AnyTopic[];
  readonly lane?: Lane | undefined;
  readonly apply: (record: AnyRecord, meta: ProjectedMeta) => readonly Change[];
  readonly sink: Sink<Change>;
}

/** Items of one commit with their advances. */
export interface Part<Change = unknown> {
  readonly items: readonly Item<Change>[];
  readonly advances: readonly Advance[];
}

/** The part of one view in a commit. */
export interface ViewPart<Change = unknown> extends Part<Change> {
  readonly view: string;
}

/** The views whose rows and positions one store writes in one transaction. */
export interface StoreViews<Change = unknown> {
  /** Name in metrics. */
  readonly store: string;
  readonly views: readonly BoundView<Change>[];
  /** Most records of one transaction. Default: `batchRecordsMax` of the dependencies. */
  readonly recordsMax?: number;
  /**
   * Writes the parts together or not at all. Rejects as `Sink.commit` does. With `waits` false it also rejects, with an
   * error that a retry may not have, when another transaction holds a lock for longer than a moment.
   */
  commit(parts: readonly ViewPart<Change>[], options: { readonly waits: boolean }): Promise<void>;
}

/** Returns a view that its store commits by itself. */
export const alone = (view: BoundView, store: Pick<StoreViews, 'store' | 'recordsMax'>): StoreViews => ({
  ...store,
  views: [view],
  commit: async ([part]) => (part === undefined ? undefined : view.sink.commit(part.items, part.advances)),
});

/** Returns whether a view reads a topic. */
export const reads = ({ inputs }: Pick<BoundView, 'inputs'>, topic: string): boolean =>
  inputs.some(({ name }) => name === topic);

/**
 * Reads the positions of the read model in the given partitions. Rejects with ProjectionError LOG_BEHIND_READ_MODEL
 * when one is beyond the end of the log, and with the error of the store when it is unavailable.
 */
export async function positionsOf(
  { name, inputs, sink }: BoundView,
  log: Log,
  partitions: readonly number[],
): Promise<readonly Position[]> {
  const marks = await log.watermarks(inputs.map((topic) => topic.name));
  const assigned = marks.filter(({ partition }) => partitions.includes(partition));
  const markOf = ({ topic, partition }: Position) =>
    assigned.find((mark) => mark.topic === topic && mark.partition === partition);
  const positions = (await sink.positions(assigned)).filter((position) => markOf(position) !== undefined);
  for (const position of positions) {
    const { topic, partition, offset } = position;
    const high = markOf(position)?.high ?? 0;
    if (offset > high)
      throw new ProjectionError(
        'LOG_BEHIND_READ_MODEL',
        `${name} has read ${topic}/${partition} up to ${offset}, the log ends at ${high}: rebuild the view`,
      );
  }
  return positions;
}
