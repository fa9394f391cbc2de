import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import type { Assignment, FetchedBatch, GroupHandlers, Log, LogRecord, OutgoingRecord, Position } from '../port.ts';

/** Creates the log under test, with its cleanup. */
export type MakeLog = () => Promise<{ readonly log: Log; close(): Promise<void> }>;

/** The log under test, and the helpers that the suites need. */
export interface Bench {
  readonly log: () => Log;
  /** Creates a topic with a unique name. */
  topic(partitions?: number): Promise<string>;
}

/** Opens the log before the tests of a suite and closes it after them. */
export function openBench(makeLog: MakeLog): Bench {
  let opened: Awaited<ReturnType<MakeLog>>;
  beforeAll(async () => {
    opened = await makeLog();
  });
  afterAll(() => opened.close());
  const log = (): Log => opened.log;
  return {
    log,
    topic: async (partitions = 1) => {
      const name = unique('contract');
      await log().createTopics([{ name, partitions, config: {} }]);
      return name;
    },
  };
}

/** Returns a name with a random suffix. */
export const unique = (prefix: string): string => `${prefix}.${randomUUID().slice(0, 8)}`;

/** Returns a record for partition 0 with a text value; `rest` overrides fields. */
export const outgoing = (topic: string, value: string, rest: Partial<OutgoingRecord> = {}): OutgoingRecord => ({
  topic,
  partition: 0,
  key: 'k',
  value: Buffer.from(value),
  headers: {},
  ...rest,
});

/** Returns the values of records as text. */
export const textsOf = (records: readonly LogRecord[]): string[] => records.map(({ value }) => String(value));

/** Returns the texts `0` to `count - 1`. */
export const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `${index}`);

/** Longer than a coordinator waits before it ends the transaction of a dead writer. */
const EVENTUALLY_MS = 25_000;

/** Waits for the effect of another process or thread, up to EVENTUALLY_MS. */
export const eventually = (assertion: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(assertion, { timeout: EVENTUALLY_MS, interval: 10 });

/** Returns all records that a read_committed reader sees in the topic now, by partition and offset. */
export async function readWhole(log: Log, topic: string): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  const from = (await log.watermarks([topic])).map(({ partition, low }) => ({ topic, partition, offset: low }));
  await log.readTo({ from, onBatch: (batch) => void records.push(...batch.records) });
  return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

/** Waits until a reader sees exactly these records: committed records may become visible a moment later. */
export const expectTexts = (log: Log, topic: string, texts: readonly string[]): Promise<void> =>
  eventually(async () => expect(textsOf(await readWhole(log, topic))).toEqual(texts));

/** Waits until a reader sees `count` records. */
export async function eventuallyRead(log: Log, topic: string, count: number): Promise<readonly LogRecord[]> {
  let records: readonly LogRecord[] = [];
  await eventually(async () => {
    records = await readWhole(log, topic);
    expect(records).toHaveLength(count);
  });
  return records;
}

/** A group member that records its assignments, batches and crashes. */
export class Recorder implements GroupHandlers {
  readonly assignments: Assignment[] = [];
  readonly batches: FetchedBatch[] = [];
  readonly crashes: Error[] = [];
  /** Replaced by tests that return other positions. */
  positions: (assignment: Assignment) => Promise<readonly Position[]> = async () => [];
  take: (batch: FetchedBatch) => Promise<void> | undefined = () => undefined;

  get records(): readonly LogRecord[] {
    return this.batches.flatMap(({ records }) => records);
  }

  get partitions(): readonly number[] | undefined {
    return this.assignments.at(-1)?.partitions;
  }

  readonly onAssigned = (assignment: Assignment): Promise<readonly Position[]> => {
    this.assignments.push(assignment);
    return this.positions(assignment);
  };

  readonly onBatch = (batch: FetchedBatch): Promise<void> | undefined => {
    this.batches.push(batch);
    return this.take(batch);
  };

  readonly onCrash = (error: Error): void => {
    this.crashes.push(error);
  };
}
