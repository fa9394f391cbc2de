import { randomUUID } from 'node:crypto';
import { deadLetterTopic } from '../../schemas/topics.ts';
import type { Clock } from './clock.ts';
import type { FetchedBatch, Log, LogRecord, Position, Transactor } from './log.ts';
import { deadLetterHeaders, note } from './runner/dead-letter.ts';

/** Markers are written a moment after a commit has answered; an open transaction of a dead writer ends after its time-out. */
const LOOK_EVERY_MS = 10;

/**
 * Reads dead-letter partitions to an end that is certain. Many write there, each in transactions of its own, and a
 * read_committed reader stops before the first that is open: "the end" that the log tells may lie before letters that are
 * committed already. So a mark is written and read up to: what stands before it is then decided.
 * `origins`: the partitions whose dead letters are wanted. `transactor` must have fenced who else may write these letters.
 * Resolves with the position behind what was read of each.
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
  const places = origins.map((origin) => ({ ...origin, key: null, offset: -1 }));
  await transactor.commit({
    records: places.map((place) => note(place, '', 'mark', id)),
    group: 'khipu.dlq',
    offsets: [],
  });
  const topics = [...new Set(origins.map(({ topic }) => deadLetterTopic(topic)))];
  const nameOf = ({ topic, partition }: { topic: string; partition: number }): string => `${topic}/${partition}`;
  const open = new Set(origins.map(({ topic, partition }) => nameOf({ topic: deadLetterTopic(topic), partition })));
  const next = new Map<string, Position>();
  const onBatch = (batch: FetchedBatch): void => {
    const name = nameOf(batch);
    for (const record of batch.records) {
      if (record.headers[deadLetterHeaders.note] !== 'mark') onRecord(record);
      else if (record.headers[deadLetterHeaders.by] === id) open.delete(name);
    }
    next.set(name, { topic: batch.topic, partition: batch.partition, offset: batch.next });
  };
  for (;;) {
    const from = (await log.watermarks(topics))
      .filter((mark) => open.has(nameOf(mark)))
      .map(({ topic, partition, low, high }) => ({
        topic,
        partition,
        high,
        offset: next.get(nameOf({ topic, partition }))?.offset ?? low,
      }))
      .filter(({ offset, high }) => offset < high);
    if (from.length > 0) await log.readTo({ from, onBatch });
    if (open.size === 0) return [...next.values()];
    await clock.sleep(LOOK_EVERY_MS);
  }
}
