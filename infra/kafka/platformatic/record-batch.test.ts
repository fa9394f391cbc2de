import { crc32c, Reader, readRecordsBatches } from '@platformatic/kafka';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutgoingRecord } from '../log.ts';
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
/** ASCII throughout, as nearly all records are, but for the very last text now and then. */
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

describe('a record batch', () => {
  it('is read back whole by the client’s own decoder', () => {
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

  /** Where a length needs one more byte, and where texts are written in another way. */
  it.each([0, 63, 64, 65, 8_191, 8_192, 1_048_575, 1_048_576])(
    'has room for a value and a text of %i bytes',
    (length) => {
      const value = Buffer.alloc(length, 7);
      const ascii = { key: 'k'.repeat(length), value, headers: { name: 'h'.repeat(Math.min(length, 10_000)) } };
      // The very last text is not ASCII, so that all before it was written in vain.
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
