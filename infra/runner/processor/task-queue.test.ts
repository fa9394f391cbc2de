/** The queue of a task: order within a topic, shares of topics, room. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FetchedBatch, LogRecord } from '../../kafka/port.ts';
import { TaskQueue, TRANSACTION_RECORDS_MAX } from './task-queue.ts';

const recordAt = (topic: string, offset: number): LogRecord => ({
  ...{ topic, partition: 0, offset, key: 'k', value: null, headers: {}, timestampMs: 0 },
});
const batchOf = (topic: string, from: number, count: number): FetchedBatch => ({
  ...{ topic, partition: 0, from, next: from + count, highWatermark: from + count },
  records: Array.from({ length: count }, (_, nth) => recordAt(topic, from + nth)),
});
const shown = (batches: readonly FetchedBatch[]): readonly string[] =>
  batches.map(({ topic, from, next, records }) => `${topic} ${from}-${next} ${records.length}`);
const countIn = (batches: readonly FetchedBatch[], topic: string): number =>
  batches.reduce((sum, batch) => (batch.topic === topic ? sum + batch.records.length : sum), 0);

describe('what waits for a task', () => {
  it('is taken in the order of arrival while one transaction has room for it', () => {
    const queue = new TaskQueue();
    for (const batch of [batchOf('a', 0, 400), batchOf('b', 0, 10), batchOf('a', 400, 590)]) void queue.push(batch);
    expect(shown(queue.take())).toEqual(['a 0-400 400', 'b 0-10 10', 'a 400-990 590']);
    expect([queue.records, queue.isEmpty]).toEqual([0, true]);
  });

  it('is shared when more waits: a start is in the next transaction, and before the reports that came first', () => {
    const queue = new TaskQueue();
    for (let from = 0; from < 7_000; from += 500) void queue.push(batchOf('reports', from, 500));
    void queue.push(batchOf('starts', 0, 2));
    const taken = queue.take();
    expect(shown(taken)).toEqual(['starts 0-2 2', 'reports 0-500 500', 'reports 500-998 498']);
    expect(queue.records).toBe(7_000 - 998);
    expect(shown(queue.take())[0]).toBe('reports 998-1000 2');
  });

  it('gives each of several long topics the same share', () => {
    const queue = new TaskQueue();
    for (const topic of ['a', 'b', 'c']) void queue.push(batchOf(topic, 0, 3_000));
    void queue.push(batchOf('d', 0, 100));
    const taken = queue.take();
    expect(['a', 'b', 'c', 'd'].map((topic) => countIn(taken, topic))).toEqual([300, 300, 300, 100]);
  });

  it('keeps the order of arrival of topics in one line', () => {
    const queue = new TaskQueue((topic) => (topic === 'reports' ? topic : 'users'));
    void queue.push(batchOf('reports', 0, 2_000));
    for (const batch of [batchOf('starts', 0, 900), batchOf('cancels', 0, 5)]) void queue.push(batch);
    expect(shown(queue.take())).toEqual(['starts 0-500 500', 'reports 0-500 500']);
    expect(shown(queue.take())).toEqual(['starts 500-900 400', 'cancels 0-5 5', 'reports 500-1095 595']);
  });

  it('moves the positions of topics without records, also in a full queue', () => {
    const queue = new TaskQueue();
    void queue.push(batchOf('long', 0, 1_500));
    void queue.push({ ...batchOf('quiet', 0, 0), next: 7 });
    const taken = queue.take();
    expect(queue.putBackAfter(taken, 1_000).get('quiet')).toBe(7);
  });

  it('pauses a topic with a transaction of its own when much waits, and no other', async () => {
    const queue = new TaskQueue();
    expect(queue.push(batchOf('long', 0, 7_999))).toBeUndefined();
    const paused = queue.push(batchOf('long', 7_999, 1));
    expect(paused).toBeInstanceOf(Promise);
    expect(queue.push(batchOf('short', 0, 999))).toBeUndefined();
    for (let takes = 0; takes < 5; takes += 1) queue.take();
    await paused;
    expect(queue.records).toBe(8_999 - 5_000);
  });
});

describe('any sequence of batches', () => {
  const step = fc.oneof(
    fc.record({ topic: fc.constantFrom('a', 'b', 'c'), count: fc.integer({ min: 0, max: 900 }) }),
    fc.record({ decided: fc.integer({ min: 0, max: TRANSACTION_RECORDS_MAX }) }),
  );

  it('is decided once, each topic in its order, with positions that match', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = new TaskQueue((topic) => (topic === 'c' ? 'b' : topic));
        const ends = new Map<string, number>();
        const decided = new Map<string, number>();
        const takeUpTo = (max: number): void => {
          const taken = queue.take();
          const records = taken.flatMap((batch) => batch.records);
          expect(records.length).toBeLessThanOrEqual(TRANSACTION_RECORDS_MAX);
          const count = Math.min(max, records.length);
          for (const { topic, offset } of records.slice(0, count)) {
            expect(offset).toBe(decided.get(topic) ?? 0);
            decided.set(topic, offset + 1);
          }
          for (const [topic, next] of queue.putBackAfter(taken, count)) expect(next).toBe(decided.get(topic) ?? 0);
        };
        for (const each of steps)
          if ('decided' in each) takeUpTo(each.decided);
          else {
            const from = ends.get(each.topic) ?? 0;
            void queue.push(batchOf(each.topic, from, each.count));
            ends.set(each.topic, from + each.count);
          }
        while (!queue.isEmpty) takeUpTo(TRANSACTION_RECORDS_MAX);
        for (const [topic, end] of ends) expect(decided.get(topic) ?? 0).toBe(end);
        expect(queue.records).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
