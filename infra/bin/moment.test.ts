import { expect, it } from 'vitest';
import { timeOf } from './moment.ts';

const now = Date.parse('2026-05-01T12:00:00Z');

it.each([
  ['2026-05-01T10:00:00Z', '2026-05-01T10:00:00.000Z'],
  ['2026-05-01T10:00:00+02:00', '2026-05-01T08:00:00.000Z'],
  ['2026-04-30', '2026-04-30T00:00:00.000Z'],
  ['90s', '2026-05-01T11:58:30.000Z'],
  ['30m', '2026-05-01T11:30:00.000Z'],
  ['2h', '2026-05-01T10:00:00.000Z'],
  ['7d', '2026-04-24T12:00:00.000Z'],
])('%s is a time', (text, iso) => {
  expect(new Date(timeOf(text, now) ?? Number.NaN).toISOString()).toBe(iso);
});

it.each(['', '2', 'h', '2w', '-2h', 'yesterday', '2026', '2026-13-45', '1 h'])('%j is not a time', (text) => {
  expect(timeOf(text, now)).toBeNull();
});
