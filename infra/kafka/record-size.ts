import type { Headers } from './log.ts';

/**
 * Largest record that may be appended, key and headers included. Brokers take 1,048,588 bytes by default
 * (message.max.bytes); the rest is room for the headers that a dead letter adds.
 */
export const RECORD_BYTES_MAX = 1_000_000;

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
