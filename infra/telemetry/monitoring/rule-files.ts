import { alerts, sharedRules } from './alerts.ts';
import { objectiveRules } from './objectives.ts';
import type { Alert } from './rule.ts';

/** The folder of generated files, from the root of the project. */
export const MONITORING_DIR = 'infra/telemetry/monitoring/generated';
export const RULES_FILE = 'khipu.rules.yml';

/** The rules as Prometheus reads them: groups in the order in which they depend on each other. */
export const rulesDocument = {
  groups: [
    { name: 'khipu-objectives', rules: objectiveRules },
    { name: 'khipu-shared', rules: sharedRules },
    {
      name: 'khipu-alerts',
      rules: alerts.map(({ name, expr, holds, severity, summary, runbook }) => ({
        alert: name,
        expr,
        for: holds,
        labels: { severity },
        annotations: { summary, runbook: `docs/${runbook}` },
      })),
    },
  ],
};

/** Tests of every alert for `promtool test rules`: it fires with its series, and does not with those of a good day. */
export const ruleTestsDocument = {
  rule_files: [RULES_FILE],
  evaluation_interval: '1m',
  tests: alerts.flatMap((alert) => [testOf(alert, 'firing'), testOf(alert, 'quiet')]),
};

function testOf({ name, example }: Alert, which: 'firing' | 'quiet') {
  return {
    name: `${name}: ${which}`,
    interval: '1m',
    input_series: Object.entries(example[which]).map(([series, values]) => ({ series, values })),
    // How many alerts fire, whatever labels and words they have.
    promql_expr_test: [
      {
        expr: `count(count by (alertname) (ALERTS{alertname="${name}",alertstate="firing"}))`,
        eval_time: `${example.atMinutes}m`,
        exp_samples: which === 'firing' ? [{ labels: '{}', value: 1 }] : [],
      },
    ],
  };
}
