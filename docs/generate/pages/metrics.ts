import { Registry } from 'prom-client';
import { GatewayMetrics } from '../../../gateways/shared/metrics.ts';
import { createClassifierMetrics } from '../../../infra/governance/classifier/client.ts';
import { createModerationMetrics } from '../../../infra/governance/moderation/metrics.ts';
import { createEngineMetrics } from '../../../infra/governance/policy-engine/metrics.ts';
import { createPolicyMetrics } from '../../../infra/governance/policy-metrics.ts';
import { createJobProcessorMetrics } from '../../../infra/jobs/metrics.ts';
import { createJobMetrics } from '../../../infra/jobs/worker/metrics.ts';
import { countRequests } from '../../../infra/kafka/request-count.ts';
import { createModelMetrics } from '../../../infra/models/registry/model-metrics.ts';
import { createProjectionMetrics } from '../../../infra/projections/run/metrics.ts';
import { createRunnerMetrics } from '../../../infra/runner/metrics.ts';
import { createAgentMetrics } from '../../../infra/tools/agent-metrics.ts';
import { createToolMetrics } from '../../../infra/tools/metrics.ts';

interface Described {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames?: readonly string[];
}

const cell = (text: string): string => (/[.?]$/.test(text) ? text : `${text}.`);

function tableOf(describe: (register: Registry) => unknown): string[] {
  const register = new Registry();
  describe(register);
  const rows = register.getMetricsAsArray().map((metric) => {
    const { name, help, type, labelNames = [] } = metric as unknown as Described;
    return `| \`${name}\` | ${type} | ${labelNames.map((label) => `\`${label}\``).join(', ')} | ${cell(help)} |`;
  });
  return ['| Metric | Type | Labels | Meaning |', '|---|---|---|---|', ...rows];
}

/** Returns docs/reference/metrics.md, generated from the metric definitions. */
export function metricsPage(): string {
  return `${[
    '# Metrics',
    '',
    '<!-- Generated from the metrics of runner, projections and gateways by `npm run docs:pages`. Do not edit. -->',
    '',
    'Every role answers `/metrics` in the Prometheus text format on its admin port; the gateway on its own port.',
    '',
    '## Every role',
    '',
    ...tableOf(countRequests),
    '',
    '## Processors and workers',
    '',
    ...tableOf(createRunnerMetrics),
    '',
    '## Policy',
    '',
    'Reported by the process that runs `policy`. A decision is counted when it is made, and again after an aborted transaction.',
    '',
    ...tableOf(createPolicyMetrics),
    '',
    '## Moderation',
    '',
    'Reported by the processes that run `policy`, `tools` and `slm`.',
    '',
    ...tableOf(createModerationMetrics),
    '',
    'Reported by the process that runs `classifier`:',
    '',
    ...tableOf(createClassifierMetrics),
    '',
    '## External policy engine',
    '',
    'Reported by the process that runs `policy-engine`.',
    '',
    ...tableOf(createEngineMetrics),
    '',
    '## Language models',
    '',
    'Reported by the process that runs `slm`, for each declared provider.',
    '',
    ...tableOf(createModelMetrics),
    '',
    '## Jobs',
    '',
    'Reported by the process that runs `jobs`. An end is counted when it is decided, and again after an aborted transaction.',
    '',
    ...tableOf(createJobProcessorMetrics),
    '',
    'Reported by the processes that run `job-runner` or a module with jobs.',
    '',
    ...tableOf(createJobMetrics),
    '',
    '## Tools',
    '',
    'Of the tool worker.',
    '',
    ...tableOf(createToolMetrics),
    '',
    '## Agents',
    '',
    'Reported by the process that runs `agents`. An end is counted when it is decided, and again after an aborted transaction.',
    '',
    ...tableOf(createAgentMetrics),
    '',
    '## Projections',
    '',
    ...tableOf(createProjectionMetrics),
    '',
    '## Gateways',
    '',
    ...tableOf((register) => new GatewayMetrics(register)),
    '',
    '## What to watch',
    '',
    '| Question | Metric | Runbook |',
    '|---|---|---|',
    '| Does anything fall behind? | `khipu_lag_records` grows | [Stuck processor](../runbooks/stuck-processor.md) |',
    '| Are there dead letters? | `khipu_dead_letters_total` rises | [Read dead letters](../how-to/read-dead-letters.md) |',
    '| Does a processor restart repeatedly? | `khipu_restarts_total` by `code` | [Stuck processor](../runbooks/stuck-processor.md) |',
    '| Are commits slow? | `khipu_transaction_seconds` | [Kafka is unavailable](../runbooks/kafka-down.md) |',
    '| Is everything refused? | **alarm**: `khipu_constitution_verified` is 0; `khipu_decisions_unverified_total` rises | [Governance](../explanation/governance.md#the-constitution) |',
    '| Does a provider of models fail? | `khipu_model_circuit_open` is 1; `khipu_model_fallbacks_total` rises | [Use several providers](../how-to/use-several-providers.md) |',
    '| How old are the records that a reader sees? | `khipu_record_age_seconds` | |',
  ].join('\n')}\n`;
}
