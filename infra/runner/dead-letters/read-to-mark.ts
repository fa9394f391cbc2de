import { randomUUID } from 'node:crypto';
import { deadLetterTopic } from '../../../schemas/topics.ts';
import { partitionId } from '../../kafka/partition-id.ts';
import type { FetchedBatch, Log, LogRecord, Position, Transactor } from '../../kafka/port.ts';
import type { Clock } from '../../kit/clock.ts';
import { deadLetterHeaders, note } from './write.ts';

/**
 * Pause between looks at the end, in ms. Transaction markers are written shortly after a commit has answered; an open
 * transaction of a dead writer ends after its timeout.
 */
const LOOK_EVERY_MS = 10;

/**
 * Reads dead-letter partitions up to a certain end. Many readers write there, each in its own transactions, and a
 * read_committed reader stops before the first open one: the watermark may lie before dead letters that are committed
 * already. So this function writes a mark and reads up to it: every transaction before the mark is decided by then.
 * `origins`: the partitions whose dead letters are wanted. `transactor` must have fenced the other possible writers of
 * these dead letters. Resolves with the next position of each partition read.
 */
export async function readToMark(
  log: Log,
  transactor: Transactor,
  origins: readonly { readonly topic: string; readonly partition: number }[],
  onRecord: (record: LogRecord) => void,
  clock: Clock,
): Promise<readonly Position[]> {
  if (origins.length === 0) return [];
  const id = randomUUID();
  const marks = origins.map((origin) => ({ ...origin, key: null, record: '' }));
  await transactor.commit({
    records: marks.map((mark) => note(mark, '', 'mark', id)),
    group: 'khipu.dlq',
    offsets: [],
  });
  const topics = [...new Set(origins.map(({ topic }) => deadLetterTopic(topic)))];
  const open = new Set(
    origins.map(({ topic, partition }) => partitionId({ topic: deadLetterTopic(topic), partition })),
  );
  const next = new Map<string, Position>();
  const onBatch = (batch: FetchedBatch): void => {
    const name = partitionId(batch);
    for (const record of batch.records) {
      if (record.headers[deadLetterHeaders.note] !== 'mark') onRecord(record);
      else if (record.headers[deadLetterHeaders.by] === id) open.delete(name);
    }
    next.set(name, { topic: batch.topic, partition: batch.partition, offset: batch.next });
  };
  for (;;) {
    const from = (await log.watermarks(topics))
      .filter((mark) => open.has(partitionId(mark)))
      .map(({ topic, partition, low, high }) => ({
        topic,
        partition,
        high,
        offset: next.get(partitionId({ topic, partition }))?.offset ?? low,
      }))
      .filter(({ offset, high }) => offset < high);
    if (from.length > 0) await log.readTo({ from, onBatch });
    if (open.size === 0) return [...next.values()];
    await clock.sleep(LOOK_EVERY_MS);
  }
}
