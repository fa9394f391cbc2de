import { deadLetterTopic } from '../../../schemas/topics.ts';
import type { Clock } from '../clock.ts';
import type { LogRecord, OutgoingRecord } from '../log.ts';
import { MemoryBroker } from '../memory/broker.ts';
import type { Point } from '../memory/connection.ts';
import { MemoryLog } from '../memory/log.ts';
import type { DecidedTransaction } from '../memory/transactions.ts';
import { Aside } from '../runner/aside.ts';
import { deadLetter } from '../runner/dead-letter.ts';
import { ParkedLines } from '../runner/parking.ts';
import { ManualClock } from '../runner/testing.ts';
import { type DeadLetter, redriven, toDeadLetter } from './letter.ts';
import { listDeadLetters } from './select.ts';

/** The topic of the originals. */
export const WORK = 'work.commands';
/** Who buries, where a test does not say. */
export const READER = 'reader';
export const ID = '00000000-0000-4000-8000-000000000001';

export const recordOf = (over: Partial<LogRecord> = {}): LogRecord => ({
  ...{ topic: WORK, partition: 1, offset: 7, key: 'a', value: Buffer.from('as it was') },
  headers: { ce_id: ID, ce_type: 'Work' },
  timestampMs: 1_000,
  ...over,
});

/** The record as the log holds it. */
export const stored = (record: OutgoingRecord, offset = 20, timestampMs = 2_000): LogRecord => ({
  ...record,
  ...{ partition: record.partition ?? 0, offset, timestampMs },
});

export interface Buried {
  readonly processor?: string;
  readonly error?: unknown;
  readonly attempt?: number;
  readonly sequence?: number | undefined;
}

export const buried = (record: LogRecord, { processor, error, attempt, sequence }: Buried = {}): OutgoingRecord =>
  deadLetter(record, processor ?? READER, error ?? new Error('broke'), attempt ?? 1, sequence);

export const letterOf = (record: LogRecord, how: Buried = {}, offset?: number, timestampMs?: number): DeadLetter =>
  toDeadLetter(stored(buried(record, how), offset, timestampMs));

/** What the tool appends of the record's letter, as its reader gets it. */
export const again = (record: LogRecord, how: Buried & { readonly drop?: boolean } = {}): LogRecord =>
  stored(redriven(letterOf(record, how), 'me', how.drop), 99);

/** A log with dead letters, and a clock for the tool: its waits take no time, and what others do happens in them. */
export async function openLetters(topics: readonly string[] = [WORK], partitions = 1) {
  const time = new ManualClock();
  const transactions: DecidedTransaction[] = [];
  const broker = new MemoryBroker({ clock: time, onDecided: (transaction) => void transactions.push(transaction) });
  const hooks = {
    at: async (_point: Point): Promise<void> => undefined,
    meanwhile: async (): Promise<void> => undefined,
  };
  const passes = async (ms: number): Promise<void> => {
    time.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const log = new MemoryLog({ broker, clock: { ...time, sleep: passes }, yield: (point) => hooks.at(point) });
  await log.createTopics(
    topics.flatMap((topic) => [topic, deadLetterTopic(topic)]).map((name) => ({ name, partitions, config: {} })),
  );
  const appender = await log.appender();
  const clock: Clock = { ...time, sleep: (ms) => passes(ms).then(() => hooks.meanwhile()) };
  const send = async (key: string, ...texts: readonly string[]): Promise<void> => {
    for (const text of texts) await appender.append([recordOf({ key, partition: 0, value: Buffer.from(text) })]);
  };
  /** Somebody else's transaction in partition 0, which keeps readers from what stands behind it until it is decided. */
  const openTransaction = (record: OutgoingRecord): (() => void) => {
    const somebody = broker.transactions.initialize('khipu.somebody', 60_000);
    broker.transactions.enlist(somebody, [broker.partition(record.topic, 0)], null);
    broker.write(somebody, [record]);
    return () => broker.transactions.end(somebody, 'committed');
  };
  return {
    ...{ log, clock, transactions, hooks, send, openTransaction },
    append: (...records: readonly OutgoingRecord[]) => appender.append(records),
    list: (all = false) => listDeadLetters(log, { topic: WORK, all }),
  };
}

export type Letters = Awaited<ReturnType<typeof openLetters>>;

/** A reader that does no more than put aside: it dies of what is broken, and tells what it has done. */
export function openReader({ log, append }: Letters, name = READER, parks = true) {
  const aside = new Aside(name, parks ? new ParkedLines() : null);
  const broken = new Set(['break']);
  const done: string[] = [];
  let next = 0;
  const take = (record: LogRecord): readonly OutgoingRecord[] => {
    const text = String(record.value);
    const admission = aside.admit(record);
    if (admission === 'pass') return [];
    if (admission === 'park') return [aside.park(record)];
    if (admission === 'drop') return aside.settle(record, 'dropped');
    if (broken.has(text)) return [aside.died(record, Object.assign(new Error(text), { code: 'BROKE' }), 1)];
    done.push(text);
    return aside.settle(record, 'redriven');
  };
  /** Takes what has come, or the next few of it. */
  const read = async (recordsMax?: number): Promise<void> => {
    const end = recordsMax === undefined ? undefined : next + recordsMax;
    const batch = log.fetch(WORK, 0, next, end);
    next = batch.next;
    for (const record of batch.records) {
      const records = take(record);
      if (records.length > 0) await append(...records);
      aside.lines?.publish();
    }
  };
  return { broken, done, read };
}
