import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Deadlines } from './deadlines.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('each deadline expires at its own time, and a cancelled one never', () => {
  const ended: string[] = [];
  const deadlines = new Deadlines(100);
  deadlines.begin(() => ended.push('first'));
  vi.advanceTimersByTime(60);
  const cancel = deadlines.begin(() => ended.push('cancelled'));
  deadlines.begin(() => ended.push('last'));
  cancel();
  vi.advanceTimersByTime(45);
  expect(ended).toEqual(['first']);
  vi.advanceTimersByTime(60);
  expect(ended).toEqual(['first', 'last']);
});

test('a deadline that begins after all others have ended expires too', () => {
  const ended: string[] = [];
  const deadlines = new Deadlines(100);
  deadlines.begin(() => ended.push('a'))();
  vi.advanceTimersByTime(500);
  deadlines.begin(() => ended.push('b'));
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(105);
  expect(ended).toEqual(['b']);
});
