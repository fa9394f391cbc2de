import { Registry } from 'prom-client';
import { createRunnerMetrics } from '../../../infra/kafka/runner/metrics.ts';

interface Described {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames?: readonly string[];
}

/** docs/reference/metrics.md, from the metrics themselves. */
export function metricsPage(): string {
  const register = new Registry();
  createRunnerMetrics(register);
  const rows = register.getMetricsAsArray().map((metric) => {
    const { name, help, type, labelNames = [] } = metric as unknown as Described;
    return `| \`${name}\` | ${type} | ${labelNames.map((label) => `\`${label}\``).join(', ')} | ${help} |`;
  });
  return `${[
    '# Metrics',
    '',
    '<!-- Generated from infra/kafka/runner/metrics.ts by `npm run docs:pages`. Do not edit. -->',
    '',
    'Every role answers `/metrics` in the Prometheus text format on its admin port; the gateway on its own port.',
    '',
    '## Processors and workers',
    '',
    '| Metric | Type | Labels | Meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
    '## What to watch',
    '',
    '| Question | Metric | Runbook |',
    '|---|---|---|',
    '| Does anything fall behind? | `khipu_lag_records` grows | [Stuck processor](../runbooks/stuck-processor.md) |',
    '| Is anything put aside? | `khipu_dead_letters_total` rises | [Read dead letters](../how-to/read-dead-letters.md) |',
    '| Does a processor begin again and again? | `khipu_restarts_total` by `code` | [Stuck processor](../runbooks/stuck-processor.md) |',
    '| Are commits slow? | `khipu_transaction_seconds` | [Kafka is away](../runbooks/kafka-down.md) |',
    '| How old is what a reader sees? | `khipu_record_age_seconds` | |',
  ].join('\n')}\n`;
}
