import type { AnomalyDetected, SeriesMeasured } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import {
  appendTable,
  assertNever,
  first,
  foldTable,
  instant,
  key,
  last,
  type ProjectedMeta,
  projection,
  type RowChange,
  row,
  sum,
} from '../kernel.ts';

/** One row an anomaly, with the kill switch that it suggests. */
export const anomaliesTable = foldTable('anomalies', {
  tenant_id: key('text'),
  anomaly_id: key('text'),
  metric: first('text'),
  subject: first('text'),
  rule: first('text'),
  direction: first('text'),
  window_start: first('timestamptz'),
  window_ms: first('bigint'),
  observed: first('numeric'),
  expected: first('numeric'),
  score: first('numeric'),
  threshold: first('numeric'),
  label: first('text'),
  records: first('jsonb'),
  records_total: first('bigint'),
  settings_version: first('integer'),
  detail: first('text'),
  suggested_scope: first('text'),
  detected_at: first('timestamptz'),
});

/** Hours of series: sums of their measures, with what was expected of them at the last one. */
export const windowsTable = foldTable('anomaly_windows', {
  tenant_id: key('text'),
  metric: key('text'),
  subject: key('text'),
  window_start: key('timestamptz'),
  value: sum('bigint'),
  records: sum('bigint'),
  late: sum('bigint'),
  expected: last('numeric'),
  bound: last('numeric'),
});

export const stepsTable = appendTable('anomaly_steps', {
  tenant_id: key('text'),
  step_id: key('text'),
  log_partition: first('integer'),
  log_offset: first('bigint'),
  step: first('jsonb'),
});

/** Largest number of a row. */
const NUMBER_MAX = 1e15;
const bounded = (value: number): number => Math.max(-NUMBER_MAX, Math.min(NUMBER_MAX, value)) + 0;
/** Returns a number as a decimal, six digits after the point. */
const decimal = (value: number): string => bounded(value).toFixed(6);
const decimalOrNull = (value: number | null): string | null => (value === null ? null : decimal(value));

const stepOf = (meta: ProjectedMeta, type: string, data: object): RowChange =>
  row(stepsTable, {
    ...{ tenant_id: meta.tenantId, step_id: meta.id, log_partition: meta.partition, log_offset: meta.offset },
    step: { type, data },
  });

function detected(meta: ProjectedMeta, anomaly: AnomalyDetected): RowChange {
  const { anomalyId: anomaly_id, metric, subject, rule, direction, label, detail } = anomaly;
  return row(anomaliesTable, {
    ...{ tenant_id: meta.tenantId, anomaly_id, metric, subject, rule, direction, label, detail },
    ...{ window_start: instant(anomaly.windowStart), window_ms: bounded(anomaly.windowMs) },
    ...{ observed: decimal(anomaly.observed), expected: decimalOrNull(anomaly.expected) },
    ...{ score: decimal(anomaly.score), threshold: decimal(anomaly.threshold) },
    records: anomaly.records.map(({ recordId: record_id, ...place }) => ({ record_id, ...place })),
    ...{ records_total: anomaly.recordsTotal, settings_version: anomaly.settingsVersion },
    detected_at: instant(meta.appendedAtMs),
  });
}

const hour = (meta: ProjectedMeta, data: SeriesMeasured): RowChange =>
  row(windowsTable, {
    ...{ tenant_id: meta.tenantId, metric: data.metric, subject: data.subject },
    ...{ window_start: instant(data.windowStart), value: Math.round(bounded(data.value)) + 0, records: 1 },
    ...{ late: data.isLate ? 1 : 0, expected: decimalOrNull(data.expected), bound: decimalOrNull(data.bound) },
  });

/** Read model `anomalies`. */
export const anomalies = projection({
  name: 'anomalies',
  version: 1,
  inputs: [topics.anomaliesEvents],
  lane: 'batch',
  tables: [anomaliesTable, windowsTable, stepsTable],
  apply({ type, data }, meta) {
    switch (type) {
      case 'SeriesMeasured':
        return [hour(meta, data), stepOf(meta, type, data)];
      case 'SeriesReviewed':
        return [stepOf(meta, type, data)];
      case 'AnomalyDetected':
        return [detected(meta, data)];
      case 'KillSwitchSuggested':
        return [
          row(anomaliesTable, {
            ...{ tenant_id: meta.tenantId, anomaly_id: data.anomalyId, suggested_scope: data.scope },
          }),
        ];
      default:
        return assertNever(type);
    }
  },
});
