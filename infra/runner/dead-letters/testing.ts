import { deadLetterTopic } from '../../../schemas/topics.ts';
import { MemoryBroker } from '../../kafka/memory/broker.ts';
import type { Point } from '../../kafka/memory/connection.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import type { DecidedTransaction } from '../../kafka/memory/transactions.ts';
import type { LogRecord, OutgoingRecord } from '../../kafka/port.ts';
import type { Clock } from '../../kit/clock.ts';
import { ManualClock } from '../testing/processors.ts';
import { DeadLetterGate } from './gate.ts';
import { type DeadLetter, redriven, toDeadLetter } from './letter.ts';
import { ParkedKeys } from './parked-keys.ts';
import { listDeadLetters } from './select.ts';
import { deadLetter } from './write.ts';

/** Topic of the original records. */
export const WORK = 'work.commands';
/** Default reader that writes dead letters. */
export const READER = 'reader';
export const ID = '00000000-0000-4000-8000-000000000001';

export const recordOf = (over: Partial<LogRecord> = {}): LogRecord => ({
  ...{ topic: WORK, partition: 1, offset: 7, key: 'a', value: Buffer.from('as it was') },
  headers: { ce_id: ID, ce_type: 'Work' },
  timestampMs: 1_000,
  ...over,
});

/** Returns a record as the log holds it. */
export const stored = (record: OutgoingRecord, offset = 20, timestampMs = 2_000): LogRecord => ({
  ...record,
  ...{ partition: record.partition ?? 0, offset, timestampMs },
});

export interface Buried {
  readonly processor?: string;
  readonly error?: unknown;
  readonly attempt?: number;
  readonly sequence?: number | undefined;
  readonly redrives?: string | undefined;
}

export const buried = (
  record: LogRecord,
  { processor, error, attempt, sequence, redrives }: Buried = {},
): OutgoingRecord =>
  deadLetter(record, processor ?? READER, error ?? new Error('broke'), attempt ?? 1, { sequence, redrives });

/** Returns the name of the record that `recordOf` returns for this offset. */
export const nameAt = (offset: number): string => `${ID}@${offset}`;

export const letterOf = (record: LogRecord, how: Buried = {}, offset?: number, timestampMs?: number): DeadLetter =>
  toDeadLetter(stored(buried(record, how), offset, timestampMs));

/** Returns the redriven record as its reader receives it. */
export const again = (record: LogRecord, how: Buried & { readonly drop?: boolean } = {}): LogRecord =>
  stored(redriven(letterOf(record, how), 'me', how.drop), 99);

/**
 * Returns a log with dead letters, and a clock for the tool: its waits take no time, and other transactions run during
 * them.
 */
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
  /** Opens a transaction of another writer in partition 0. Readers do not see later records until it is decided. */
  const openTransaction = (record: OutgoingRecord): (() => void) => {
    const other = broker.transactions.initialize('khipu.other', 60_000);
    broker.transactions.enlist(other, [broker.partition(record.topic, 0)], null);
    broker.write(other, [record]);
    return () => broker.transactions.end(other, 'committed');
  };
  return {
    ...{ log, clock, transactions, hooks, send, openTransaction },
    append: (...records: readonly OutgoingRecord[]) => appender.append(records),
    list: (all = false) => listDeadLetters(log, { topic: WORK, all }),
  };
}

export type Letters = Awaited<ReturnType<typeof openLetters>>;

/** A reader with only a dead-letter gate: it fails at each record in `broken` and lists what it did. */
export function openReader({ log, append }: Letters, name = READER, parks = true) {
  const gate = new DeadLetterGate(name, parks ? new ParkedKeys() : null);
  const broken = new Set(['break']);
  const done: string[] = [];
  let next = 0;
  const take = (record: LogRecord): readonly OutgoingRecord[] => {
    const text = String(record.value);
    const admission = gate.admit(record);
    if (admission === 'pass') return [];
    if (admission === 'park') return [gate.park(record)];
    if (admission === 'drop') return gate.noteSettled(record, 'dropped');
    if (broken.has(text)) return [gate.failed(record, Object.assign(new Error(text), { code: 'BROKE' }), 1)];
    done.push(text);
    return gate.noteSettled(record, 'redriven');
  };
  /** Takes the new records, or the given number of them. */
  const read = async (recordsMax?: number): Promise<void> => {
    const end = recordsMax === undefined ? undefined : next + recordsMax;
    const batch = log.fetch(WORK, 0, next, end);
    next = batch.next;
    for (const record of batch.records) {
      const records = take(record);
      if (records.length > 0) await append(...records);
      gate.parkedKeys?.publish();
    }
  };
  return { broken, done, read };
}
