import { Registry } from 'prom-client';
import { GatewayMetrics } from '../../gateways/shared/metrics.ts';
import { createClassifierMetrics } from '../../infra/governance/classifier/client.ts';
import { createModerationMetrics } from '../../infra/governance/moderation/metrics.ts';
import { createEngineMetrics } from '../../infra/governance/policy-engine/metrics.ts';
import { createPolicyMetrics } from '../../infra/governance/policy-metrics.ts';
import { createJobProcessorMetrics } from '../../infra/jobs/metrics.ts';
import { createJobMetrics } from '../../infra/jobs/worker/metrics.ts';
import { countRequests } from '../../infra/kafka/request-count.ts';
import { createModelMetrics } from '../../infra/models/registry/model-metrics.ts';
import { createProjectionMetrics } from '../../infra/projections/run/metrics.ts';
import { createRunnerMetrics } from '../../infra/runner/metrics.ts';
import { createCertificateMetrics } from '../../infra/telemetry/certificates.ts';
import { createAgentMetrics } from '../../infra/tools/agent-metrics.ts';
import { createToolMetrics } from '../../infra/tools/metrics.ts';
import { createTraceMetrics } from '../../infra/tracing/export-queue.ts';

/** A metric as it is registered. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly labelNames?: readonly string[];
}

/** The metrics of one part of the platform. A second list has a text before it. */
export interface MetricGroup {
  /** Also the name of its dashboard, in lower case with hyphens. */
  readonly title: string;
  readonly lists: readonly { readonly text?: string; readonly metrics: readonly Metric[] }[];
}

function metricsOf(describe: (register: Registry) => unknown): readonly Metric[] {
  const register = new Registry();
  describe(register);
  return register.getMetricsAsArray() as unknown as readonly Metric[];
}

const group = (
  title: string,
  ...lists: readonly (readonly [describe: (register: Registry) => unknown, text?: string])[]
): MetricGroup => ({
  title,
  lists: lists.map(([describe, text]) => ({ ...(text !== undefined && { text }), metrics: metricsOf(describe) })),
});

/** Every metric that the platform registers itself, by the part that reports it. */
export const metricGroups: readonly MetricGroup[] = [
  group(
    'Every role',
    [countRequests],
    [createCertificateMetrics, 'Reported by each role that shows a certificate to a part, or to clients:'],
    [createTraceMetrics, 'Reported by each role that exports traces:'],
  ),
  group('Processors and workers', [createRunnerMetrics]),
  group('Policy', [
    createPolicyMetrics,
    'Reported by the process that runs `policy`. A decision is counted when it is made, and again after an aborted transaction.',
  ]),
  group(
    'Moderation',
    [createModerationMetrics, 'Reported by the processes that run `policy`, `tools` and `slm`.'],
    [createClassifierMetrics, 'Reported by the process that runs `classifier`:'],
  ),
  group('External policy engine', [createEngineMetrics, 'Reported by the process that runs `policy-engine`.']),
  group('Language models', [
    createModelMetrics,
    'Reported by the process that runs `slm`, for each declared provider.',
  ]),
  group(
    'Jobs',
    [
      createJobProcessorMetrics,
      'Reported by the process that runs `jobs`. An end is counted when it is decided, and again after an aborted transaction.',
    ],
    [createJobMetrics, 'Reported by the processes that run `job-runner` or a module with jobs.'],
  ),
  group('Tools', [createToolMetrics, 'Of the tool worker.']),
  group('Agents', [
    createAgentMetrics,
    'Reported by the process that runs `agents`. An end is counted when it is decided, and again after an aborted transaction.',
  ]),
  group('Projections', [createProjectionMetrics]),
  group('Gateways', [(register) => new GatewayMetrics(register)]),
];
