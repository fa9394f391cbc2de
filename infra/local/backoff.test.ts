import { expect, test } from 'vitest';
import { failuresAfter, pauseMs } from './backoff.ts';

test('pauses double from half a second up to thirty seconds', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8].map((failures) => pauseMs(failures))).toEqual([
    500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ]);
});

test('a thousand failures in a row still pause thirty seconds', () => {
  expect(pauseMs(1_000)).toBe(30_000);
  expect(pauseMs(5_000)).toBe(30_000);
});

test('a process that dies young counts as one more failure', () => {
  expect(failuresAfter(0, 10)).toBe(1);
  expect(failuresAfter(3, 59_999)).toBe(4);
});

test('a process that lived a minute starts over', () => {
  expect(failuresAfter(7, 60_000)).toBe(1);
});
