import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyRecord } from '../../schemas/testing.ts';
import { topicOf } from '../../schemas/topics.ts';
import type { Emitted } from '../../streams/kernel/step.ts';
import { metaOf, toOutgoing } from './envelope.ts';
import { toLogRecord } from './kafkajs/messages.ts';
import type { LogRecord, OutgoingRecord } from './log.ts';
import { readBatches } from './platformatic/batch-reader.ts';
import { readCommitted } from './platformatic/messages.ts';
import { encodeRecordBatch } from './platformatic/record-batch.ts';
import { localDecoder } from './runner/testing.ts';

const decoder = localDecoder();
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
/** Years 0 to 9999, as RFC 3339 has them. */
const TIME_MS_MIN = -62_167_219_200_000;
const TIME_MS_MAX = 253_402_300_799_999;

/** Anything that a processor may put out, under any envelope. */
const emitted: fc.Arbitrary<Emitted> = fc
  .record({
    record: anyRecord(),
    key: text,
    id: fc.uuid(),
    tenantId: text,
    correlationId: text,
    causationId: text,
    timeMs: fc.integer({ min: TIME_MS_MIN, max: TIME_MS_MAX }),
    traceparent: fc.tuple(hex(32), hex(16)).map(([trace, span]) => `00-${trace}-${span}-01`),
    source: text,
  })
  .map((envelope) => ({ ...envelope, topic: topicOf(envelope.record.type).name }));

const PARTITION = 3;
const TIMESTAMP_MS = 1_700_000_000_123;

/** What the log gives back for what was written, and where a reader of it stands. */
type Way = (written: readonly OutgoingRecord[], base: number) => readonly LogRecord[];

const asItIs: Way = (written, base) =>
  written.map((record, index) => ({
    ...record,
    partition: PARTITION,
    offset: base + index,
    timestampMs: TIMESTAMP_MS,
  }));

/** Headers as bytes, offset and time as text: what kafkajs hands over. */
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

/** Our batch encoder, then our decoder. Each is held against the client's own in its own test. */
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
  ['through the messages of kafkajs', throughKafkajs],
  ['through the bytes of the second driver', throughBatchBytes],
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
          value: decoder.codec.encode(wrote),
        });
        expect(stored.headers['ce_source']).toBe(source);
        expect(stored.timestampMs).toBe(TIMESTAMP_MS);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps its place among others of its batch, and the headers that were added', () => {
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

it('is placed by its tenant where the catalogue says so, and by its key elsewhere', () => {
  fc.assert(
    fc.property(emitted, (out) => {
      const { placedBy } = toOutgoing(decoder.codec, out);
      expect(placedBy).toBe(topicOf(out.record.type).partitionedBy === 'tenant' ? out.tenantId : undefined);
    }),
  );
});
