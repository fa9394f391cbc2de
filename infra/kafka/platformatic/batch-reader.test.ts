import { createRecordsBatch } from '@platformatic/kafka';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBatches } from './batch-reader.ts';
import { encodeRecordBatch } from './record-batch.ts';

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 100 }));
/** Header names. Objects have no property `__proto__`, so both drivers lose a header of that name. */
const headerName = fc
  .oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }), fc.constantFrom('constructor', 'toString'))
  .filter((name) => name !== '__proto__');
const record = fc.record({
  topic: fc.constant('t'),
  partition: fc.constant(0),
  key: fc.option(text),
  value: fc.option(fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes))),
  headers: fc.dictionary(headerName, text, { noNullPrototype: true }),
});
const origin = { producerId: 7n, producerEpoch: 0, sequence: 0, transactional: true, timestampMs: 1_764_000_000_000 };

/** Invalid UTF-16 is written as U+FFFD by every client. */
const asWritten = (some: string): string => Buffer.from(some).toString();

describe('the reader of record batches', () => {
  it('reads several batches of our encoder, the last one truncated', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(record, { minLength: 1, maxLength: 50 }), { minLength: 1, maxLength: 3 }),
        (groups) => {
          const encoded = groups.map((records) => encodeRecordBatch(records, origin));
          const cut = Buffer.concat([...encoded, (encoded[0] as Buffer).subarray(0, -1)]);
          const read = readBatches(cut);
          expect(
            read.map(({ base, firstMs, producerId, attributes }) => [base, firstMs, producerId, attributes]),
          ).toEqual(groups.map(() => [0, origin.timestampMs, 7n, 0b1_0000]));
          expect(read.map((batch) => batch.records())).toEqual(
            groups.map((records) =>
              records.map(({ key, value, headers }, offsetDelta) => ({
                ...{ offsetDelta, timestampDelta: 0, value },
                key: key === null ? null : Buffer.from(key),
                headers: Object.fromEntries(
                  Object.entries(headers).map(([name, said]) => [asWritten(name), asWritten(said)]),
                ),
              })),
            ),
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  it('reads batches of other clients: compressed, with a timestamp per record', () => {
    const headers = new Map([[Buffer.from('ce_id'), Buffer.from('ä')]]);
    const messages = [10n, 2_000_000_010n].map((timestamp) => ({
      ...{ topic: 't', partition: 0, timestamp, headers },
      key: Buffer.from('k'),
      value: Buffer.from('v'),
    }));
    for (const compression of ['none', 'gzip'] as const) {
      const [batch] = readBatches(createRecordsBatch(messages, { compression, producerId: 1n }).buffer);
      expect(batch?.firstMs).toBe(10);
      expect(batch?.records().map(({ timestampDelta, headers: read }) => [timestampDelta, read])).toEqual([
        [0, { ce_id: 'ä' }],
        [2_000_000_000, { ce_id: 'ä' }],
      ]);
    }
  });

  it('uses the first value of a header name, and reads a missing value as empty', () => {
    const bytes = encodeRecordBatch(
      [{ topic: 't', partition: 0, key: null, value: null, headers: { ab: '1', ac: '2', ad: '' } }],
      origin,
    );
    bytes[bytes.indexOf('ac') + 1] = 'b'.charCodeAt(0);
    expect(readBatches(bytes)[0]?.records()[0]?.headers).toEqual({ ab: '1', ad: '' });
  });
});
