import { isPartitionCount, PARTITIONS_DEFAULT } from '../../schemas/topics.ts';
import type { TopologyLayout } from '../../streams/kernel.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import { codedError } from '../kit/coded-error.ts';
import type { Log, OutgoingRecord, TopicConfig, Transactor } from './port.ts';

/**
 * The layout of the log: how many partitions the platform has, since which offset each holds the records of that layout,
 * and how topologies run. Decided by the first start, changed only by `khipu topics grow` and `khipu topology switch`,
 * and read by every process before it starts and whenever it takes over partitions.
 */
export interface Layout {
  /** From 1; each change of the layout raises it. Processes of one epoch never work beside those of another. */
  readonly epoch: number;
  readonly partitions: number;
  readonly topologies: TopologyLayout;
  /**
   * First offset of the layout, by topic and partition; 0 where none is named. A growth copied what lay before it to its
   * new place and deleted it, so a reader of the whole log misses nothing that begins here.
   */
  readonly begins: Readonly<Record<string, readonly number[]>>;
  /** The growth under way; null when there is none. Until it ends, no process may start. */
  readonly growing: { readonly to: number } | null;
  /** The switch of topologies under way; null when there is none. Until it ends, no process may start. */
  readonly switching: { readonly to: TopologyLayout } | null;
}

/** Topic of the layout. Not in the catalogue: it describes the catalogue's topics, and holds JSON. */
export const LAYOUT_TOPIC = 'platform.layout';
/** Key of the layout. Other keys belong to a growth under way. */
export const LAYOUT_KEY = 'partitions';

export const layoutTopic: TopicConfig = {
  name: LAYOUT_TOPIC,
  partitions: 1,
  config: { 'cleanup.policy': 'compact', 'segment.ms': '3600000' },
};

/** The codes of LayoutError. */
export type LayoutErrorCode =
  | 'NOT_SET_UP'
  | 'PARTITIONS_MISMATCH'
  | 'PARTITIONS_GROWING'
  | 'LAYOUT_MISMATCH'
  | 'LAYOUT_SWITCHING'
  | 'LAYOUT_CHANGED';

/** A layout of the log with which a process must not start. */
export class LayoutError extends codedError<LayoutErrorCode>('LayoutError') {}

/** Returns the record that sets a value of the layout topic; null removes it. */
export const layoutRecord = (key: string, value: unknown): OutgoingRecord => ({
  ...{ topic: LAYOUT_TOPIC, partition: 0, key, headers: {} },
  value: value === null ? null : Buffer.from(JSON.stringify(value)),
});

/** Returns the latest values of the layout topic by key; empty before the first start. Rejects with LogError. */
export async function readLayoutTopic(log: Log): Promise<ReadonlyMap<string, unknown>> {
  const values = new Map<string, unknown>();
  if ((await log.partitionCounts([LAYOUT_TOPIC])).size === 0) return values;
  const from = (await log.watermarks([LAYOUT_TOPIC])).map(({ partition, low }) => ({
    ...{ topic: LAYOUT_TOPIC, partition, offset: low },
  }));
  await log.readTo({
    from,
    onBatch: ({ records }) => {
      for (const { key, value } of records)
        if (value === null) values.delete(key ?? '');
        else values.set(key ?? '', JSON.parse(value.toString('utf8')));
    },
  });
  return values;
}

/** Returns the layout; null before the first start. Rejects with LogError. */
export const readLayout = async (log: Log): Promise<Layout | null> =>
  ((await readLayoutTopic(log)).get(LAYOUT_KEY) as Layout | undefined) ?? null;

/** Interval of looks for a layout that was written, in ms. */
const LOOK_EVERY_MS = 50;

export interface WriteLayoutOptions {
  /** Name of the tool that writes. */
  readonly group: string;
  /** Other keys to remove in the same transaction. */
  readonly obsolete?: readonly string[];
  readonly clock?: Pick<Clock, 'sleep'>;
}

/** Writes the layout. Resolves when readers see it: they do a moment after the commit was answered. */
export async function writeLayout(
  log: Log,
  transactor: Transactor,
  layout: Layout,
  { group, obsolete = [], clock = systemClock }: WriteLayoutOptions,
): Promise<void> {
  const records = [layoutRecord(LAYOUT_KEY, layout), ...obsolete.map((key) => layoutRecord(key, null))];
  await transactor.commit({ records, group, offsets: [] });
  const written = JSON.stringify(layout);
  while (JSON.stringify(await readLayout(log)) !== written) await clock.sleep(LOOK_EVERY_MS);
}

