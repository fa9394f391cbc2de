import { crc32c, Reader, readRecordsBatches } from '@platformatic/kafka';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutgoingRecord } from '../port.ts';
import { encodeRecordBatch } from './record-batch.ts';

const record = fc.record<OutgoingRecord>({
  topic: fc.constant('t'),
  partition: fc.constant(0),
  key: fc.option(fc.string({ unit: 'binary', maxLength: 200 })),
  value: fc.option(fc.uint8Array({ maxLength: 20_000 }).map((bytes) => Buffer.from(bytes))),
  headers: fc.dictionary(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'binary' }), {
    noNullPrototype: true,
  }),
});
/** Records in ASCII, as almost all are, except sometimes the very last text. */
const plain = fc.record<OutgoingRecord>({
  topic: fc.constant('t'),
  partition: fc.constant(0),
  key: fc.string({ maxLength: 100 }),
  value: fc.constant(null),
  headers: fc.record({
    ce_id: fc.string({ maxLength: 100 }),
    last: fc.oneof(
      fc.string({ maxLength: 100 }),
      fc.nat(100).map((n) => `a${'é'.repeat(n)}`),
    ),
  }),
});
const origin = fc.record({
  producerId: fc.bigInt({ min: 0n, max: 2n ** 62n }),
  producerEpoch: fc.nat({ max: 32_767 }),
  sequence: fc.nat(),
  transactional: fc.boolean(),
  timestampMs: fc.nat(),
});

const bytesOf = (text: string): Buffer => Buffer.from(text);

/** A time of its own, before or after the others, and beyond what 32 bits of a difference hold. */
const timed = fc
  .tuple(plain, fc.option(fc.integer({ min: 0, max: 2 ** 42 }), { nil: undefined }))
  .map(([each, timestampMs]) => ({ ...each, ...(timestampMs !== undefined && { timestampMs }) }));

describe('a record batch', () => {
  it('keeps the time of each record that has one, and gives the others its own', () => {
    fc.assert(
      fc.property(fc.array(timed, { minLength: 1, maxLength: 50 }), origin, (records, from) => {
        const [batch] = readRecordsBatches(Reader.from(encodeRecordBatch(records, from)));
        const times = records.map(({ timestampMs = from.timestampMs }) => timestampMs);
        expect(batch?.records.map(({ timestampDelta }) => Number(batch.firstTimestamp + timestampDelta))).toEqual(
          times,
        );
        expect(Number(batch?.maxTimestamp)).toBe(Math.max(...times));
      }),
    );
  });

  it('is read completely by the client’s own decoder', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.array(record, { minLength: 1, maxLength: 200 }), fc.array(plain, { minLength: 1, maxLength: 50 })),
        origin,
        (records, from) => {
          const encoded = encodeRecordBatch(records, from);
          const [batch, ...rest] = readRecordsBatches(Reader.from(encoded));
          expect(rest).toEqual([]);
          expect(batch).toMatchObject({
            firstOffset: 0n,
            length: encoded.length - 12,
            magic: 2,
            crc: crc32c(encoded.subarray(21)),
            attributes: from.transactional ? 16 : 0,
            lastOffsetDelta: records.length - 1,
            firstTimestamp: BigInt(from.timestampMs),
            maxTimestamp: BigInt(from.timestampMs),
            producerId: from.producerId,
            producerEpoch: from.producerEpoch,
            firstSequence: from.sequence,
          });
          const read = batch?.records.map(({ offsetDelta, timestampDelta, key, value, headers }) => ({
            offsetDelta,
            timestampDelta,
            key,
            value,
            headers,
          }));
          expect(read).toEqual(
            records.map(({ key, value, headers }, offsetDelta) => ({
              offsetDelta,
              timestampDelta: 0n,
              key: key === null ? null : bytesOf(key),
              value,
              headers: Object.entries(headers).map((header) => header.map(bytesOf)),
            })),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  /** Lengths at which a length needs one more byte, and at which texts are written by another method. */
  it.each([0, 63, 64, 65, 8_191, 8_192, 1_048_575, 1_048_576])(
    'has room for a value and a text of %i bytes',
    (length) => {
      const value = Buffer.alloc(length, 7);
      const ascii = { key: 'k'.repeat(length), value, headers: { name: 'h'.repeat(Math.min(length, 10_000)) } };
      // The very last text is not ASCII, so the ASCII encoding of all texts before it is discarded.
      const other = { ...ascii, headers: { ...ascii.headers, last: `${'a'.repeat(length)}é` } };
      for (const record of [ascii, other]) {
        const encoded = encodeRecordBatch([{ topic: 't', partition: 0, ...record }], {
          ...{ producerId: 1n, producerEpoch: 0, sequence: 0, transactional: false, timestampMs: 0 },
        });
        const [batch] = readRecordsBatches(Reader.from(encoded));
        expect(batch?.records).toHaveLength(1);
        const [read] = batch?.records ?? [];
        expect([read?.key?.length, read?.value?.equals(value)]).toEqual([length, true]);
        expect(read?.headers.map(([name, text]) => [String(name), String(text)])).toEqual(
          Object.entries(record.headers),
        );
      }
    },
  );
});
