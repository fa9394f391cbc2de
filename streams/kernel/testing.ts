/** A test is one sentence: `given(what happened).when(what is asked).then(what follows)`, on one processor. */
import { deepStrictEqual } from 'node:assert/strict';
import type { AnyRecord, Meta, Processor } from '../kernel.ts';
import { type AppendOptions, createDriver, type DriverOptions } from './driver.ts';
import { createLocalCodec } from './local-codec.ts';

export interface Outcome {
  /** Fails unless exactly these records follow, in this order; none for nothing. */
  then(...expected: readonly AnyRecord[]): void;
  /** What follows, for a test that looks at parts of it. */
  readonly records: readonly AnyRecord[];
  /** State of the key afterwards; undefined when there is none. */
  readonly state: unknown;
}

export interface Given {
  when(record: AnyRecord): Outcome;
}

export interface Scenarios extends Given {
  /**
   * What happened before. A record that the processor itself writes is folded into its state, one of a table into the table,
   * and one that it reads is decided, as in a history.
   */
  given(...records: readonly AnyRecord[]): Given;
}

/** Scenarios on one processor, run through the driver: real Avro bytes, and state that has been JSON. */
export function scenarios(processor: Processor, options: Pick<DriverOptions, 'startMs'> = {}): Scenarios {
  const codec = createLocalCodec();
  const given = (...records: readonly AnyRecord[]): Given => ({
    when(record) {
      const own = records.filter(({ type }) => processor.outputs.some((topic) => type in topic.records));
      const driver = createDriver({ ...options, processors: [startingFrom(processor, own)] });
      for (const past of records) if (!own.includes(past)) driver.append(past);
      driver.run();
      const before = driver.records().length;
      const asked = driver.append(record);
      driver.run();
      const failure = driver.deadLetters[0];
      if (failure !== undefined) throw failure.error;
      const emitted = driver
        .records()
        .slice(before + 1)
        .map((logged) => logged.record);
      return {
        records: emitted,
        state: driver.state(processor.name, asked.meta.key),
        // biome-ignore lint/suspicious/noThenProperty: the sentence ends with it; nobody awaits a scenario.
        then: (...expected) =>
          deepStrictEqual(
            emitted,
            expected.map((wanted) => codec.decode(codec.encode(wanted))),
          ),
      };
    },
  });
  return { given, when: (record) => given().when(record) };
}

/** The processor as if it had already written `own`. */
function startingFrom(processor: Processor, own: readonly AnyRecord[]): Processor {
  const initial = own.reduce((state, record) => processor.evolve(state, record), processor.initial);
  return {
    ...processor,
    initial: processor.state === null ? initial : (JSON.parse(JSON.stringify(initial)) as unknown),
  };
}

/** Meta of a record that stands alone, for tests of pure functions. */
export const metaFor = (record: AnyRecord, options: AppendOptions = {}): Meta =>
  createDriver({ processors: [] }).append(record, options).meta;
