import type { Topology } from '../../../streams/kernel.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import type { FetchedBatch, LogRecord, OutgoingRecord } from '../../kafka/port.ts';
import { DeadLetterGate } from '../dead-letters/gate.ts';
import { redriven, toDeadLetter } from '../dead-letters/letter.ts';
import { ParkedKeys } from '../dead-letters/parked-keys.ts';
import { Decider } from '../processor/decider.ts';
import type { Member, StagedMember } from '../processor/member.ts';
import { PartitionState } from '../processor/partition-state.ts';
import { changesOf, type StagedTransaction } from '../processor/staged-transaction.ts';
import { TopologyTask } from '../processor/task.ts';
import { TaskTimers } from '../processor/task-timers.ts';
import { ProgressBeacon } from '../progress-beacon.ts';
import { quiet, RecordingTransactor } from './by-hand.ts';
import { type ChainNames, chain, homeOf, memberOf, prepareChain, shownIn } from './chain.ts';
import { ask, COMMAND_TIME_MS, command, dependenciesOf, localDecoder, ManualClock } from './processors.ts';

type Declare = (names: ChainNames) => Topology;

/** The dependencies of a task of a topology, in the partition of key `a`, without a runner. */
export async function surroundChain(declare: Declare = chain) {
  const log = new MemoryLog();
  const decoder = localDecoder();
  const names = await prepareChain(log);
  const topology = declare(names);
  const home = homeOf(log, names, decoder, 'a');
  const { metrics } = dependenciesOf(log, decoder).dependencies;
  const members = topology.members.map(
    (processor): Member => ({
      ...{ processor, state: new PartitionState(), tables: () => ({}) },
      gate: new DeadLetterGate(
        processor.name,
        processor.poison === 'park' ? new ParkedKeys() : null,
        topology.redrives?.name,
      ),
      timers: processor.timers === null ? null : new TaskTimers(processor, new Map()),
    }),
  );
  const dependencies = {
    ...{ topology, members, partition: home, partitions: 4, decoder, metrics },
    beacon: new ProgressBeacon(),
  };
  const ends = new Map<string, number>();
  const stored = (outgoing: OutgoingRecord): LogRecord => {
    const offset = ends.get(outgoing.topic) ?? 0;
    ends.set(outgoing.topic, offset + 1);
    const { topic, key, value, headers } = outgoing;
    return { ...{ topic, key, value, headers }, partition: home, offset, timestampMs: COMMAND_TIME_MS };
  };
  type Part = Parameters<typeof memberOf>[1];
  const member = (part: Part) => members.find(({ processor }) => processor.name === memberOf(names, part)) as Member;
  return {
    ...{ names, topology, members, dependencies, metrics, home, decoder, stored },
    clock: new ManualClock(COMMAND_TIME_MS),
    member,
    changesIn: (staged: StagedTransaction, part: Part): StagedMember => changesOf(staged, member(part).processor),
    /** Returns the next command of the partition. */
    record: (prompt: string, key = 'a'): LogRecord => stored(command(names, decoder, ask(key, prompt), key)),
    batch: (...records: readonly LogRecord[]): FetchedBatch => {
      const [first] = records;
      const next = (records.at(-1)?.offset ?? 0) + 1;
      return {
        ...{ topic: first?.topic ?? names.input.name, partition: home, from: first?.offset ?? 0, next },
        ...{ highWatermark: next, records },
      };
    },
    /** Returns the record that the tool appends to redrive a dead letter, as a reader receives it. */
    again: (letter: OutgoingRecord, drop = false): LogRecord => {
      const held = { ...letter, partition: home, offset: 70, timestampMs: COMMAND_TIME_MS };
      return stored(redriven(toDeadLetter(held), 'me', drop));
    },
    shown: (records: readonly OutgoingRecord[]) => records.map((each) => shownIn(decoder, each)),
  };
}

export async function openChain(declare?: Declare) {
  const around = await surroundChain(declare);
  const decider = new Decider(around.dependencies);
  return {
    ...{ ...around, decider },
    /** Decides these records, and returns what is written. */
    written: async (...records: readonly LogRecord[]) => around.shown((await decider.decide(records)).records),
  };
}

/** Starts a task of the topology whose inputs begin at offset 0, with a transactor that records its commits. */
export async function openChainTask(declare?: Declare) {
  const around = await surroundChain(declare);
  const { topology, dependencies, clock } = around;
  const transactor = new RecordingTransactor();
  const crashes: unknown[] = [];
  const task = new TopologyTask({
    ...{ ...dependencies, group: `group of ${topology.name}`, transactor, clock },
    positions: new Map(topology.external.map(({ name }) => [name, 0])),
    onCrash: (error) => void crashes.push(error),
  });
  await quiet();
  return {
    ...{ ...around, task, transactor, crashes },
    take: async (...records: readonly LogRecord[]): Promise<void> => {
      void task.push(around.batch(...records));
      await quiet();
    },
    pass: async (ms: number): Promise<void> => {
      clock.advance(ms);
      await quiet();
    },
    /** Returns the description of each transaction. */
    get transactions(): readonly (readonly string[])[] {
      return transactor.batches.map(({ records }) => around.shown(records));
    },
  };
}
