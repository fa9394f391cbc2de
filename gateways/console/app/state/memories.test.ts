import { describe, expect, test } from 'vitest';
import { beginning, instantOf, recallOf, validityOf } from './memories.ts';

test('a local time is an instant, and an empty or wrong one is none', () => {
  expect(instantOf('2026-01-31T09:30')).toBe(new Date(2026, 0, 31, 9, 30).toISOString());
  expect(instantOf('')).toBeNull();
  expect(instantOf('soon')).toBeNull();
});

test('a recall names a moment when it has one', () => {
  expect(recallOf({ query: 'hours', space: 'shared', asOf: null })).toEqual({ query: 'hours', space: 'shared' });
  expect(recallOf({ query: 'hours', space: 'shared', asOf: '2026-01-31T09:30:00.000Z' })).toEqual({
    ...{ query: 'hours', space: 'shared', as_of: '2026-01-31T09:30:00.000Z' },
  });
});

test('a long text is cut for a table', () => {
  expect(beginning('x'.repeat(100))).toBe('x'.repeat(100));
  expect(beginning('x'.repeat(101))).toBe(`${'x'.repeat(99)}…`);
});

describe('whether a memory is true', () => {
  const nowMs = Date.parse('2026-01-31T09:30:00.000Z');
  const [before, after] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'];
  test.each([
    ['kept', null, null, 'valid'],
    ['kept', before, after, 'valid'],
    ['kept', after, null, 'not yet'],
    ['kept', null, before, 'over'],
    ['kept', null, '2026-01-31T09:30:00.000Z', 'over'],
    ['kept', '2026-01-31T09:30:00.000Z', null, 'valid'],
    ['forgotten', null, null, 'forgotten'],
  ] as const)('%s from %s to %s: %s', (status, valid_from, valid_to, expected) => {
    expect(validityOf({ status, valid_from, valid_to }, nowMs)).toBe(expected);
  });
});
