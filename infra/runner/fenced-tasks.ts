import type { CommittedOffset, Transactor } from '../kafka/port.ts';
import type { LifeEvents, RunnerDependencies } from './lives.ts';
import { groupOf, transactionalIdOf } from './names.ts';
import { type PartitionTask, PartitionTasks, type PartitionTasksOptions, type TakenOver } from './partition-tasks.ts';

/** The start values of the task of one partition. */
export interface TaskStart<Restored> {
  readonly partition: number;
  readonly transactor: Transactor;
  /** Committed offsets of this partition, one per topic; -1 where nothing was committed. */
  readonly committed: readonly CommittedOffset[];
  readonly restored: Restored;
  readonly onCrash: (error: unknown) => void;
}

/** A reader that commits its offsets in transactions: a processor, a worker or an observer. */
export interface FencedReader<Restored, Task extends PartitionTask>
  extends Pick<PartitionTasksOptions<Task>, 'name' | 'topics' | 'lane' | 'stopMsMax'> {
  /** Reads the start values of the tasks. Runs after fencing: older owners can no longer change what it reads. */
  readonly restore: (transactors: ReadonlyMap<number, Transactor>) => Promise<Restored>;
  readonly begin: (start: TaskStart<Restored>) => Task;
}

/**
 * Returns one life of a reader. Each assignment is taken over in a fixed order: fence the older owners, ask whether this
 * process may still work, restore, read the committed offsets. This order gives exactly-once processing.
 */
export const fencedTasks = <Restored, Task extends PartitionTask>(
  reader: FencedReader<Restored, Task>,
  dependencies: RunnerDependencies,
  events: LifeEvents,
): PartitionTasks<Task> =>
  new PartitionTasks(
    {
      ...reader,
      group: groupOf(reader.name),
      takeOver: (partitions, onCrash) => takeOver(reader, dependencies, partitions, onCrash),
    },
    dependencies,
    events,
  );

async function takeOver<Restored, Task extends PartitionTask>(
  { name, topics, restore, begin }: FencedReader<Restored, Task>,
  { log, mayTakeOver }: RunnerDependencies,
  partitions: readonly number[],
  onCrash: (error: unknown) => void,
): Promise<TakenOver<Task>> {
  const fence = async (partition: number) =>
    [partition, await log.transactor(transactionalIdOf(name, partition))] as const;
  const transactors = new Map(await Promise.all(partitions.map(fence)));
  await mayTakeOver?.();
  const restored = await restore(transactors);
  const committed = await log.committed(groupOf(name), topics);
  const beginOne = (partition: number, transactor: Transactor): Task => {
    const own = committed.filter((position) => position.partition === partition);
    return begin({ partition, transactor, committed: own, restored, onCrash });
  };
  return {
    positions: committed.filter(({ offset, partition }) => offset >= 0 && transactors.has(partition)),
    begin: () => new Map([...transactors].map(([partition, each]) => [partition, beginOne(partition, each)])),
    release: async () => void (await Promise.allSettled([...transactors.values()].map((each) => each.close()))),
  };
}
