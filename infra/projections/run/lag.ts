import { partitionId } from '../../kafka/partition-id.ts';
import type { Log, Position, Watermark } from '../../kafka/port.ts';

/** The lag of one partition. */
export interface Lag extends Position {
  /** Offsets between the committed one and the end of the partition. Transaction markers count, so it may be 1 at rest. */
  readonly records: number;
}

/** Returns the lag of each partition. A partition without a committed position counts from its first offset. */
export function lagOf(marks: readonly Watermark[], positions: readonly Position[]): readonly Lag[] {
  const next = new Map(positions.map(({ topic, partition, offset }) => [partitionId({ topic, partition }), offset]));
  return marks.map(({ topic, partition, low, high }) => {
    const offset = next.get(partitionId({ topic, partition })) ?? 0;
    return { topic, partition, offset, records: Math.max(0, high - Math.max(offset, low)) };
  });
}

/** Computes the lag of each view at intervals, and passes it to `report`. A failed attempt is skipped. */
export function watchLag(
  log: Log,
  views: readonly { readonly name: string; readonly topics: readonly string[]; positions(): readonly Position[] }[],
  report: (view: string, lag: readonly Lag[]) => void,
  everyMs = 5_000,
): { close(): void } {
  const look = async (): Promise<void> => {
    const marks = await log.watermarks(views.flatMap(({ topics }) => topics));
    for (const view of views) {
      const positions = view.positions();
      const mine = marks.filter((mark) =>
        positions.some((p) => p.topic === mark.topic && p.partition === mark.partition),
      );
      report(view.name, lagOf(mine, positions));
    }
  };
  const timer = setInterval(() => void look().catch(() => undefined), everyMs);
  timer.unref();
  return { close: () => clearInterval(timer) };
}
