import { describe, expect, it } from 'vitest';
import { type ReadBatch, readBatches } from './batch-reader.ts';
import { readCommitted } from './messages.ts';
import { encodeRecordBatch } from './record-batch.ts';

const TRANSACTIONAL = 0b1_0000;
const MARKER = 0b11_0000;

/** A batch as the broker answers it: bytes of our encoder, with the given offset, producer and attributes. */
function batch(at: number, producer: number, attributes: number, values: readonly (string | Buffer)[]): ReadBatch {
  const isMarker = attributes === MARKER;
  const records = values.map((value) => ({
    ...{ topic: 't', partition: 0, headers: {} },
    key: isMarker ? String(value) : null,
    value: isMarker ? null : Buffer.from(value),
  }));
  const origin = { producerEpoch: 0, sequence: 0, transactional: false, timestampMs: 1_000 };
  const bytes = encodeRecordBatch(records, { ...origin, producerId: BigInt(producer) });
  bytes.writeBigInt64BE(BigInt(at), 0);
  bytes.writeInt16BE(attributes, 21);
  bytes.writeBigInt64BE(2_000n, 35);
  const [read] = readBatches(bytes);
  if (read === undefined) throw new Error('the batch was not read');
  return read;
}

const ABORT = Buffer.from([0, 0, 0, 0]);
const COMMIT = Buffer.from([0, 0, 0, 1]);

const read = (batches: ReadBatch[], aborted: readonly (readonly [producer: number, first: number])[], from = 0) => {
  const answer = {
    partition: 0,
    aborted: aborted.map(([producer, first]) => ({ producerId: BigInt(producer), firstOffset: first })),
    batches,
  };
  const { next, records } = readCommitted('t', answer, from);
  return { next, values: records.map(({ value }) => String(value)) };
};

describe('the records that a read_committed reader sees in an answer', () => {
  it('leave out every aborted transaction of one producer, and keep the committed ones between', () => {
    const batches = [
      batch(0, 7, TRANSACTIONAL, ['aborted first']),
      batch(1, 7, MARKER, [ABORT]),
      batch(2, 7, TRANSACTIONAL, ['committed']),
      batch(3, 7, MARKER, [COMMIT]),
      batch(4, 7, TRANSACTIONAL, ['aborted second']),
      batch(5, 7, MARKER, [ABORT]),
    ];
    expect(
      read(batches, [
        [7, 0],
        [7, 4],
      ]),
    ).toEqual({ next: 6, values: ['committed'] });
  });

  it('leave out an aborted transaction whose marker did not fit into the answer', () => {
    const batches = [batch(0, 7, TRANSACTIONAL, ['aborted']), batch(1, 8, 0, ['plain'])];
    expect(read(batches, [[7, 0]])).toEqual({ next: 2, values: ['plain'] });
  });

  it('keep concurrent records of another producer, or of the same one without a transaction', () => {
    const batches = [
      batch(0, 7, TRANSACTIONAL, ['aborted']),
      batch(1, 8, TRANSACTIONAL, ['other']),
      batch(2, 7, 0, ['plain']),
      batch(3, 7, MARKER, [ABORT]),
    ];
    expect(read(batches, [[7, 0]])).toEqual({ next: 4, values: ['other', 'plain'] });
  });

  it('begin in the middle of a batch, and end after a marker that is alone', () => {
    expect(read([batch(0, 1, 0, ['a', 'b', 'c'])], [], 1)).toEqual({ next: 3, values: ['b', 'c'] });
    expect(read([batch(3, 7, MARKER, [COMMIT])], [], 3)).toEqual({ next: 4, values: [] });
    expect(read([], [], 3)).toEqual({ next: 3, values: [] });
  });

  it('have the time of the broker where the topic is configured so', () => {
    const stamped = (attributes: number) =>
      readCommitted('t', { partition: 0, aborted: [], batches: [batch(0, 1, attributes, ['a', 'b'])] }, 0).records[1]
        ?.timestampMs;
    expect([stamped(0), stamped(0b1000)]).toEqual([1_000, 2_000]);
  });
});
