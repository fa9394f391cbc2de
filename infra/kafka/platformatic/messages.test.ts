import type { fetchV12, RecordsBatch } from '@platformatic/kafka';
import { describe, expect, it } from 'vitest';
import { readCommitted } from './messages.ts';

const TRANSACTIONAL = 0b1_0000;
const MARKER = 0b11_0000;

const batch = (
  at: number,
  producer: number,
  attributes: number,
  values: readonly (string | Buffer)[],
): RecordsBatch => ({
  firstOffset: BigInt(at),
  length: 0,
  partitionLeaderEpoch: 0,
  magic: 2,
  crc: 0,
  attributes,
  lastOffsetDelta: values.length - 1,
  firstTimestamp: 1_000n,
  maxTimestamp: 2_000n,
  producerId: BigInt(producer),
  producerEpoch: 0,
  firstSequence: 0,
  records: values.map((value, offsetDelta) => ({
    length: 0,
    attributes: 0,
    timestampDelta: BigInt(offsetDelta),
    offsetDelta,
    key: attributes === MARKER ? Buffer.from(value) : null,
    value: attributes === MARKER ? null : Buffer.from(value),
    headers: [],
  })),
});

const ABORT = Buffer.from([0, 0, 0, 0]);
const COMMIT = Buffer.from([0, 0, 0, 1]);

const read = (batches: RecordsBatch[], aborted: readonly (readonly [producer: number, first: number])[], from = 0) => {
  const answer: fetchV12.FetchResponsePartition = {
    partitionIndex: 0,
    errorCode: 0,
    highWatermark: 100n,
    lastStableOffset: 100n,
    logStartOffset: 0n,
    abortedTransactions: aborted.map(([producer, first]) => ({
      producerId: BigInt(producer),
      firstOffset: BigInt(first),
    })),
    preferredReadReplica: -1,
    records: batches,
  };
  const { next, records } = readCommitted('t', answer, from);
  return { next, values: records.map(({ value }) => String(value)) };
};

describe('what a read_committed reader sees of an answer', () => {
  it('leaves out every aborted transaction of one producer, and keeps what it committed between', () => {
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

  it('leaves out an aborted transaction whose marker did not fit into the answer', () => {
    const batches = [batch(0, 7, TRANSACTIONAL, ['aborted']), batch(1, 8, 0, ['plain'])];
    expect(read(batches, [[7, 0]])).toEqual({ next: 2, values: ['plain'] });
  });

  it('keeps what another producer, or the same one without a transaction, wrote meanwhile', () => {
    const batches = [
      batch(0, 7, TRANSACTIONAL, ['aborted']),
      batch(1, 8, TRANSACTIONAL, ['other']),
      batch(2, 7, 0, ['plain']),
      batch(3, 7, MARKER, [ABORT]),
    ];
    expect(read(batches, [[7, 0]])).toEqual({ next: 4, values: ['other', 'plain'] });
  });

  it('begins in the middle of a batch, and stands behind a marker that is all there is', () => {
    expect(read([batch(0, 1, 0, ['a', 'b', 'c'])], [], 1)).toEqual({ next: 3, values: ['b', 'c'] });
    expect(read([batch(3, 7, MARKER, [COMMIT])], [], 3)).toEqual({ next: 4, values: [] });
    expect(read([], [], 3)).toEqual({ next: 3, values: [] });
  });

  it('tells the broker’s time where the topic asks for it', () => {
    const stamped = (attributes: number) => {
      const answer = { ...({} as fetchV12.FetchResponsePartition), partitionIndex: 0, abortedTransactions: null };
      return readCommitted('t', { ...answer, records: [batch(0, 1, attributes, ['a', 'b'])] }, 0).records[1]
        ?.timestampMs;
    };
    expect([stamped(0), stamped(0b1000)]).toEqual([1_001, 2_000]);
  });
});
