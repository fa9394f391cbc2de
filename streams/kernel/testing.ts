/** A test is one sentence: `given(history).when(command).then(outputs)`, on one processor. */
import { deepStrictEqual } from 'node:assert/strict';
import type { AnyRecord, Meta, Processor } from '../kernel.ts';
import { type AppendOptions, createDriver, type Driver, type DriverOptions } from './driver.ts';
import { createLocalCodec } from './local-codec.ts';

export interface Outcome {
  /** Fails unless exactly these records follow, in this order; no argument means no records. */
  then(...expected: readonly AnyRecord[]): void;
  /** The outputs, for a test that inspects parts of them. */
  readonly records: readonly AnyRecord[];
  /** State of the key afterwards; undefined when it has none. */
  readonly state: unknown;
}

export interface Given {
  when(record: AnyRecord): Outcome;
  /**
   * Returns the outputs when time passes, after a history of records that the processor read: its timers' commands and
   * their consequences.
   */
  after(ms: number): Outcome;
}

export interface Scenarios extends Given {
  /**
   * Sets the history. A record that the processor itself writes is folded into its state, a record of a table into the
   * table, and an input record is decided, as in a history.
   */
  given(...records: readonly AnyRecord[]): Given;
}

/**
 * Creates scenarios on one processor, run through the driver: real Avro bytes, and state that has passed through JSON.
 */
export function scenarios(processor: Processor, options: Pick<DriverOptions, 'startMs' | 'places'> = {}): Scenarios {
  const codec = createLocalCodec();
  const given = (...records: readonly AnyRecord[]): Given => {
    /** `ask` returns how many of the following records are its own, and the key whose state is reported. */
    const play = (ask: (driver: Driver) => { readonly asked: number; readonly key: string }): Outcome => {
      const own = records.filter(({ type }) => processor.outputs.some((topic) => type in topic.records));
      const driver = createDriver({ ...options, processors: [startingFrom(processor, own)] });
      for (const past of records) {
        if (own.includes(past)) continue;
        driver.append(past);
        // In the order of the history, across all topics.
        driver.run();
      }
      const before = driver.records().length;
      const { asked, key } = ask(driver);
      driver.run();
      const failure = driver.deadLetters[0];
      if (failure !== undefined) throw failure.error;
      const emitted = driver
        .records()
        .slice(before + asked)
        .map((logged) => logged.record);
      return {
        records: emitted,
        state: driver.state(processor.name, key),
        // biome-ignore lint/suspicious/noThenProperty: the sentence ends with it; a scenario is never awaited.
        then: (...expected) =>
          deepStrictEqual(
            emitted,
            expected.map((wanted) => codec.decode(codec.encode(wanted))),
          ),
      };
    };
    return {
      when: (record) => play((driver) => ({ asked: 1, key: processor.key(record, driver.append(record).meta) ?? '' })),
      after: (ms) =>
        play((driver) => {
          driver.advance(ms);
          return { asked: 0, key: driver.records().at(-1)?.meta.key ?? '' };
        }),
    };
  };
  return { ...given(), given };
}

/** Returns the processor as if it had already written `own`. */
function startingFrom(processor: Processor, own: readonly AnyRecord[]): Processor {
  const initial = own.reduce((state, record) => processor.evolve(state, record), processor.initial);
  return {
    ...processor,
    initial: processor.state === null ? initial : (JSON.parse(JSON.stringify(initial)) as unknown),
  };
}

/** Returns the meta of a single record, for tests of pure functions. */
export const metaFor = (record: AnyRecord, options: AppendOptions = {}): Meta =>
  createDriver({ processors: [] }).append(record, options).meta;
