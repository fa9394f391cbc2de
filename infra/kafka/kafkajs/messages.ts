import type { KafkaMessage, Message, RecordMetadata, TopicMessages } from 'kafkajs';
import { LogError, type LogErrorCode } from '../errors.ts';
import { partitionId } from '../partition-id.ts';
import type { Headers, LogRecord, OutgoingRecord } from '../port.ts';
import { bytesOf, RECORD_BYTES_MAX } from '../record-size.ts';

const textOf = (value: unknown): string =>
  Array.isArray(value) ? textOf(value[0]) : Buffer.isBuffer(value) ? value.toString('utf8') : String(value ?? '');

const headersOf = (headers: KafkaMessage['headers']): Headers => {
  const out: Record<string, string> = {};
  for (const name in headers) out[name] = textOf(headers[name]);
  return out;
};

/** Converts a message of kafkajs. Keys and headers become text. */
export const toLogRecord = (topic: string, partition: number, message: KafkaMessage): LogRecord => ({
  topic,
  partition,
  offset: Number(message.offset),
  key: message.key === null ? null : message.key.toString('utf8'),
  value: message.value,
  headers: headersOf(message.headers),
  timestampMs: Number(message.timestamp),
});

/** Groups records by topic, in the order of each topic's records. */
export function toTopicMessages(
  records: readonly (OutgoingRecord & { readonly partition: number })[],
): TopicMessages[] {
  const byTopic = new Map<string, Message[]>();
  for (const { topic, partition, key, value, headers, timestampMs } of records) {
    const messages = byTopic.get(topic);
    const timestamp = timestampMs === undefined ? {} : { timestamp: String(timestampMs) };
    const message: Message = { key, value, partition, headers, ...timestamp };
    if (messages === undefined) byTopic.set(topic, [message]);
    else messages.push(message);
  }
  return [...byTopic].map(([topic, messages]) => ({ topic, messages }));
}

/** kafkajs's cost of a send grows with the square of its size; 500 is in the flat part of the curve. */
export const SEND_RECORDS_MAX = 500;
/** All records of a send for one partition form one batch, which must not exceed what the broker accepts. */
export const SEND_BYTES_MAX = RECORD_BYTES_MAX;

/** Splits records into sends, in order. A record larger than a send gets its own send. */
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
 * Writes records, in order per partition. Resolves when all are written; rejects when one failed, after all sends have
 * settled.
 *
 * `oneBroker` is true when one and the same broker leads all of the partitions, now and later. Otherwise each partition
 * is written separately: when a send of kafkajs 2.2 goes to several brokers and one of them fails, it repeats what the
 * others have not answered yet, under new sequence numbers, and those records are written twice (`sendMessages.js`).
 */
export async function write<T extends Placed>(
  records: readonly T[],
  oneBroker: boolean,
  send: (part: readonly T[]) => Promise<void>,
): Promise<void> {
  const lanes: readonly (readonly T[])[] = oneBroker
    ? [records]
    : [...Map.groupBy(records, ({ topic, partition }) => partitionId({ topic, partition })).values()];
  const outcomes = await Promise.allSettled(
    lanes.map(async (lane) => {
      for (const part of sends(lane)) await send(part);
    }),
  );
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/**
 * Returns the offset of the first record that was written to each partition, by its id. Throws LogError with that code when
 * an answer is missing: kafkajs 2.2 resolves a send of which it sent nothing. Where a broker is lost while metadata is
 * refreshed, it gives the node id of that broker to the connection of another one (`brokerPool.js`, `seedBroker`), and
 * then no longer finds the partitions of the other one among those to be sent (`sendMessages.js`).
 */
export function writtenTo(
  records: readonly Placed[],
  answers: readonly RecordMetadata[],
  code: LogErrorCode,
): Map<string, number> {
  const first = new Map(
    answers.map(({ topicName: topic, partition, baseOffset }) => [
      partitionId({ topic, partition }),
      Number(baseOffset),
    ]),
  );
  const missing = records.find((record) => !first.has(partitionId(record)));
  if (missing !== undefined)
    throw new LogError(code, `kafkajs sent nothing to ${missing.topic} ${missing.partition}, and reported no error`);
  return first;
}
