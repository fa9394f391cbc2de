import { createHash } from 'node:crypto';
import type { LogRecord, OutgoingRecord } from '../kafka/port.ts';
import type { GrownTopic } from './grown-topics.ts';
import { lettersTo, renamed } from './letters.ts';
import { type Step, targetOf } from './target.ts';

/** A record in its new place. */
export type CopiedRecord = OutgoingRecord & { readonly partition: number };

/**
 * Returns a function that gives the copy of each record of one partition, called in their order: key, value, headers and
 * timestamp as they were. Only a dead letter that changes its partition is named after the new one.
 */
export function copierOf(topic: GrownTopic, step: Step): (record: LogRecord) => CopiedRecord {
  const place = topic.how === 'letters' ? lettersTo(topic, step) : (record: LogRecord) => targetOf(topic, record, step);
  return (record) => {
    const { key, value, timestampMs, partition: source } = record;
    const partition = place(record);
    const headers = topic.how === 'letters' ? renamed(record.headers, source, partition) : record.headers;
    return { topic: topic.name, partition, key, value, headers, timestampMs };
  };
}

type Compared = Pick<CopiedRecord, 'key' | 'value' | 'headers' | 'timestampMs'>;

/** Returns 48 bits of a digest over everything that a copy must keep. */
export function digestOf({ key, value, headers, timestampMs }: Compared): number {
  const hash = createHash('sha1');
  hash.update(JSON.stringify([key, timestampMs, Object.entries(headers), value === null]));
  if (value !== null) hash.update(value);
  return hash.digest().readUIntBE(0, 6);
}
