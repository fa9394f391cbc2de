import type { KafkaMessage, Message, TopicMessages } from 'kafkajs';
import type { Headers, LogRecord, OutgoingRecord } from '../log.ts';
import { bytesOf, RECORD_BYTES_MAX } from '../record-size.ts';

const textOf = (value: unknown): string =>
  Array.isArray(value) ? textOf(value[0]) : Buffer.isBuffer(value) ? value.toString('utf8') : String(value ?? '');

const headersOf = (headers: KafkaMessage['headers']): Headers => {
  const out: Record<string, string> = {};
  for (const name in headers) out[name] = textOf(headers[name]);
  return out;
};

export const toLogRecord = (topic: string, partition: number, message: KafkaMessage): LogRecord => ({
  topic,
  partition,
  offset: Number(message.offset),
  key: message.key === null ? null : message.key.toString('utf8'),
  value: message.value,
  headers: headersOf(message.headers),
  timestampMs: Number(message.timestamp),
});

/** Groups by topic, keeping the order of each topic's records. */
export function toTopicMessages(
  records: readonly (OutgoingRecord & { readonly partition: number })[],
): TopicMessages[] {
  const byTopic = new Map<string, Message[]>();
  for (const { topic, partition, key, value, headers } of records) {
    const messages = byTopic.get(topic);
    const message: Message = { key, value, partition, headers };
    if (messages === undefined) byTopic.set(topic, [message]);
    else messages.push(message);
  }
  return [...byTopic].map(([topic, messages]) => ({ topic, messages }));
}

/** A send costs kafkajs the square of its size; 500 is in the flat part of the curve. */
export const SEND_RECORDS_MAX = 500;
/** All records of a send for one partition are one batch, which must not be larger than the broker takes. */
export const SEND_BYTES_MAX = RECORD_BYTES_MAX;

/** Cuts records into sends, in order. A record larger than a send is a send of its own. */
export function* sends<T extends OutgoingRecord>(records: readonly T[]): Generator<readonly T[]> {
  let start = 0;
  let bytes = 0;
  for (const [index, record] of records.entries()) {
    const size = bytesOf(record);
    if (index > start && (index - start === SEND_RECORDS_MAX || bytes + size > SEND_BYTES_MAX)) {
      yield records.slice(start, index);
      start = index;
      bytes = 0;
    }
    bytes += size;
  }
  if (start < records.length) yield records.slice(start);
}

type Placed = OutgoingRecord & { readonly partition: number };

/**
 * Writes records, those of one partition in order. Resolves when all are written; rejects when one was not, and none is
 * under way any more.
 *
 * `oneBroker` is true when one and the same broker alone leads all of the partitions, now and later. Else each partition
 * is written by itself: when a send of kafkajs 2.2 goes to several brokers and one of them fails, it sends again what the
 * others have not answered yet, under new sequence numbers, and the records stand there twice (`sendMessages.js`).
 */
export async function write<T extends Placed>(
  records: readonly T[],
  oneBroker: boolean,
  send: (part: readonly T[]) => Promise<void>,
): Promise<void> {
  const lanes: readonly (readonly T[])[] = oneBroker
    ? [records]
    : [...Map.groupBy(records, ({ topic, partition }) => `${topic} ${partition}`).values()];
  const outcomes = await Promise.allSettled(
    lanes.map(async (lane) => {
      for (const part of sends(lane)) await send(part);
    }),
  );
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
