import { type Metric, metricGroups } from '../metric-groups.ts';

const cell = (text: string): string => (/[.?]$/.test(text) ? text : `${text}.`);

const tableOf = (metrics: readonly Metric[]): string[] => [
  '| Metric | Type | Labels | Meaning |',
  '|---|---|---|---|',
  ...metrics.map(
    ({ name, help, type, labelNames = [] }) =>
      `| \`${name}\` | ${type} | ${labelNames.map((label) => `\`${label}\``).join(', ')} | ${cell(help)} |`,
  ),
];

/** Returns docs/reference/metrics.md, generated from the metric definitions. */
export function metricsPage(): string {
  return `${[
    '# Metrics',
    '',
    '<!-- Generated from the metrics of runner, projections and gateways by `npm run docs:pages`. Do not edit. -->',
    '',
    'Every role answers `/metrics` in the Prometheus text format on its admin port; the gateway on its own port.',
    '[Watch with Prometheus](../how-to/watch-with-prometheus.md) has the scrape settings; [the alerts](alerts.md) say what to look at.',
    '',
    ...metricGroups.flatMap(({ title, lists }) => [
      `## ${title}`,
      '',
      ...lists.flatMap(({ text, metrics }) => [...(text === undefined ? [] : [text, '']), ...tableOf(metrics), '']),
    ]),
  ]
    .join('\n')
    .trimEnd()}\n`;
}
