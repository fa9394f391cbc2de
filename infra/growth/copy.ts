import type { FetchedBatch, Log, LogRecord, OutgoingRecord, Transactor } from '../kafka/port.ts';
import { bytesOf } from '../kafka/record-size.ts';
import { copierOf } from './copied-record.ts';
import type { GrownTopic } from './grown-topics.ts';
import { GROWTH_ID, progressRecord } from './state.ts';
import type { Step } from './target.ts';

/** Bounds of one transaction of copies. */
const COPIES_MAX = 1_000;
const BYTES_MAX = 4_000_000;

/** The part of an old partition that is still to be copied. */
export interface Range {
  readonly partition: number;
  /** First offset that exists. */
  readonly low: number;
  /** First offset that has no copy. */
  readonly next: number;
  /** End of the records of the old layout. */
  readonly end: number;
}

/**
 * Copies one old partition to the new ones, in order. Each transaction holds some copies and the offset up to which they
 * go, so a repeated call continues behind the last one that committed: no record is copied twice. Resolves with the number
 * of copies.
 */
export async function copyPartition(
  log: Log,
  transactor: Transactor,
  topic: GrownTopic,
  { partition, low, next, end }: Range,
  step: Step,
): Promise<number> {
  const copyOf = copierOf(topic, step);
  let copies = 0;
  let pending: OutgoingRecord[] = [];
  let bytes = 0;
  const commit = async (upTo: number): Promise<void> => {
    const records = [...pending, progressRecord(topic.name, partition, upTo)];
    await transactor.commit({ records, group: GROWTH_ID, offsets: [] });
    copies += pending.length;
    pending = [];
    bytes = 0;
  };
  const take = async (record: LogRecord): Promise<void> => {
    const copy = copyOf(record);
    // Read again only to find out where notes on later dead letters belong.
    if (record.offset < next) return;
    pending.push(copy);
    bytes += bytesOf(copy);
    if (pending.length >= COPIES_MAX || bytes >= BYTES_MAX) await commit(record.offset + 1);
  };
  if (next >= end) return copies;
  const onBatch = async ({ records }: FetchedBatch): Promise<void> => {
    for (const record of records) if (record.offset < end) await take(record);
  };
  const offset = topic.how === 'letters' ? low : Math.max(low, next);
  await log.readTo({ from: [{ topic: topic.name, partition, offset }], onBatch });
  await commit(end);
  return copies;
}
