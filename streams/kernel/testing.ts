/** A test is one sentence: `given(what happened).when(what is asked).then(what follows)`, on one processor. */
import { deepStrictEqual } from 'node:assert/strict';
import { type AnyRecord, type Meta, type Processor, placeOf } from '../kernel.ts';
import { type AppendOptions, createDriver, type Driver, type DriverOptions } from './driver.ts';
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
  /** What follows when time passes, after a history of records that the processor read: its timers' commands, and what they lead to. */
  after(ms: number): Outcome;
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
  const given = (...records: readonly AnyRecord[]): Given => {
    /** `ask` answers how many of the records that follow are its own, and whose state is told. */
    const play = (ask: (driver: Driver) => { readonly asked: number; readonly key: string }): Outcome => {
      const own = records.filter(({ type }) => processor.outputs.some((topic) => type in topic.records));
      const driver = createDriver({ ...options, processors: [startingFrom(processor, own)] });
      for (const past of records) {
        if (own.includes(past)) continue;
        driver.append(past);
        // In the order of the history, whatever topics its records stand in.
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
        // biome-ignore lint/suspicious/noThenProperty: the sentence ends with it; nobody awaits a scenario.
        then: (...expected) =>
          deepStrictEqual(
            emitted,
            expected.map((wanted) => codec.decode(codec.encode(wanted))),
          ),
      };
    };
    return {
      when: (record) => play((driver) => ({ asked: 1, key: placeOf(processor, driver.append(record).meta) })),
      after: (ms) =>
        play((driver) => {
          driver.advance(ms);
          return { asked: 0, key: driver.records().at(-1)?.meta.key ?? '' };
        }),
    };
  };
  return { ...given(), given };
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
