import { LAYOUT_KEY, type Layout, layoutRecord, readLayoutTopic } from '../kafka/layout.ts';
import type { Log, OutgoingRecord } from '../kafka/port.ts';

/**
 * The steps of a growth, in order; each is safe to repeat, and the layout topic holds the last one that began.
 *
 *     begun ──► copying ──► switching ──► (the new layout)
 *       │
 *       └─► (the old layout, when a reader turns out to be running)
 *
 * `begun`: no process starts any more. `copying`: the ends are known and the partitions exist; records are copied in
 * transactions that also say how far. `switching`: the copies were compared with the originals; now the originals are
 * deleted and every reader is set to the ends.
 */
export interface Growing {
  readonly to: number;
  readonly step: 'begun' | 'copying' | 'switching';
  /** Ends of the old partitions, by topic, when copying began: what lies before is copied, what lies behind are copies. */
  readonly ends: Readonly<Record<string, readonly number[]>>;
  /** First offsets of the old partitions at that time. */
  readonly lows: Readonly<Record<string, readonly number[]>>;
  /** Topics of which each consumer group has committed offsets. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

export type GrowingLayout = Layout & { readonly growing: Growing };

/** The growth under way, and how far each old partition is copied: the next offset, by `progressKey`. */
export interface GrowthState {
  readonly layout: Layout & { readonly growing: Growing | null };
  readonly copied: ReadonlyMap<string, number>;
}

const COPIED = 'copied/';
export const progressKey = (topic: string, partition: number): string => `${COPIED}${topic}/${partition}`;

/** Returns the record that says how far an old partition is copied. It is written in the transaction of the copies. */
export const progressRecord = (topic: string, partition: number, next: number): OutgoingRecord =>
  layoutRecord(progressKey(topic, partition), next);

/** Returns the state of the layout topic; null before the first start. */
export async function readGrowth(log: Log): Promise<GrowthState | null> {
  const values = await readLayoutTopic(log);
  const layout = values.get(LAYOUT_KEY) as GrowthState['layout'] | undefined;
  if (layout === undefined) return null;
  const copied = [...values].filter(([key]) => key.startsWith(COPIED)) as [string, number][];
  return { layout, copied: new Map(copied) };
}

/** Transactional id of a growth: a newer tool fences an older one. Also the name of its group, which commits nothing. */
export const GROWTH_ID = 'khipu.growth';
