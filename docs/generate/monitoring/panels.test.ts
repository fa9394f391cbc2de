import { describe, expect, it } from 'vitest';
import { metricGroups } from '../metric-groups.ts';
import { dashboardJson } from './dashboards.ts';
import { dashboardSpecs, panelOf } from './panels.ts';

describe('the dashboards', () => {
  it('show every metric, each in one panel', () => {
    const names = metricGroups.flatMap(({ lists }) => lists.flatMap(({ metrics }) => metrics.map(({ name }) => name)));
    const [, ...ofGroups] = dashboardSpecs;
    expect(ofGroups.flatMap(({ panels }) => panels)).toHaveLength(names.length);
    const queries = ofGroups.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries.map(({ expr }) => expr)));
    for (const name of names) expect(queries.filter((expr) => expr.includes(name))).not.toEqual([]);
  });

  it('have ids of their own, which stay', () => {
    expect(dashboardSpecs.map(({ uid }) => uid)).toEqual(
      expect.arrayContaining(['khipu-overview', 'khipu-gateways', 'khipu-processors-and-workers']),
    );
    expect(new Set(dashboardSpecs.map(({ uid }) => uid)).size).toBe(dashboardSpecs.length);
  });

  it('are what Grafana imports', () => {
    for (const spec of dashboardSpecs) {
      const dashboard = JSON.parse(dashboardJson(spec));
      expect(dashboard).toMatchObject({ uid: spec.uid, title: spec.title, schemaVersion: expect.any(Number) });
      expect(dashboard.panels).toHaveLength(spec.panels.length);
    }
  });
});

describe('the panel of a metric', () => {
  it('is a rate, a value or quantiles, by the labels without the partition', () => {
    const labels = { labelNames: ['processor', 'partition'] };
    const queriesOf = (type: 'counter' | 'gauge' | 'histogram', name: string) =>
      panelOf({ name, help: '', type, ...labels }).queries.map(({ expr }) => expr);
    expect(queriesOf('counter', 'a_total')).toEqual(['sum by (processor) (rate(a_total[$__rate_interval]))']);
    expect(queriesOf('gauge', 'a')).toEqual(['sum by (processor) (a)']);
    expect(queriesOf('histogram', 'a_seconds')[2]).toBe(
      'histogram_quantile(0.99, sum by (processor, le) (rate(a_seconds_bucket[$__rate_interval])))',
    );
  });
});
