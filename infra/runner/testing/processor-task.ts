import { isDeadLetterTopic } from '../../../schemas/topics.ts';
import { type Processor, topologyOf } from '../../../streams/kernel.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import type { FetchedBatch, LogRecord, OutgoingRecord } from '../../kafka/port.ts';
import { DeadLetterGate } from '../dead-letters/gate.ts';
import { ParkedKeys } from '../dead-letters/parked-keys.ts';
import { deadLetterHeaders, redriveHeaders } from '../dead-letters/write.ts';
import type { Member, StagedMember } from '../processor/member.ts';
import { PartitionState } from '../processor/partition-state.ts';
import { changesOf, type StagedTransaction } from '../processor/staged-transaction.ts';
import { type TaskDependencies, TopologyTask } from '../processor/task.ts';
import { TaskTimers } from '../processor/task-timers.ts';
import { ProgressBeacon } from '../progress-beacon.ts';
import { quiet, RecordingTransactor } from './by-hand.ts';
import { ask, COMMAND_TIME_MS, command, dependenciesOf, localDecoder, ManualClock } from './processors.ts';
import { prepareTimed, type TimedNames } from './reminder.ts';

/** Not partition 0, so that a missing partition is detected. */
export const PARTITION = 2;

/** Headers of a record that is redriven for another reader: skipping it costs one look at its headers. */
export const forAnother = (record: LogRecord): LogRecord => ({
  ...record,
  headers: { ...record.headers, [redriveHeaders.processor]: 'another' },
});

/** The options of a task of one processor. */
interface Surroundings {
  readonly decoder?: RecordDecoder;
  readonly parks?: boolean;
  readonly tables?: Member['tables'];
}

/** The dependencies of a task of a processor, a topology of one, without a log and a runner. */
export async function surroundings(
  declare: (names: TimedNames) => Processor,
  { decoder = localDecoder(), parks = false, tables = () => ({}) }: Surroundings = {},
) {
  const log = new MemoryLog();
  const names = await prepareTimed(log);
  const processor = declare(names);
  const { metrics } = dependenciesOf(log, decoder).dependencies;
  const parkedKeys = parks ? new ParkedKeys() : null;
  const slots: string[] = [];
  const member: Member = {
    ...{ processor, state: new PartitionState(), tables },
    gate: new DeadLetterGate(processor.name, parkedKeys),
    timers: processor.timers === null ? null : new TaskTimers(processor, new Map()),
  };
  const dependencies = {
    ...{ topology: topologyOf(processor), members: [member], partition: PARTITION, partitions: 4, decoder, metrics },
    beacon: new ProgressBeacon((slot, { topic, partition, processor: name }) =>
      slots.push(`${slot}: ${name} ${topic} ${partition}`),
    ),
  };
  const ends = new Map<string, number>();
  /** Returns the next record of the partition. */
  const record = (prompt: string, key = 'a', over: Partial<LogRecord> = {}): LogRecord => {
    const topic = over.topic ?? names.input.name;
    const offset = ends.get(topic) ?? 0;
    ends.set(topic, offset + 1);
    const made = command(names, decoder, ask(key, prompt), key);
    return { ...made, topic, partition: PARTITION, offset, timestampMs: COMMAND_TIME_MS, ...over };
  };
  /** Returns a fetched batch. Default of `next`: the offset after the last record. */
  const batch = (records: readonly LogRecord[], over: Partial<FetchedBatch> = {}): FetchedBatch => {
    const topic = records[0]?.topic ?? names.input.name;
    const from = records[0]?.offset ?? ends.get(topic) ?? 0;
    const next = (records.at(-1)?.offset ?? from - 1) + 1;
    return { topic, partition: PARTITION, from, next, highWatermark: next, records, ...over };
  };
  return {
    ...{ names, processor, member, state: member.state, metrics, dependencies, parkedKeys, slots, record, batch },
    clock: new ManualClock(COMMAND_TIME_MS),
    /** Returns the staged changes of the processor. */
    changesIn: (staged: StagedTransaction): StagedMember => changesOf(staged, processor),
    summaries: (records: readonly OutgoingRecord[] | undefined) =>
      (records ?? []).map((each) => summaryOf(decoder, each)),
  };
}

/**
 * Describes a record briefly: `a says 1:hello`, `a holds {"count":1}`, `a is gone`, `a died of CODE`, `a is asked
 * ring`.
 */
function summaryOf(decoder: RecordDecoder, outgoing: OutgoingRecord): string {
  const { topic, key, value, headers } = outgoing;
  if (isDeadLetterTopic(topic)) {
    const note = headers[deadLetterHeaders.note];
    return note === undefined ? `${key} died of ${headers[deadLetterHeaders.code]}` : `letter of ${key}: ${note}`;
  }
  if (topic.endsWith('.state')) return `${key} ${value === null ? 'is gone' : `holds ${stateIn(value)}`}`;
  const { record } = decoder.decodeSync({ ...outgoing, partition: 0, offset: 0, timestampMs: 0 });
  if (record.type === 'InferText') return `${key} is asked ${record.data.prompt}`;
  const { code, detail } = record.data as { readonly code: string; readonly detail: string };
  return `${key} says ${code}:${detail.slice(0, 20)}`;
}

function stateIn(value: Buffer): string {
  const { state, timers = [] } = JSON.parse(value.toString()) as { state: unknown; timers?: { fired: boolean }[] };
  return JSON.stringify(state) + timers.map(({ fired }) => (fired ? ' and has fired' : ' and waits')).join('');
}

/**
 * Starts a task with such dependencies, and returns it with everything it reports. Default: its inputs begin at offset
 * 0.
 */
export async function openTask(
  declare: (names: TimedNames) => Processor,
  options?: Parameters<typeof surroundings>[1],
  over: Partial<TaskDependencies> = {},
) {
  const around = await surroundings(declare, options);
  const { processor, dependencies, clock } = around;
  const transactor = new RecordingTransactor();
  const crashes: unknown[] = [];
  const sleeps: number[] = [];
  let waiting = 0;
  const task = new TopologyTask({
    ...dependencies,
    ...{ group: `group of ${processor.name}`, transactor, onCrash: (error) => void crashes.push(error) },
    positions: new Map(processor.inputs.map(({ name }) => [name, 0])),
    clock: {
      ...clock,
      sleep: async (ms, signal) => {
        sleeps.push(ms);
        waiting += 1;
        await clock.sleep(ms, signal);
        waiting -= 1;
      },
    },
    ...over,
  });
  await quiet();
  return {
    ...{ ...around, task, transactor, crashes, sleeps },
    /** Pushes a batch of these records, and lets the task run until it waits. */
    take: async (...records: readonly LogRecord[]): Promise<void> => {
      void task.push(around.batch(records));
      await quiet();
    },
    pass: async (ms: number): Promise<void> => {
      clock.advance(ms);
      await quiet();
    },
    /** Returns the number of waits that are neither over nor ended. */
    get waiting(): number {
      return waiting;
    },
    /** Returns the description of each transaction. */
    get transactions(): readonly (readonly string[])[] {
      return transactor.batches.map(({ records }) => around.summaries(records));
    },
  };
}
