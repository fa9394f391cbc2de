import { DashboardBuilder, DatasourceVariableBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { DashboardSpec, Panel } from './panels.ts';

const VARIABLE = 'datasource';
const DATASOURCE = { type: 'prometheus', uid: `$${VARIABLE}` };
/** Grafana's grid is 24 wide. */
const SIZE = { columns: 12, rows: 8 };

function panel({ title, description, unit, queries }: Panel): PanelBuilder {
  const builder = new PanelBuilder()
    .title(title)
    .description(description)
    .unit(unit)
    .datasource(DATASOURCE)
    .span(SIZE.columns)
    .height(SIZE.rows);
  for (const [index, { expr, legend }] of queries.entries())
    builder.withTarget(
      new DataqueryBuilder()
        .refId(String.fromCharCode(65 + index))
        .expr(expr)
        .legendFormat(legend)
        .datasource(DATASOURCE),
    );
  return builder;
}

/** Returns a dashboard as Grafana imports it. */
export function dashboardJson({ uid, title, panels }: DashboardSpec): string {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .tags(['khipu'])
    .refresh('30s')
    .time({ from: 'now-3h', to: 'now' })
    .withVariable(new DatasourceVariableBuilder(VARIABLE).label('Prometheus').type('prometheus'));
  for (const each of panels) builder.withPanel(panel(each));
  return `${JSON.stringify(builder.build(), null, 2)}\n`;
}
