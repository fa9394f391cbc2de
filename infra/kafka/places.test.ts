import { expect, it } from 'vitest';
import type { FetchedBatch, LogRecord } from './log.ts';
import { cutAt, Places } from './places.ts';

const batch = (topic: string, partition: number, next: number): FetchedBatch => ({
  ...{ topic, partition, from: 0, next, highWatermark: next, records: [] },
});

it('a reader goes on from what it has passed, each partition of each topic by itself', () => {
  const places = new Places([
    { topic: 'a', partition: 0, offset: 5 },
    { topic: 'a', partition: 1, offset: 7 },
    { topic: 'b', partition: 0, offset: 0 },
  ]);
  places.pass(batch('a', 1, 9));
  places.pass(batch('b', 0, 3));
  places.pass(batch('b', 0, 4));
  places.pass(batch('c', 0, 1));
  expect(places.all()).toEqual([
    { topic: 'a', partition: 0, offset: 5 },
    { topic: 'a', partition: 1, offset: 9 },
    { topic: 'b', partition: 0, offset: 4 },
    { topic: 'c', partition: 0, offset: 1 },
  ]);
  expect(new Places([]).all()).toEqual([]);
});

it('cuts a batch at an offset, so that what is cut off is still to be read', () => {
  const record = (offset: number) => ({ offset }) as LogRecord;
  const whole: FetchedBatch = { ...batch('a', 0, 9), from: 4, records: [4, 5, 7].map(record) };
  expect(cutAt(whole, 9)).toBe(whole);
  expect(cutAt(whole, 6)).toMatchObject({ from: 4, next: 6, records: [{ offset: 4 }, { offset: 5 }] });
  expect(cutAt(whole, 3)).toMatchObject({ from: 4, next: 4, records: [] });
});
