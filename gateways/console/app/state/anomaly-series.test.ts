import { expect, it } from 'vitest';
import type { Schemas } from '../../../../infra/client/api.ts';
import { seriesOf } from './anomaly-series.ts';

const at = (hour: number): string => new Date(Date.UTC(2026, 0, 5, hour)).toISOString();
const hour = (subject: string, nth: number, value: number, expected: number | null = null): Schemas['AnomalyHour'] => ({
  ...{ metric: 'calls', subject, window_start: at(nth), value, records: value, late: 0, expected, bound: null },
});
const anomaly = { metric: 'calls', subject: 'b', window_start: at(3), window_ms: 3_600_000 } as Schemas['Anomaly'];

it('hours without a record are 0, and those of an anomaly are marked', () => {
  const series = seriesOf([hour('a', 1, 5), hour('b', 1, 2, 3), hour('b', 3, 9, 3)], [anomaly]);
  expect(series).toMatchObject([
    { name: 'calls b', values: [2, 0, 9], expected: [3, null, 3], marks: [false, false, true] },
    { name: 'calls a', values: [5], expected: [null], marks: [false] },
  ]);
  expect(series[0]?.times.map((time) => new Date(time * 1_000).toISOString())).toEqual([at(1), at(2), at(3)]);
});

it('no hours are no series', () => {
  expect(seriesOf([], [anomaly])).toEqual([]);
});
