import { isAscii } from 'node:buffer';
import { IS_COMPRESSED, Reader, readRecordsBatch } from '@platformatic/kafka';
import type { Headers } from '../port.ts';

/** One record batch, version 2 (KIP-98), with its records not decoded yet. */
export interface ReadBatch {
  readonly base: number;
  readonly lastOffsetDelta: number;
  readonly attributes: number;
  readonly firstMs: number;
  readonly maxMs: number;
  readonly producerId: bigint;
  /** Decodes the records, in order, at each call. */
  records(): readonly ReadRecord[];
}

/** A decoded record of a batch. */
export interface ReadRecord {
  readonly offsetDelta: number;
  readonly timestampDelta: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
}

const HEAD_BYTES = 61;
const LENGTH_AT = 8;
const LENGTH_ENDS_AT = 12;

/**
 * Returns the batches of a fetch answer. The answer's size may truncate the last batch, which is then left out.
 *
 * The client's own reader makes a BigInt, an array or a view of each field: four times the time, for a record with the
 * headers of our envelope.
 */
export function readBatches(bytes: Buffer): ReadBatch[] {
  const batches: ReadBatch[] = [];
  let at = 0;
  while (at + HEAD_BYTES <= bytes.length) {
    const end = at + LENGTH_ENDS_AT + bytes.readInt32BE(at + LENGTH_AT);
    if (end > bytes.length) break;
    batches.push(readBatch(bytes.subarray(at, end)));
    at = end;
  }
  return batches;
}

function readBatch(bytes: Buffer): ReadBatch {
  const attributes = bytes.readInt16BE(21);
  return {
    base: Number(bytes.readBigInt64BE(0)),
    attributes,
    lastOffsetDelta: bytes.readInt32BE(23),
    firstMs: Number(bytes.readBigInt64BE(27)),
    maxMs: Number(bytes.readBigInt64BE(35)),
    producerId: bytes.readBigInt64BE(43),
    records: () => (attributes & IS_COMPRESSED ? readCompressed(bytes) : readPlain(bytes, bytes.readInt32BE(57))),
  };
}

function readPlain(bytes: Buffer, count: number): ReadRecord[] {
  const from = new Cursor(bytes, HEAD_BYTES);
  const records: ReadRecord[] = [];
  for (let n = 0; n < count; n += 1) {
    const length = from.varint();
    const end = from.at + length;
    from.at += 1;
    const timestampDelta = from.varint();
    const offsetDelta = from.varint();
    const key = from.bytes();
    const value = from.bytes();
    records.push({ timestampDelta, offsetDelta, key, value, headers: from.headers(end) });
    from.at = end;
  }
  return records;
}

/** Decodes a compressed batch, which only other clients write; the client has the codecs. */
const readCompressed = (bytes: Buffer): ReadRecord[] =>
  readRecordsBatch(Reader.from(bytes)).records.map(({ timestampDelta, offsetDelta, key, value, headers }) => {
    const read: Record<string, string> = {};
    for (const [name, text] of headers)
      if (!Object.hasOwn(read, String(name ?? ''))) read[String(name ?? '')] = text?.toString('utf8') ?? '';
    return { timestampDelta: Number(timestampDelta), offsetDelta, key, value, headers: read };
  });

class Cursor {
  readonly #bytes: Buffer;
  at: number;
  /** Header names of the previous record: records of one writer usually have the same, in the same order. */
  #names: string[] = [];

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** Reads a zigzag varint. Exact within 2^53: a timestamp delta may need more than 32 bits. */
  varint(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.at++] as number;
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let value = byte & 0x7f;
    for (let scale = 0x80; byte >= 0x80; scale *= 0x80) {
      byte = bytes[this.at++] as number;
      value += (byte & 0x7f) * scale;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  bytes(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  /** Reads headers; the first value of a name wins. */
  headers(end: number): Headers {
    const count = this.varint();
    const read: Record<string, string> = {};
    if (count === 0) return read;
    // One string for all headers, then substrings: a native call for each of 22 texts would cost more than all the rest.
    const start = this.at;
    const text = this.#bytes.toString('latin1', start, end);
    const ascii = isAscii(this.#bytes.subarray(start, end));
    for (let n = 0; n < count; n += 1) {
      const nameBytes = this.varint();
      const nameAt = this.at;
      this.at += nameBytes;
      const valueBytes = this.varint();
      const valueAt = this.at;
      if (valueBytes > 0) this.at += valueBytes;
      const name = ascii ? this.#name(n, text, nameAt - start, nameBytes) : this.#utf8(nameAt, nameBytes);
      if (Object.hasOwn(read, name)) continue;
      if (valueBytes <= 0) read[name] = '';
      else read[name] = ascii ? text.slice(valueAt - start, this.at - start) : this.#utf8(valueAt, valueBytes);
    }
    return read;
  }

  #name(n: number, text: string, at: number, length: number): string {
    const before = this.#names[n];
    if (before !== undefined && before.length === length && text.startsWith(before, at)) return before;
    const name = text.slice(at, at + length);
    this.#names[n] = name;
    return name;
  }

  #utf8(at: number, length: number): string {
    return this.#bytes.toString('utf8', at, at + Math.max(0, length));
  }
}
