import { expect, test } from 'vitest';
import { failuresAfter, pauseMs } from './backoff.ts';

const restart = { firstMs: 500, maxMs: 30_000 };
const STABLE_MS = 60_000;

test('pauses double from half a second up to thirty seconds', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8].map((failures) => pauseMs(failures, restart))).toEqual([
    500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ]);
});

test('a thousand consecutive failures still pause thirty seconds', () => {
  expect(pauseMs(1_000, restart)).toBe(30_000);
  expect(pauseMs(5_000, restart)).toBe(30_000);
});

test('another factor grows faster', () => {
  expect([1, 2, 3].map((failures) => pauseMs(failures, { ...restart, factor: 3 }))).toEqual([500, 1_500, 4_500]);
});

test('jitter adds up to its share, to the longest pause as well', () => {
  const jittered = { ...restart, jitter: 0.3 };
  expect(pauseMs(1, jittered, () => 0)).toBe(500);
  expect(pauseMs(1, jittered, () => 0.5)).toBe(575);
  expect(pauseMs(1_000, jittered, () => 0.5)).toBe(34_500);
});

test('without jitter no random number is drawn', () => {
  const random = () => {
    throw new Error('asked');
  };
  expect(pauseMs(1, restart, random)).toBe(500);
});

test('a short-lived process counts as one more failure', () => {
  expect(failuresAfter(0, 10, STABLE_MS)).toBe(1);
  expect(failuresAfter(3, 59_999, STABLE_MS)).toBe(4);
});

test('a process that lived a minute resets the count', () => {
  expect(failuresAfter(7, 60_000, STABLE_MS)).toBe(1);
});
