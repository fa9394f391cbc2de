import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyRecord } from '../../schemas/testing.ts';
import { topicOf } from '../../schemas/topics.ts';
import { partsOfPlace } from '../../streams/kernel/place.ts';
import type { Emitted } from '../../streams/kernel/step.ts';
import { localDecoder } from '../runner/testing/processors.ts';
import { metaOf, toOutgoing } from './envelope.ts';
import { toLogRecord } from './kafkajs/messages.ts';
import { readBatches } from './platformatic/batch-reader.ts';
import { readCommitted } from './platformatic/messages.ts';
import { encodeRecordBatch } from './platformatic/record-batch.ts';
import type { LogRecord, OutgoingRecord } from './port.ts';

const decoder = localDecoder();
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
/** The first and last time of RFC 3339: years 0 to 9999. */
const TIME_MS_MIN = -62_167_219_200_000;
const TIME_MS_MAX = 253_402_300_799_999;

/** Any record that a processor may emit, with any envelope. */
const envelopes = fc.record({
  key: text,
  id: fc.uuid(),
  tenantId: text,
  correlationId: text,
  causationId: text,
  timeMs: fc.integer({ min: TIME_MS_MIN, max: TIME_MS_MAX }),
  traceparent: fc.tuple(hex(32), hex(16)).map(([trace, span]) => `00-${trace}-${span}-01`),
  source: text,
  digest: fc.option(hex(64)),
  place: fc.nat(99_999),
  placed: fc.boolean(),
});
const emitted: fc.Arbitrary<Emitted> = fc
  .tuple(anyRecord(), envelopes)
  .map(([record, { digest, place, placed, ...envelope }]) => {
    const { name: topic, partitionedBy } = topicOf(record.type);
    return {
      ...{ ...envelope, record, topic },
      place: placed || partitionedBy === 'place' ? `${envelope.tenantId}/${place}` : null,
      ...(digest !== null && { requestDigest: digest }),
    };
  });

const PARTITION = 3;
const TIMESTAMP_MS = 1_700_000_000_123;

/** Returns the records as a log stores them and a client returns them, from the offset `base` on. */
type Way = (written: readonly OutgoingRecord[], base: number) => readonly LogRecord[];

const asItIs: Way = (written, base) =>
  written.map((record, index) => ({
    ...record,
    partition: PARTITION,
    offset: base + index,
    timestampMs: TIMESTAMP_MS,
  }));

/** Converts as kafkajs does: headers as bytes, offset and time as text. */
const throughKafkajs: Way = (written, base) =>
  written.map(({ topic, key, value, headers }, index) =>
    toLogRecord(topic, PARTITION, {
      key: key === null ? null : Buffer.from(key),
      value,
      headers: Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, Buffer.from(header)])),
      offset: String(base + index),
      timestamp: String(TIMESTAMP_MS),
      attributes: 0,
    }),
  );

/** Encodes a batch and decodes it again. The codec of each side is compared with the client's own in its own test. */
const throughBatchBytes: Way = (written, base) => {
  const bytes = encodeRecordBatch(written, {
    ...{ producerId: 7n, producerEpoch: 1, sequence: 0, transactional: true, timestampMs: TIMESTAMP_MS },
  });
  bytes.writeBigInt64BE(BigInt(base), 0);
  const answer = { partition: PARTITION, aborted: [], batches: readBatches(bytes) };
  return readCommitted(written[0]?.topic ?? '', answer, base).records;
};

describe.each([
  ['unchanged', asItIs],
  ['as messages of kafkajs', throughKafkajs],
  ['as bytes of the second driver', throughBatchBytes],
] as const)('any record under any envelope, %s', (_, way) => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(emitted, fc.nat(), (out, base) => {
        const [stored] = way([toOutgoing(decoder.codec, out)], base);
        if (stored === undefined) throw new Error('the record is gone');
        const { record, meta } = decoder.decodeSync(stored);
        const { source, record: wrote, ...envelope } = out;
        expect(record).toEqual(wrote);
        expect(meta).toEqual({
          ...envelope,
          type: wrote.type,
          partition: PARTITION,
          offset: base,
          appendedAtMs: TIMESTAMP_MS,
          value: decoder.codec.encode(wrote),
        });
        expect(stored.headers['ce_source']).toBe(source);
        expect(stored.timestampMs).toBe(TIMESTAMP_MS);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps its order in the batch, and the headers that were added', () => {
    fc.assert(
      fc.property(fc.array(emitted, { minLength: 1, maxLength: 12 }), fc.nat(), (outs, base) => {
        const stored = way(
          outs.map((out, index) => toOutgoing(decoder.codec, out, { place: String(index) })),
          base,
        );
        expect(stored.map(({ offset, headers }) => [offset, headers['place']])).toEqual(
          outs.map((_out, index) => [base + index, String(index)]),
        );
        expect(stored.map((record) => metaOf(record).id)).toEqual(outs.map(({ id }) => id));
      }),
      { numRuns: 30 },
    );
  });
});

it('is partitioned by its tenant or its place where the catalogue says so, and by its key elsewhere', () => {
  fc.assert(
    fc.property(emitted, (out) => {
      const { placedBy } = toOutgoing(decoder.codec, out);
      expect(placedBy).toBe({ key: undefined, tenant: out.tenantId, place: out.place }[homeOf(out).partitionedBy]);
    }),
  );
});

describe('a record with an invalid place', () => {
  const invalid = fc.oneof(
    text.filter((place) => partsOfPlace(place) === null),
    fc.constantFrom('other/0', '/0', 'demo', 'demo/', 'demo/01', 'demo/-1', 'demo/1.5', 'demo/100000', 'demo/ 1', ''),
  );
  const out = emitted.map((any) => ({ ...any, tenantId: 'demo' }));
  const refused = expect.objectContaining({ code: 'ENVELOPE_INVALID' });

  it('is not written, and is not read, in any topic', () => {
    fc.assert(
      fc.property(out, invalid, (any, place) => {
        expect(() => toOutgoing(decoder.codec, { ...any, place })).toThrow(refused);
        const [stored] = asItIs([toOutgoing(decoder.codec, { ...any, place: 'demo/0' })], 0);
        expect(() => metaOf(withPlace(stored, place))).toThrow(refused);
      }),
    );
  });

  it('is not written, and is not read, without a place where the topic is partitioned by place', () => {
    fc.assert(
      fc.property(out, (any) => {
        const [stored] = asItIs([toOutgoing(decoder.codec, { ...any, place: 'demo/0' })], 0);
        const write = () => toOutgoing(decoder.codec, { ...any, place: null });
        const read = () => metaOf(withPlace(stored, undefined)).place;
        if (homeOf(any).partitionedBy !== 'place') {
          expect(write).not.toThrow();
          expect(read()).toBeNull();
          return;
        }
        expect(write).toThrow(refused);
        expect(read).toThrow(refused);
      }),
    );
  });
});

const homeOf = ({ record }: Emitted) => topicOf(record.type);

function withPlace(record: LogRecord | undefined, place: string | undefined): LogRecord {
  if (record === undefined) throw new Error('the record is gone');
  const { khipu_place: _, ...headers } = record.headers;
  return { ...record, headers: { ...headers, ...(place !== undefined && { khipu_place: place }) } };
}
