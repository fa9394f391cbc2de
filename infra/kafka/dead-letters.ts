import { allTopics, deadLetterTopic } from '../../schemas/topics.ts';
import { uuidV5 } from './ids.ts';
import type { FetchedBatch, Headers, Log, LogRecord, OutgoingRecord } from './log.ts';
import { deadLetterHeaders } from './runner/dead-letter.ts';

/** A dead letter, as operators see it. Its place in the `.dlq` topic is its name. */
export interface DeadLetter {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly code: string;
  readonly message: string;
  readonly stack: string;
  readonly processor: string;
  readonly from: { readonly topic: string; readonly partition: number; readonly offset: number };
  readonly attempt: number;
  readonly atMs: number;
  readonly headers: Headers;
  readonly value: Buffer | null;
}

export interface DeadLetterFilter {
  readonly topic?: string | undefined;
  readonly code?: string | undefined;
  readonly key?: string | undefined;
}

const toDeadLetter = ({ topic, partition, offset, key, headers, timestampMs, value }: LogRecord): DeadLetter => ({
  topic,
  partition,
  offset,
  key,
  code: headers[deadLetterHeaders.code] ?? 'UNKNOWN',
  message: headers[deadLetterHeaders.message] ?? '',
  stack: headers[deadLetterHeaders.stack] ?? '',
  processor: headers[deadLetterHeaders.processor] ?? '',
  from: {
    topic: headers[deadLetterHeaders.topic] ?? '',
    partition: Number(headers[deadLetterHeaders.partition] ?? -1),
    offset: Number(headers[deadLetterHeaders.offset] ?? -1),
  },
  attempt: Number(headers[deadLetterHeaders.attempt] ?? 1),
  atMs: timestampMs,
  headers,
  value,
});

const matches = (letter: DeadLetter, { code, key }: DeadLetterFilter): boolean =>
  (code === undefined || letter.code === code) && (key === undefined || letter.key === key);

/** Reads the dead letters that match, oldest first per partition. */
export async function listDeadLetters(log: Log, filter: DeadLetterFilter): Promise<readonly DeadLetter[]> {
  const names = allTopics
    .filter(({ name, deadLetters }) => deadLetters && (filter.topic === undefined || filter.topic === name))
    .map(({ name }) => deadLetterTopic(name));
  const found: DeadLetter[] = [];
  const from = (await log.watermarks(names))
    .filter(({ low, high }) => low < high)
    .map(({ topic, partition, low }) => ({ topic, partition, offset: low }));
  const onBatch = (batch: FetchedBatch): void => {
    for (const record of batch.records) {
      const letter = toDeadLetter(record);
      if (matches(letter, filter)) found.push(letter);
    }
  };
  await log.readTo({ from, onBatch });
  return found.sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition || a.offset - b.offset);
}

/**
 * The record as it was before it died, to be appended to its topic again. `ce_id` derives from the letter, so that
 * redriving it twice gives the same id, which readers recognise.
 */
export function redriven(letter: DeadLetter): OutgoingRecord {
  const own = new Set<string>(Object.values(deadLetterHeaders));
  const headers = Object.fromEntries(Object.entries(letter.headers).filter(([name]) => !own.has(name)));
  const id = headers['ce_id'];
  return {
    topic: letter.from.topic,
    partition: letter.from.partition,
    key: letter.key,
    value: letter.value,
    headers: {
      ...headers,
      ...(id !== undefined &&
        /^[0-9a-f-]{36}$/.test(id) && { ce_id: uuidV5(id, `redrive/${letter.offset}`), ce_redriveof: id }),
    },
  };
}
