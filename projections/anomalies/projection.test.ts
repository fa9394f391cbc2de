import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../schemas/contexts/anomalies.ts';
import { killSwitchSuggested, seriesMeasured } from '../../schemas/generated/records.ts';
import { metaFor } from '../../streams/kernel/testing.ts';
import type { AnyRecord } from '../../streams/kernel.ts';
import { anomalies } from './projection.ts';

const HOUR = Date.UTC(2026, 10, 25, 12);
const source = { recordId: 'r', topic: 'tools.calls', partition: 0, offset: 3 };
const series = { seriesId: 'demo/calls/demo/pay', tenantId: 'demo', metric: 'calls', subject: 'demo/pay' };
const rowsOf = (record: AnyRecord) => {
  const meta = metaFor(record, { tenantId: 'demo' });
  return anomalies.apply(record, { ...meta, headers: {}, appendedAtMs: HOUR });
};

it('a measure adds to its hour, and is a step that settings are tried on', () => {
  const measured = seriesMeasured({
    ...{ ...series, value: 2, label: null, at: HOUR + 5, source, windowStart: HOUR, expected: 1.5, bound: 9 },
    ...{ isLate: false, settings: DEFAULT_SETTINGS },
  });
  expect(rowsOf(measured)).toMatchObject([
    { table: 'anomaly_windows', row: { value: 2, records: 1, late: 0, expected: '1.500000', bound: '9.000000' } },
    { table: 'anomaly_steps', row: { step: { type: 'SeriesMeasured', data: { value: 2 } } } },
  ]);
});

it('a suggested kill switch is part of its anomaly', () => {
  const suggested = killSwitchSuggested({
    ...{ seriesId: series.seriesId, tenantId: 'demo', anomalyId: 'a', scope: 'tool:demo/pay', reason: 'r' },
  });
  expect(rowsOf(suggested)).toEqual([
    { table: 'anomalies', row: { tenant_id: 'demo', anomaly_id: 'a', suggested_scope: 'tool:demo/pay' } },
  ]);
});
