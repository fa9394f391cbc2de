import { alerts, sharedRules } from '../../../infra/telemetry/monitoring/alerts.ts';
import { objectiveRules, objectives } from '../../../infra/telemetry/monitoring/objectives.ts';

const percent = (share: number): string => `${Number((share * 100).toFixed(3))} %`;
const inCell = (text: string): string => text.replaceAll('|', '\\|');

/** Returns docs/reference/alerts.md, generated from the objectives, rules and alerts. */
export function alertsPage(): string {
  return `${[
    '# Alerts',
    '',
    '<!-- Generated from the alerts of infra/telemetry/monitoring by `npm run docs:pages`. Do not edit. -->',
    '',
    '[Watch with Prometheus](../how-to/watch-with-prometheus.md) says how to load the rules. A *page* asks for someone now, a *ticket* for',
    'someone this day. Each alert has a test in which it fires and one in which it does not.',
    '',
    '## Objectives',
    '',
    'Shares over thirty days. Each has four alerts on the rate at which its error budget burns, over an hour, six hours, a day and three',
    'days ([The Site Reliability Workbook, chapter 5](https://sre.google/workbook/alerting-on-slos/)).',
    '',
    '| Objective | Share | Counted |',
    '|---|---|---|',
    ...objectives.map(({ title, target, counts }) => `| ${title} | ${percent(target)} | ${counts} |`),
    '',
    '## All alerts',
    '',
    '| Alert | Urgency | Says | Holds | Runbook |',
    '|---|---|---|---|---|',
    ...alerts.map(
      ({ name, severity, summary, holds, runbook }) =>
        `| \`${name}\` | ${severity} | ${inCell(summary.replaceAll(/\{\{ ?\$?([^}]+?) ?\}\}/g, (_, text: string) => `*${text.replace(/^labels\./, '').replace(/ \| .*/, '')}*`))} | ${holds} | [${runbook.replace(/^.*\/|\.md$/g, '')}](../${runbook}) |`,
    ),
    '',
    '## Recording rules',
    '',
    'Their names begin with `khipu:`, so that a Prometheus of several regions can take them alone.',
    '',
    '| Record | Expression |',
    '|---|---|',
    ...[...sharedRules, ...objectiveRules.filter(({ record }) => record.endsWith('rate5m'))].map(
      ({ record, expr }) => `| \`${record}\` | \`${inCell(expr)}\` |`,
    ),
  ].join('\n')}\n`;
}
