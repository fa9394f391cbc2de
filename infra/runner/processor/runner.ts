import { partitionOf } from '../../../streams/kernel/partitioner.ts';
import { type Processor, type Table, type Topology, topologyOf } from '../../../streams/kernel.ts';
import { DeadLetterGate } from '../dead-letters/gate.ts';
import { fencedTasks, type TaskStart } from '../fenced-tasks.ts';
import type { InFlight } from '../in-flight.ts';
import { type LifeEvents, type Runner, type RunnerDependencies, type RunnerLife, runLives } from '../lives.ts';
import { groupOf } from '../names.ts';
import type { PartitionTasks } from '../partition-tasks.ts';
import { ProgressBeacon } from '../progress-beacon.ts';
import { TableViews } from '../tables/view.ts';
import { type Inspection, StateError } from './inspect.ts';
import type { Member } from './member.ts';
import { type RestoredTopology, restoreTopology } from './restore.ts';
import { emptyPartition } from './state-store.ts';
import { lingerOf, TopologyTask } from './task.ts';
import { TaskTimers } from './task-timers.ts';

export interface TopologyRunner extends Runner {
  /** Names of the members. */
  readonly members: readonly string[];
  /**
   * Returns the committed state of a key of a member. Throws StateError `STATE_UNKNOWN_KEY` when this process owns its
   * partition and has no state, `STATE_NOT_HERE` when another process may own it: where places choose partitions, a key
   * alone does not say in which partition its state would be, so only a process that owns all of them knows.
   */
  inspect(member: string, key: string): Inspection;
}

/**
 * Time to commit the records in flight when the process stops, in ms. Leaving the group comes after it: ten seconds in
 * all.
 */
const STOP_GRACE_MS = 7_000;
const UNWATCHED = new ProgressBeacon();

/** Runs a topology until it is closed: see `supervise` for errors. */
export function runTopology(topology: Topology, dependencies: RunnerDependencies): TopologyRunner {
  let life: TopologyLife | null = null;
  const { name, members } = topology;
  const runner = runLives(name, dependencies, (events) => {
    life = new TopologyLife(topology, dependencies, events);
    return life;
  });
  return {
    ...runner,
    members: members.map((member) => member.name),
    inspect: (member, key) => {
      if (life === null) throw new StateError('STATE_NOT_HERE', `${name} is joining its group`);
      return life.inspect(member, key);
    },
  };
}

/** Runs a processor as a topology of one. */
export const runProcessor = (processor: Processor, dependencies: RunnerDependencies): TopologyRunner =>
  runTopology(topologyOf(processor), dependencies);

/** One life of a topology: its tables, read to the end before it joins its group, and the tasks of its partitions. */
class TopologyLife implements RunnerLife {
  readonly #topology: Topology;
  readonly #d: RunnerDependencies;
  readonly #tables: TableViews;
  readonly #tasks: PartitionTasks<TopologyTask>;
  /** Of its topics, as the log has them. */
  #partitions = 1;

  constructor(topology: Topology, dependencies: RunnerDependencies, events: LifeEvents) {
    this.#topology = topology;
    this.#d = dependencies;
    this.#tables = new TableViews(Object.fromEntries(tablesOf(topology).map((table, at) => [at, table])));
    this.#tasks = fencedTasks(
      {
        name: topology.name,
        topics: topology.external.map(({ name }) => name),
        lane: lingerOf(topology) > 0 ? 'batch' : 'interactive',
        stopMsMax: STOP_GRACE_MS,
        restore: (transactors) => restoreTopology(topology, dependencies, transactors),
        begin: (start) => this.#begin(start),
      },
      dependencies,
      events,
    );
  }

  async begin(): Promise<void> {
    const { log, decoder, logger } = this.#d;
    this.#partitions = Math.max(
      1,
      ...(await log.partitionCounts(this.#topology.external.map(({ name }) => name))).values(),
    );
    await this.#tables.open(log, decoder, logger, this.#tasks.crash);
    await this.#tasks.begin();
  }

  async close(): Promise<void> {
    await this.#tasks.close();
    await this.#tables.close().catch(() => undefined);
  }

  inFlight(): readonly InFlight[] {
    return this.#tasks.inFlight();
  }

  inspect(member: string, key: string): Inspection {
    for (const task of this.#tasks.tasks) {
      const found = task.inspect(member, key);
      if (found !== undefined) return found;
    }
    const elsewhere = this.#partitionsOf(key).filter((partition) => this.#tasks.of(partition) === undefined);
    if (elsewhere.length > 0)
      throw new StateError(
        'STATE_NOT_HERE',
        `this process does not own partition ${elsewhere.join(', ')} of ${member}`,
      );
    throw new StateError('STATE_UNKNOWN_KEY', `${member} has no state for key ${key}`);
  }

  /** Returns the partitions that may have the state of a key: all of them where a place chooses the partition. */
  #partitionsOf(key: string): readonly number[] {
    const partitions = this.#partitions;
    return this.#topology.external[0]?.partitionedBy === 'place'
      ? Array.from({ length: partitions }, (_, partition) => partition)
      : [partitionOf(key, partitions)];
  }

  #begin(start: TaskStart<RestoredTopology>): TopologyTask {
    const { partition, transactor, committed, restored, onCrash } = start;
    const { decoder, metrics, clock, beacon = UNWATCHED } = this.#d;
    const topology = this.#topology;
    return new TopologyTask({
      ...{ topology, group: groupOf(topology.name), partition, partitions: this.#partitions, transactor },
      members: topology.members.map((processor) => this.#member(processor, partition, restored)),
      positions: new Map(committed.map(({ topic, offset }) => [topic, Math.max(0, offset)])),
      ...{ decoder, metrics, beacon, clock, onCrash },
    });
  }

  #member(processor: Processor, partition: number, restored: RestoredTopology): Member {
    const { states, parked } = restored.get(processor.name) ?? {};
    const { state, timers } = states?.get(partition) ?? emptyPartition();
    const at = Object.entries(processor.tables).map(([name, table]) => [name, tablesOf(this.#topology).indexOf(table)]);
    return {
      processor,
      state,
      gate: new DeadLetterGate(processor.name, parked?.get(partition) ?? null, this.#topology.redrives?.name),
      timers: processor.timers === null ? null : new TaskTimers(processor, timers),
      tables: () => {
        const { values } = this.#tables;
        return Object.fromEntries(at.map(([name, index]) => [name, values[`${index}`]]));
      },
    };
  }
}

/** Returns the tables of all members, each once: members that follow the same table share it. */
const tablesOf = ({ members }: Topology): readonly Table[] => [
  ...new Set(members.flatMap(({ tables }) => Object.values(tables))),
];
