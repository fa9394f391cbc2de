import { describe, expect, it } from 'vitest';
import type { FetchedBatch } from '../../kafka/port.ts';
import { Committed, halves } from './advances.ts';
import { Gatherer } from './gather.ts';

const batch = (partition: number, from: number, count: number): FetchedBatch => ({
  topic: 't',
  partition,
  from,
  next: from + count + 1,
  highWatermark: from + count + 1,
  records: Array.from({ length: count }, (_, n) => ({
    topic: 't',
    partition,
    offset: from + n,
    key: 'k',
    value: null,
    headers: {},
    timestampMs: 0,
  })),
});

const LARGEST = Buffer.alloc(900_000);

describe('a gatherer', () => {
  it('returns pending records of all partitions together', async () => {
    const gatherer = new Gatherer(10);
    expect(gatherer.put(batch(0, 0, 3))).toBeUndefined();
    expect(gatherer.put(batch(1, 5, 3))).toBeUndefined();
    const taken = await gatherer.take();
    expect(taken?.map(({ partition, next, records }) => [partition, next, records.length])).toEqual([
      [0, 4, 3],
      [1, 9, 3],
    ]);
  });

  it('splits a batch that is larger than a commit, and pauses reading until there is room', async () => {
    const gatherer = new Gatherer(2);
    const room = gatherer.put(batch(0, 0, 5));
    expect(room).toBeInstanceOf(Promise);
    expect((await gatherer.take())?.map(({ next }) => next)).toEqual([2]);
    expect((await gatherer.take())?.map(({ next }) => next)).toEqual([4]);
    await room;
    expect((await gatherer.take())?.map(({ next }) => next)).toEqual([6]);
  });

  it('counts a large record for several, and gives out at least one', async () => {
    const gatherer = new Gatherer(10);
    const large = batch(0, 0, 3).records.map((record) => ({ ...record, value: Buffer.alloc(5 * 4_096) }));
    void gatherer.put({ ...batch(0, 0, 3), records: large });
    expect(gatherer.isFull).toBe(true);
    expect((await gatherer.take())?.map(({ next }) => next)).toEqual([1]);
    void gatherer.put({ ...batch(1, 0, 1), records: large.slice(0, 1).map((each) => ({ ...each, value: LARGEST })) });
    expect((await gatherer.take())?.map(({ next }) => next)).toEqual([2]);
    expect((await gatherer.take())?.map(({ next }) => next)).toEqual([4]);
    expect((await gatherer.take())?.map(({ partition, next }) => [partition, next])).toEqual([[1, 2]]);
  });

  it('delays a commit of only transaction markers', async () => {
    const gatherer = new Gatherer(2);
    const began = performance.now();
    void gatherer.put(batch(0, 4, 0));
    expect(await gatherer.take()).toMatchObject([{ next: 5, records: [] }]);
    expect(performance.now() - began).toBeGreaterThan(400);
  });

  it('returns pending records after end, none after close', async () => {
    const gatherer = new Gatherer(2);
    void gatherer.put(batch(0, 0, 1));
    gatherer.end();
    expect(await gatherer.take()).toHaveLength(1);
    expect(await gatherer.take()).toBeNull();
    const closed = new Gatherer(2);
    const waiting = closed.take();
    closed.close();
    expect(await waiting).toBeNull();
    expect(closed.put(batch(0, 0, 9))).toBeUndefined();
  });
});

describe('advances', () => {
  it('go from the committed offset to the end of the last chunk of each partition', () => {
    const committed = new Committed([{ topic: 't', partition: 0, offset: 3 }]);
    const advances = committed.advancesTo([batch(0, 3, 2), batch(0, 6, 1), batch(1, 0, 1)]);
    expect(advances).toEqual([
      { topic: 't', partition: 0, expected: 3, next: 8 },
      { topic: 't', partition: 1, expected: 0, next: 2 },
    ]);
    committed.settle(advances);
    expect(committed.advancesTo([batch(0, 3, 2)])).toEqual([]);
  });

  it('are split into two consecutive ones', () => {
    const items = [batch(0, 0, 3), batch(1, 0, 1)].flatMap(({ records }) =>
      records.map((record) => ({ record, changes: [] })),
    );
    const advances = [
      { topic: 't', partition: 0, expected: 0, next: 4 },
      { topic: 't', partition: 1, expected: 0, next: 2 },
    ];
    const [former, latter] = halves({ items, advances });
    expect(former.advances).toEqual([{ topic: 't', partition: 0, expected: 0, next: 2 }]);
    expect(latter.advances).toEqual([
      { topic: 't', partition: 0, expected: 2, next: 4 },
      { topic: 't', partition: 1, expected: 0, next: 2 },
    ]);
    expect([...former.items, ...latter.items]).toEqual(items);
  });
});
