import type { Topology } from '../../streams/kernel.ts';
import { partitionId } from '../kafka/partition-id.ts';
import type { CommittedOffset, Log } from '../kafka/port.ts';
import { fenceAll, withTransactor } from '../kafka/with-transactor.ts';
import type { RunnerDependencies } from './lives.ts';
import { groupOf, transactionalIdOf } from './names.ts';
import { runTopology } from './processor/runner.ts';

/** Interval of looks at what is left to drain, in ms. */
const LOOK_EVERY_MS = 200;

/** Records that a group of a topology has not passed. */
export interface Undrained {
  readonly topology: string;
  readonly topic: string;
  readonly partition: number;
  readonly records: number;
}

/** Returns what the groups of these topologies have not passed of their external topics. Rejects with LogError. */
export async function undrainedOf(log: Log, topologies: readonly Topology[]): Promise<readonly Undrained[]> {
  const left = topologies.map(async ({ name, external }): Promise<readonly Undrained[]> => {
    const topics = external.map((each) => each.name);
    const passed = await committedBy(log, name, topics);
    return (await log.watermarks(topics)).flatMap(({ topic, partition, low, high }) => {
      const next = Math.max(low, passed.get(partitionId({ topic, partition }))?.offset ?? 0);
      return next < high ? [{ topology: name, topic, partition, records: high - next }] : [];
    });
  });
  return (await Promise.all(left)).flat();
}

/**
 * Moves the work of `from` to `to`, which have the same members in another layout. Runs `from` here until all that it
 * reads from the log is passed, and with it every record of an internal topic; fences its tasks, so that no process that
 * was forgotten writes later; and sets the groups of `to` to where `from` ended. Repeating it after an interruption at
 * any point loses and repeats nothing. No other process may run meanwhile: the caller announces it in the layout of the
 * log first. Rejects with the error of the log, the registry or a table.
 */
export async function switchTopologies(
  from: readonly Topology[],
  to: readonly Topology[],
  dependencies: RunnerDependencies,
): Promise<void> {
  const { log } = dependencies;
  const partitions = Math.max(1, ...(await log.partitionCounts(topicsOf([...from, ...to]))).values());
  do {
    await drain(from, dependencies);
    await fenceAll(log, taskIds(from, partitions));
    // What a forgotten process wrote before it was fenced is drained as well.
  } while ((await undrainedOf(log, from)).length > 0);
  const ended = await endsOf(log, from, to);
  for (const { name, external } of to) await setOffsets(log, name, topicsOf([{ external }]), ended, partitions);
}

/** Runs the topologies until nothing is left. */
async function drain(topologies: readonly Topology[], dependencies: RunnerDependencies): Promise<void> {
  const { log, clock } = dependencies;
  if ((await undrainedOf(log, topologies)).length === 0) return;
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  const { mayTakeOver: _, ...own } = dependencies;
  const runners = topologies.map((each) => runTopology(each, { ...own, onFatal: failed.reject }));
  try {
    while ((await undrainedOf(log, topologies)).length > 0)
      await Promise.race([clock.sleep(LOOK_EVERY_MS), failed.promise]);
  } finally {
    await Promise.all(runners.map((runner) => runner.close()));
  }
}

/** Returns the transactional ids of the tasks of these topologies. */
const taskIds = (topologies: readonly Topology[], partitions: number): readonly string[] =>
  topologies.flatMap(({ name }) =>
    Array.from({ length: partitions }, (_, partition) => transactionalIdOf(name, partition)),
  );

/**
 * Returns the next offset of each partition that `to` reads: where `from` ended, or the end of a topic that `from`
 * handed on, whose writers are fenced.
 */
async function endsOf(
  log: Log,
  from: readonly Topology[],
  to: readonly Topology[],
): Promise<ReadonlyMap<string, CommittedOffset>> {
  const ends = new Map<string, CommittedOffset>();
  const read = new Set(topicsOf(from));
  const handedOn = topicsOf(to).filter((topic) => !read.has(topic));
  for (const { topic, partition, high } of await log.watermarks(handedOn))
    ends.set(partitionId({ topic, partition }), { topic, partition, offset: high, metadata: '' });
  for (const { name, external } of from)
    for (const [id, passed] of await committedBy(log, name, topicsOf([{ external }]))) ends.set(id, passed);
  return ends;
}

async function setOffsets(
  log: Log,
  name: string,
  topics: readonly string[],
  ends: ReadonlyMap<string, CommittedOffset>,
  partitions: number,
): Promise<void> {
  for (let partition = 0; partition < partitions; partition += 1) {
    const offsets = topics.flatMap((topic) => ends.get(partitionId({ topic, partition })) ?? []);
    await withTransactor(log, transactionalIdOf(name, partition), (transactor) =>
      transactor.commit({ records: [], group: groupOf(name), offsets }),
    );
  }
}

async function committedBy(
  log: Log,
  name: string,
  topics: readonly string[],
): Promise<ReadonlyMap<string, CommittedOffset>> {
  const committed = await log.committed(groupOf(name), topics);
  return new Map(committed.filter(({ offset }) => offset >= 0).map((each) => [partitionId(each), each]));
}

const topicsOf = (topologies: readonly Pick<Topology, 'external'>[]): readonly string[] => [
  ...new Set(topologies.flatMap(({ external }) => external.map(({ name }) => name))),
];
