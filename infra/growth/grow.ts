import { announce, type Layout, writeLayout } from '../kafka/layout.ts';
import type { Log, Transactor, Watermark } from '../kafka/port.ts';
import { fenceAll, withTransactor } from '../kafka/with-transactor.ts';
import { copiedTopics, copyAll, endsOf, verifyAll } from './copy-all.ts';
import type { GrowthDependencies } from './dependencies.ts';
import { grownTopics } from './grown-topics.ts';
import { expectStopped, firstStep, stateToGrow } from './ready.ts';
import { GROWTH_ID, type Growing, progressKey } from './state.ts';
import { switchReaders } from './switch.ts';
import type { Step } from './target.ts';

/** What a growth would do, or did. */
export interface GrowthReport extends Step {
  /** Offsets in the old partitions of each topic: records and markers of transactions. */
  readonly topics: readonly { readonly topic: string; readonly offsets: number }[];
  /** Consumer groups that are set to the ends of their topics. */
  readonly groups: readonly string[];
}

/** Transactional id of the copies: its client learns of the partitions after they were added. */
const COPIES_ID = `${GROWTH_ID}.copies`;

/**
 * Moves a stopped platform to `to` partitions. Reads what is under way from the log and continues there, so it may be
 * interrupted at any point and run again. Rejects with GrowthError: PARTITIONS_INVALID when `to` is no power of two above
 * the present number, GROWTH_OTHER when another growth is under way, PLATFORM_RUNNING when a consumer group has members,
 * NOT_DRAINED when a reader has not read everything, GROWTH_UNEQUAL when a copy differs from its original; with LayoutError
 * NOT_SET_UP before the first start, or LAYOUT_SWITCHING while topologies are switched; and with LogError.
 */
export const growPartitions = (to: number, dependencies: GrowthDependencies): Promise<GrowthReport> =>
  withLog(dependencies, (log) =>
    withTransactor(log, GROWTH_ID, (transactor) => grow(to, log, transactor, dependencies)),
  );

/** Returns what a growth would do. Changes nothing. Rejects like `growPartitions`. */
export const planGrowth = (to: number, dependencies: GrowthDependencies): Promise<GrowthReport> =>
  withLog(dependencies, async (log) => {
    const { layout } = await stateToGrow(log, to);
    const growing = layout.growing ?? (await firstStep(to, log, dependencies));
    const ends = growing.step === 'begun' ? byTopic(await readMarks(log), 'high') : growing.ends;
    return reportOf({ from: layout.partitions, to }, { ...growing, ends });
  });

async function grow(
  to: number,
  log: Log,
  transactor: Transactor,
  dependencies: GrowthDependencies,
): Promise<GrowthReport> {
  const { layout } = await stateToGrow(log, to);
  const step = { from: layout.partitions, to };
  const write = (next: Layout, obsolete?: readonly string[]): Promise<void> =>
    writeLayout(log, transactor, next, { group: GROWTH_ID, ...(obsolete !== undefined && { obsolete }) });
  const advance = async (growing: Growing): Promise<Growing> => {
    await write({ ...layout, growing });
    return growing;
  };
  let growing = layout.growing;
  if (growing === null) {
    growing = await firstStep(to, log, dependencies);
    await announce(layout, { ...layout, growing }, write, () => expectStopped(dependencies));
  }
  if (growing.step === 'begun') growing = await advance(await addPartitions(log, growing, step, dependencies));
  const { ends, groups } = await withLog(dependencies, (grown) =>
    copyAndSwitch(grown, growing, step, advance, dependencies),
  );
  const begins = Object.fromEntries(copiedTopics.map(({ name }) => [name, ends[name] ?? []]));
  const settled: Layout = { ...layout, epoch: layout.epoch + 1, partitions: to, begins, growing: null };
  const obsolete = copiedTopics.flatMap((topic) => endsOf(ends, topic).map(([n]) => progressKey(topic.name, n)));
  await write(settled, obsolete);
  return reportOf(step, { ends, groups });
}

/** Fences every task, so that the ends are final, notes them, and adds the new partitions. */
async function addPartitions(
  log: Log,
  growing: Growing,
  { from, to }: Step,
  { admin, transactionalIds }: GrowthDependencies,
): Promise<Growing> {
  await fenceAll(log, transactionalIds(from));
  // A repeated call may find partitions that it has added already; they are empty.
  const marks = (await readMarks(log)).filter(({ partition }) => partition < from);
  await admin.addPartitions(
    grownTopics.map(({ name }) => name),
    to,
  );
  return { ...growing, step: 'copying', ends: byTopic(marks, 'high'), lows: byTopic(marks, 'low') };
}

async function copyAndSwitch(
  log: Log,
  begun: Growing,
  step: Step,
  advance: (growing: Growing) => Promise<Growing>,
  dependencies: GrowthDependencies,
): Promise<Growing> {
  let growing = begun;
  if (growing.step === 'copying') {
    await withTransactor(log, COPIES_ID, (copier) => copyAll(log, copier, growing, step, dependencies));
    // Opening the id again waits until every transaction before is complete: the ends then include all copies.
    await withTransactor(log, COPIES_ID, () => verifyAll(log, growing, step, dependencies));
    growing = await advance({ ...growing, step: 'switching' });
  }
  await withTransactor(log, COPIES_ID, (transactor) => switchReaders(log, transactor, growing, dependencies));
  return growing;
}

/** Returns the watermarks of the topics that grow, in the order of their partitions. */
const readMarks = async (log: Log): Promise<readonly Watermark[]> =>
  [...(await log.watermarks(grownTopics.map(({ name }) => name)))].sort((a, b) => a.partition - b.partition);

const byTopic = (marks: readonly Watermark[], side: 'low' | 'high'): Growing['ends'] =>
  Object.fromEntries(
    [...Map.groupBy(marks, ({ topic }) => topic)].map(([topic, all]) => [topic, all.map((mark) => mark[side])]),
  );

const reportOf = ({ from, to }: Step, { ends, groups }: Pick<Growing, 'ends' | 'groups'>): GrowthReport => ({
  ...{ from, to },
  topics: Object.entries(ends).map(([topic, offsets]) => ({
    topic,
    offsets: offsets.reduce((sum, end) => sum + end, 0),
  })),
  groups: Object.keys(groups),
});

async function withLog<T>({ openLog }: GrowthDependencies, work: (log: Log) => Promise<T>): Promise<T> {
  const log = openLog();
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}
