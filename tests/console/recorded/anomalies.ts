import type { Schemas } from '../../../infra/client/api.ts';

/** Answers of a tenant whose calls of a tool rose in one hour. */

const HOUR_MS = 60 * 60 * 1000;
const START = Date.UTC(2026, 0, 5);
const SPIKE = 60;
const at = (hour: number): string => new Date(START + hour * HOUR_MS).toISOString();

const usual = (hour: number): number => Math.round(40 * Math.max(0, Math.sin((Math.PI * ((hour % 24) - 6)) / 14)) ** 2);

const hours = (metric: string, subject: string, factor: number): readonly Schemas['AnomalyHour'][] =>
  Array.from({ length: 96 }, (_, hour) => ({
    ...{ metric, subject, window_start: at(hour), records: usual(hour), late: 0, bound: 3 * usual(hour) + 20 },
    value: hour === SPIKE ? factor * usual(hour) : usual(hour) + (hour % 3),
    expected: usual(hour),
  }));

export const anomalySeries: Schemas['AnomalySeries'] = {
  ...{ from: at(0), until: at(96) },
  items: [...hours('calls', 'demo/pay', 9), ...hours('tokens', 'smollm2', 1)],
};

export const anomalyPage: Schemas['AnomalyPage'] = {
  items: [
    {
      ...{ anomaly_id: 'b7c0f6c2-5f0e-5d57-9d3d-0a50d1f7a3c1', rule: 'level', metric: 'calls', subject: 'demo/pay' },
      ...{ direction: 'up', window_start: at(SPIKE), window_ms: HOUR_MS, observed: 9 * usual(SPIKE) },
      ...{ expected: usual(SPIKE), score: 13.4, threshold: 5, label: null, records: [], records_total: 311 },
      ...{ detail: `${9 * usual(SPIKE)} in an hour, ${usual(SPIKE)} expected`, settings_version: 0 },
      suggested_kill_switch: { scope: 'tool:demo/pay', engaged: false },
      detected_at: at(SPIKE + 1),
    },
    {
      ...{ anomaly_id: '5d9c1a34-6c55-5b0e-8a4b-2f8f1f4e9d02', rule: 'host', metric: 'hosts', subject: 'demo/web' },
      ...{ direction: null, window_start: at(30), window_ms: 0, observed: 1, expected: null, score: 1, threshold: 1 },
      ...{ label: 'new.example:443', records: [], records_total: 1, settings_version: 0 },
      detail: 'first request to new.example:443, after 12 days',
      suggested_kill_switch: null,
      detected_at: at(30),
    },
  ],
  next_cursor: null,
};
