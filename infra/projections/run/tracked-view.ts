import type { Log, Position } from '../../kafka/port.ts';
import { Committed } from './advances.ts';
import { type BoundView, positionsOf, reads } from './bound-view.ts';
import type { Retained } from './retained.ts';

/** A view with its committed positions. */
export interface TrackedView extends BoundView {
  readonly committed: Committed;
}

/** The result of reading the positions of several views. */
export interface Tracked {
  readonly tracked: readonly TrackedView[];
  /** Views whose positions cannot be read while those of others can. */
  readonly failed: readonly BoundView[];
}

/** Reads the positions of each view. Rejects with the first error when none can be read. */
export async function trackViews(
  views: readonly BoundView[],
  log: Log,
  partitions: readonly number[],
): Promise<Tracked> {
  const results = await Promise.allSettled(views.map((view) => positionsOf(view, log, partitions)));
  const tracked: TrackedView[] = [];
  const failed: BoundView[] = [];
  let cause: unknown;
  for (const [index, view] of views.entries()) {
    const result = results[index];
    if (result?.status === 'fulfilled') tracked.push({ ...view, committed: new Committed(result.value) });
    else {
      failed.push(view);
      cause ??= result?.reason;
    }
  }
  if (tracked.length === 0 && failed.length > 0) throw cause;
  return { tracked, failed };
}

/** Returns whether the retained batches, and those to come, bring a view up to date. */
export const isCovered = ({ committed }: TrackedView, retained: Retained): boolean =>
  committed.entries().every((position) => position.offset >= retained.startOf(position));

/** Returns the first offset of a partition that one of the views lacks. */
export function nextOf(views: readonly TrackedView[], place: Pick<Position, 'topic' | 'partition'>): number {
  const readers = views.filter((view) => reads(view, place.topic));
  return Math.min(...readers.map(({ committed }) => committed.nextOf(place)));
}
