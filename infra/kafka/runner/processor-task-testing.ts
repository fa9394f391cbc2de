import { isDeadLetterTopic } from '../../../schemas/topics.ts';
import type { Processor } from '../../../streams/kernel.ts';
import type { RecordDecoder } from '../decode.ts';
import type { FetchedBatch, LogRecord, OutgoingRecord } from '../log.ts';
import { MemoryLog } from '../memory/log.ts';
import { Aside } from './aside.ts';
import { quiet, RecordingTransactor } from './by-hand-testing.ts';
import { deadLetterHeaders, redriveHeaders } from './dead-letter.ts';
import { ParkedLines } from './parking.ts';
import { PartitionState } from './partition-state.ts';
import { ProcessorTask, type TaskDependencies } from './processor-task.ts';
import { prepareTimed, type TimedNames } from './reminder/testing.ts';
import { TaskTimers } from './task-timers.ts';
import { ask, COMMAND_TIME_MS, command, dependenciesOf, localDecoder, ManualClock } from './testing.ts';
import { Whereabouts } from './whereabouts.ts';

/** Not the first, so that a partition that was left out shows. */
export const PARTITION = 2;

/** As a record that is redriven for another reader: it is passed over, at the price of a look at its headers. */
export const forAnother = (record: LogRecord): LogRecord => ({
  ...record,
  headers: { ...record.headers, [redriveHeaders.processor]: 'another' },
});

/** All that a task of a processor has around it, without a log and without a runner. */
export async function surroundings(
  declare: (names: TimedNames) => Processor,
  { decoder = localDecoder(), parks = false }: { readonly decoder?: RecordDecoder; readonly parks?: boolean } = {},
) {
  const log = new MemoryLog();
  const names = await prepareTimed(log);
  const processor = declare(names);
  const { metrics } = dependenciesOf(log, decoder).dependencies;
  const lines = parks ? new ParkedLines() : null;
  const seats: string[] = [];
  const dependencies = {
    ...{ processor, partition: PARTITION, state: new PartitionState(), decoder, metrics },
    aside: new Aside(processor.name, lines),
    timers: processor.timers === null ? null : new TaskTimers(processor, new Map()),
    tables: () => ({}),
    whereabouts: new Whereabouts((seat, { topic, partition, processor: name }) =>
      seats.push(`${seat}: ${name} ${topic} ${partition}`),
    ),
  };
  const ends = new Map<string, number>();
  /** The next record of the partition. */
  const record = (prompt: string, key = 'a', over: Partial<LogRecord> = {}): LogRecord => {
    const topic = over.topic ?? names.input.name;
    const offset = ends.get(topic) ?? 0;
    ends.set(topic, offset + 1);
    const made = command(names, decoder, ask(key, prompt), key);
    return { ...made, topic, partition: PARTITION, offset, timestampMs: COMMAND_TIME_MS, ...over };
  };
  /** As it is fetched; `next` lies behind the last unless it is told otherwise. */
  const batch = (records: readonly LogRecord[], over: Partial<FetchedBatch> = {}): FetchedBatch => {
    const topic = records[0]?.topic ?? names.input.name;
    const from = records[0]?.offset ?? ends.get(topic) ?? 0;
    const next = (records.at(-1)?.offset ?? from - 1) + 1;
    return { topic, partition: PARTITION, from, next, highWatermark: next, records, ...over };
  };
  return {
    ...{ names, processor, metrics, dependencies, lines, seats, record, batch },
    clock: new ManualClock(COMMAND_TIME_MS),
    told: (records: readonly OutgoingRecord[] | undefined) => (records ?? []).map((each) => toldOf(decoder, each)),
  };
}

/** What a record says, in few words: `a says 1:hello`, `a holds {"count":1}`, `a is gone`, `a died of CODE`, `a is asked ring`. */
function toldOf(decoder: RecordDecoder, outgoing: OutgoingRecord): string {
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

/** A task at work in such surroundings, with all that it tells. Fresh, its inputs begin at offset 0. */
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
  const task = new ProcessorTask({
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
    /** Hands it a batch of these records, and lets it do what it can. */
    take: async (...records: readonly LogRecord[]): Promise<void> => {
      void task.push(around.batch(records));
      await quiet();
    },
    pass: async (ms: number): Promise<void> => {
      clock.advance(ms);
      await quiet();
    },
    /** Waits that are neither over nor ended. */
    get waiting(): number {
      return waiting;
    },
    /** What each transaction says. */
    get said(): readonly (readonly string[])[] {
      return transactor.batches.map(({ records }) => around.told(records));
    },
  };
}
