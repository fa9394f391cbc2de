import { deadLetterTopic } from '../../../schemas/topics.ts';
import { codeOf, messageOf } from '../errors.ts';
import type { LogRecord, OutgoingRecord } from '../log.ts';

const STACK_CHARS_MAX = 4_000;

/** The headers a dead letter carries beside those of the original. */
export const deadLetterHeaders = {
  code: 'khipu_dlq_code',
  message: 'khipu_dlq_message',
  stack: 'khipu_dlq_stack',
  processor: 'khipu_dlq_processor',
  topic: 'khipu_dlq_topic',
  partition: 'khipu_dlq_partition',
  offset: 'khipu_dlq_offset',
  attempt: 'khipu_dlq_attempt',
} as const;

/** The record as it was, in the same partition of `<topic>.dlq`, with why and from where. Nothing is lost. */
export function deadLetter(record: LogRecord, processor: string, error: unknown, attempt: number): OutgoingRecord {
  return {
    topic: deadLetterTopic(record.topic),
    partition: record.partition,
    key: record.key,
    value: record.value,
    headers: {
      ...record.headers,
      [deadLetterHeaders.code]: codeOf(error),
      [deadLetterHeaders.message]: messageOf(error),
      [deadLetterHeaders.stack]: (error instanceof Error ? (error.stack ?? '') : '').slice(0, STACK_CHARS_MAX),
      [deadLetterHeaders.processor]: processor,
      [deadLetterHeaders.topic]: record.topic,
      [deadLetterHeaders.partition]: String(record.partition),
      [deadLetterHeaders.offset]: String(record.offset),
      [deadLetterHeaders.attempt]: String(attempt),
    },
  };
}
