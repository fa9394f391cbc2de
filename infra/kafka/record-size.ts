import { isDeadLetterTopic } from '../../schemas/topics.ts';
import type { Headers } from './log.ts';

/**
 * Largest record that may be appended, key and headers included. Brokers take 1,048,588 bytes by default
 * (message.max.bytes); the rest is room for the headers that a dead letter adds.
 */
export const RECORD_BYTES_MAX = 1_000_000;

/**
 * Largest dead letter: a foreign record of the size that brokers are set to take here, with our headers. Their topics take
 * 2 MiB (infra/setup/topics.ts); what would be larger is buried without its value.
 */
export const LETTER_BYTES_MAX = 2_000_000;

/** Largest record of a topic. */
export const bytesMaxOf = (topic: string): number => (isDeadLetterTopic(topic) ? LETTER_BYTES_MAX : RECORD_BYTES_MAX);

/** Framing of a record in a batch: lengths, deltas and attributes, at most. */
const FRAME_BYTES = 32;

export function bytesOf(record: {
  readonly key: string | null;
  readonly value: Uint8Array | null;
  readonly headers: Headers;
}): number {
  let bytes = FRAME_BYTES + (record.value?.length ?? 0) + (record.key === null ? 0 : Buffer.byteLength(record.key));
  for (const name in record.headers) bytes += 4 + name.length + Buffer.byteLength(record.headers[name] ?? '');
  return bytes;
}

/** No character takes more bytes in UTF-8: this many for each code unit. */
const BYTES_PER_UNIT_MAX = 3;

/** True above RECORD_BYTES_MAX. Nearly all records are so small that their lengths alone say no, without a byte counted. */
export function isTooLarge(record: Parameters<typeof bytesOf>[0]): boolean {
  let units = record.key?.length ?? 0;
  for (const name in record.headers) units += 4 + name.length + (record.headers[name]?.length ?? 0);
  const most = FRAME_BYTES + (record.value?.length ?? 0) + units * BYTES_PER_UNIT_MAX;
  return most > RECORD_BYTES_MAX && bytesOf(record) > RECORD_BYTES_MAX;
}
