import type { Log, Position, Watermark } from '../kafka/log.ts';

export interface Lag extends Position {
  /** Offsets between what is committed and the end of the partition. Transaction markers count, so at rest it may be 1. */
  readonly records: number;
}

/** Positions of what is committed against the end of each partition. A partition without a position counts whole. */
export function lagOf(marks: readonly Watermark[], positions: readonly Position[]): readonly Lag[] {
  const next = new Map(positions.map(({ topic, partition, offset }) => [`${topic} ${partition}`, offset]));
  return marks.map(({ topic, partition, low, high }) => {
    const offset = next.get(`${topic} ${partition}`) ?? 0;
    return { topic, partition, offset, records: Math.max(0, high - Math.max(offset, low)) };
  });
}

/** Looks at intervals how far each view is behind, and tells `report`. A look that fails is left out. */
export function watchLag(
  log: Log,
  views: readonly { readonly name: string; readonly topics: readonly string[]; positions(): readonly Position[] }[],
  report: (view: string, lag: readonly Lag[]) => void,
  everyMs = 5_000,
): { close(): void } {
  const look = async (): Promise<void> => {
    const marks = await log.watermarks(views.flatMap(({ topics }) => topics));
    for (const view of views) {
      const held = view.positions();
      const mine = marks.filter((mark) => held.some((p) => p.topic === mark.topic && p.partition === mark.partition));
      report(view.name, lagOf(mine, held));
    }
  };
  const timer = setInterval(() => void look().catch(() => undefined), everyMs);
  timer.unref();
  return { close: () => clearInterval(timer) };
}