/**
 * Announces a change of the layout, after which no process starts or takes over. Takes the announcement back when a process
 * runs that started meanwhile and has not read it: rejects with the error of `expectStopped`.
 */
export async function announce(
  before: Layout,
  announced: Layout,
  write: (layout: Layout) => Promise<void>,
  expectStopped: () => Promise<void>,
): Promise<void> {
  await write(announced);
  await expectStopped().catch(async (error: unknown) => {
    await write(before);
    throw error;
  });
}

/** The layout that a process is configured for; null where it takes what the log has. */
export interface WantedLayout {
  /** KHIPU_PARTITIONS. */
  readonly partitions: number | null;
  /** KHIPU_LAYOUT. */
  readonly topologies: TopologyLayout | null;
}

/**
 * Returns the layout with which this process may start. Rejects with LayoutError: NOT_SET_UP before the first `khipu
 * setup`, PARTITIONS_MISMATCH and LAYOUT_MISMATCH when the platform has another layout, PARTITIONS_GROWING and
 * LAYOUT_SWITCHING while a change of it is under way.
 */
export async function expectLayout(log: Log, wanted: WantedLayout): Promise<Layout> {
  const layout = await readLayout(log);
  if (layout === null) throw new LayoutError('NOT_SET_UP', 'the log has no topics of the platform; run khipu setup');
  checkLayout(layout, wanted);
  return layout;
}

/**
 * Checks that the layout is still that of an epoch. Call it after fencing: a change is announced before it fences, so a
 * process that took over after that reads the announcement. Rejects with LAYOUT_CHANGED, or with LogError.
 */
export async function expectEpoch(log: Log, epoch: number): Promise<void> {
  const layout = await readLayout(log);
  if (layout?.epoch === epoch && layout.growing === null && layout.switching === null) return;
  throw new LayoutError(
    'LAYOUT_CHANGED',
    `this process started in epoch ${epoch} of the layout, and it is ${layout?.epoch ?? 'unknown'} or changing; start it again`,
  );
}

/** Throws LayoutError when the layout is changing or is not the wanted one. */
export function checkLayout(layout: Layout, wanted: WantedLayout): void {
  const { epoch, partitions, topologies, growing, switching } = layout;
  if (growing !== null)
    throw new LayoutError(
      'PARTITIONS_GROWING',
      `the platform is growing from ${partitions} to ${growing.to} partitions; ` +
        `khipu topics grow --to ${growing.to} completes it, and no other process may start before`,
    );
  if (switching !== null)
    throw new LayoutError(
      'LAYOUT_SWITCHING',
      `the platform is switching from ${topologies} to ${switching.to}; ` +
        `khipu topology switch --to ${switching.to} completes it, and no other process may start before`,
    );
  if (wanted.partitions !== null && wanted.partitions !== partitions)
    throw new LayoutError(
      'PARTITIONS_MISMATCH',
      `KHIPU_PARTITIONS: expected ${partitions}, the partitions of the topics in the broker; got ${wanted.partitions}. ` +
        (wanted.partitions > partitions
          ? `On a stopped platform, khipu topics grow --to ${wanted.partitions} moves it to more`
          : 'A platform cannot have fewer partitions than before'),
    );
  if (wanted.topologies !== null && wanted.topologies !== topologies)
    throw new LayoutError(
      'LAYOUT_MISMATCH',
      `KHIPU_LAYOUT: expected ${topologies}, the layout of this platform in epoch ${epoch}; got ${wanted.topologies}. ` +
        `On a stopped platform, khipu topology switch --to ${wanted.topologies} changes it`,
    );
}

/** Returns the layout of a platform that starts for the first time. Throws for a number that no platform can have. */
export function firstLayout(wanted: WantedLayout): Layout {
  const { topologies } = wanted;
  const partitions = wanted.partitions ?? PARTITIONS_DEFAULT;
  if (!isPartitionCount(partitions)) throw new Error(`${partitions} is not a power of two from 1 to 256`);
  return {
    ...{ epoch: 1, partitions, topologies: topologies ?? 'chained', begins: {} },
    ...{ growing: null, switching: null },
  };
}
