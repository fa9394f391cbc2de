import { expect, it } from 'vitest';
import type { FetchedBatch, LogRecord } from './port.ts';
import { ReadPositions, truncateAt } from './read-positions.ts';

const batch = (topic: string, partition: number, next: number): FetchedBatch => ({
  ...{ topic, partition, from: 0, next, highWatermark: next, records: [] },
});

it('keeps the next offset of each partition of each topic', () => {
  const places = new ReadPositions([
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
  expect(new ReadPositions([]).all()).toEqual([]);
});

it('truncates a batch at an offset, so that the dropped records are read again', () => {
  const record = (offset: number) => ({ offset }) as LogRecord;
  const whole: FetchedBatch = { ...batch('a', 0, 9), from: 4, records: [4, 5, 7].map(record) };
  expect(truncateAt(whole, 9)).toBe(whole);
  expect(truncateAt(whole, 6)).toMatchObject({ from: 4, next: 6, records: [{ offset: 4 }, { offset: 5 }] });
  expect(truncateAt(whole, 3)).toMatchObject({ from: 4, next: 4, records: [] });
});
