import { isDeadLetterTopic } from '../../schemas/topics.ts';
import type { Headers } from './port.ts';

/**
 * Largest record that may be appended, including key and headers. Brokers accept 1,048,588 bytes by default
 * (message.max.bytes); the difference leaves room for the headers that a dead letter adds.
 */
export const RECORD_BYTES_MAX = 1_000_000;

/**
 * Largest dead letter: a foreign record of the largest size that the brokers here accept, with our headers. Dead letter
 * topics accept 2 MiB (infra/bin/setup/topics.ts); a larger letter is written without its value.
 */
export const LETTER_BYTES_MAX = 2_000_000;

/** Returns the size of the largest record that a topic accepts. */
export const bytesMaxOf = (topic: string): number => (isDeadLetterTopic(topic) ? LETTER_BYTES_MAX : RECORD_BYTES_MAX);

/** Upper bound of a record's framing in a batch: lengths, deltas and attributes. */
const FRAME_BYTES = 32;

/** Returns the bytes of a record in a batch: key, value and headers in UTF-8, with the upper bound of its framing. */
export function bytesOf(record: {
  readonly key: string | null;
  readonly value: Uint8Array | null;
  readonly headers: Headers;
}): number {
  let bytes = FRAME_BYTES + (record.value?.length ?? 0) + (record.key === null ? 0 : Buffer.byteLength(record.key));
  for (const name in record.headers) bytes += 4 + name.length + Buffer.byteLength(record.headers[name] ?? '');
  return bytes;
}

/** The most bytes that one UTF-16 code unit takes in UTF-8. */
const BYTES_PER_UNIT_MAX = 3;

/** Returns true above RECORD_BYTES_MAX. Most records are so small that their lengths decide, without counting bytes. */
export function isTooLarge(record: Parameters<typeof bytesOf>[0]): boolean {
  let units = record.key?.length ?? 0;
  for (const name in record.headers) units += 4 + name.length + (record.headers[name]?.length ?? 0);
  const most = FRAME_BYTES + (record.value?.length ?? 0) + units * BYTES_PER_UNIT_MAX;
  return most > RECORD_BYTES_MAX && bytesOf(record) > RECORD_BYTES_MAX;
}
