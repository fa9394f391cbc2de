import { objectiveAlerts } from './objectives.ts';
import type { Alert, RecordingRule, Series } from './rule.ts';

/** Records that alerts and dashboards share. A region's Prometheus keeps them; a Prometheus of all regions federates `khipu:…`. */
export const sharedRules: readonly RecordingRule[] = [
  { record: 'khipu:lag_records:sum', expr: 'sum by (processor) (khipu_lag_records)' },
  { record: 'khipu:records_in:rate5m', expr: 'sum by (processor) (rate(khipu_records_in_total[5m]))' },
  {
    // Without records to read the rate is 0 and the lag too: 0 / 0 is no number, and no alert.
    record: 'khipu:time_to_drain_seconds:rate5m',
    expr: 'khipu:lag_records:sum / khipu:records_in:rate5m',
  },
  { record: 'khipu:projection_lag_records:sum', expr: 'sum by (view) (khipu_projection_lag_records)' },
  {
    record: 'khipu:dead_letters:increase15m',
    expr:
      'sum by (processor, code) (increase(khipu_dead_letters_total[15m])) or ' +
      'sum by (processor, code) (label_replace(increase(khipu_projection_dead_letters_total[15m]), "processor", "$1", "view", "(.*)"))',
  },
  { record: 'khipu:decisions:rate5m', expr: 'sum by (outcome, reason) (rate(khipu_decisions_total[5m]))' },
  {
    record: 'khipu:http_requests:rate5m',
    expr: 'sum by (status) (rate(khipu_http_request_duration_seconds_count[5m]))',
  },
  {
    record: 'khipu:model_failed:ratio_rate5m',
    expr:
      'sum by (provider) (rate(khipu_model_calls_total{outcome!="completed"}[5m])) / ' +
      'sum by (provider) (rate(khipu_model_calls_total[5m]))',
  },
];

const lag = (processor: string): string => `khipu_lag_records{processor="${processor}",partition="0"}`;
const recordsIn = (processor: string): string => `khipu_records_in_total{processor="${processor}"}`;

/** Returns the PromQL of a quantile of a histogram over ten minutes, by a label. */
const quantile = (share: number, histogram: string, by: string): string =>
  `histogram_quantile(${share}, sum by (${by}, le) (rate(${histogram}_bucket[10m])))`;

/** Returns 25 minutes of a histogram whose events all fall into the bucket that ends at `seconds`, of those at `bounds`. */
const allAt = (histogram: string, label: string, bounds: readonly string[], seconds: string): Series =>
  Object.fromEntries(
    bounds.map((bound) => [
      `${histogram}_bucket{${label},le="${bound}"}`,
      Number(bound.replace('+Inf', 'Infinity')) < Number(seconds) ? '0x26' : '0+60x26',
    ]),
  );

/** Alerts on causes that a caller does not see yet, or that no objective counts. */
const causes: readonly Alert[] = [
  {
    name: 'KhipuProcessDown',
    expr: 'up{job=~".*khipu.*"} == 0',
    holds: '2m',
    severity: 'page',
    summary: '{{ $labels.instance }} does not answer /metrics',
    runbook: 'runbooks/process-down.md',
    example: {
      atMinutes: 5,
      firing: { 'up{job="khipu",instance="core-0:9090"}': '1 0x5' },
      quiet: { 'up{job="khipu",instance="core-0:9090"}': '1x6' },
    },
  },
  {
    name: 'KhipuCertificateExpires',
    // Renewal comes when a third of the life is left, at the latest: this one has been missed.
    expr: 'khipu_certificate_expiry_seconds < 0.15 * khipu_certificate_life_seconds',
    holds: '0m',
    severity: 'page',
    summary: 'the certificate that {{ $labels.instance }} shows to {{ $labels.part }} expires in {{ $value }} s',
    runbook: 'how-to/run-with-tls.md',
    example: {
      atMinutes: 5,
      firing: {
        'khipu_certificate_expiry_seconds{part="kafka",instance="core-0:9090"}': '86400-60x6',
        'khipu_certificate_life_seconds{part="kafka",instance="core-0:9090"}': '7776000x6',
      },
      quiet: {
        'khipu_certificate_expiry_seconds{part="kafka",instance="core-0:9090"}': '2592000-60x6',
        'khipu_certificate_life_seconds{part="kafka",instance="core-0:9090"}': '7776000x6',
      },
    },
  },
  {
    name: 'KhipuProcessorStands',
    expr: 'khipu:lag_records:sum > 0 and khipu:records_in:rate5m == 0',
    holds: '5m',
    severity: 'page',
    summary: '{{ $labels.processor }} has {{ $value }} records to read and reads none',
    runbook: 'runbooks/stuck-processor.md',
    example: {
      atMinutes: 15,
      firing: { [lag('core')]: '40x16', [recordsIn('core')]: '100x16' },
      quiet: { [lag('core')]: '40x16', [recordsIn('core')]: '100+60x16' },
    },
  },
  {
    name: 'KhipuProcessorFallsBehind',
    expr: 'khipu:time_to_drain_seconds:rate5m > 300 and khipu:lag_records:sum > khipu:lag_records:sum offset 10m',
    holds: '10m',
    severity: 'ticket',
    summary:
      '{{ $labels.processor }} needs {{ $value | humanizeDuration }} for what waits, and more comes than it does',
    runbook: 'runbooks/stuck-processor.md',
    example: {
      atMinutes: 30,
      firing: { [lag('core')]: '9000+600x31', [recordsIn('core')]: '0+60x31' },
      quiet: { [lag('core')]: '90000-600x31', [recordsIn('core')]: '0+1200x31' },
    },
  },
  {
    name: 'KhipuProcessorRestarts',
    expr: 'sum by (processor, code) (increase(khipu_restarts_total[15m])) > 5',
    holds: '0m',
    severity: 'ticket',
    summary: '{{ $labels.processor }} began again {{ $value }} times in 15 minutes: {{ $labels.code }}',
    runbook: 'runbooks/stuck-processor.md',
    example: {
      atMinutes: 15,
      firing: { 'khipu_restarts_total{processor="core",code="LOG_UNAVAILABLE"}': '0+1x16' },
      quiet: { 'khipu_restarts_total{processor="core",code="FENCED"}': '0 1x15' },
    },
  },
  {
    name: 'KhipuDeadLetters',
    expr: 'khipu:dead_letters:increase15m > 0',
    holds: '0m',
    severity: 'ticket',
    summary: '{{ $labels.processor }} wrote dead letters: {{ $labels.code }}',
    runbook: 'how-to/read-dead-letters.md',
    example: {
      atMinutes: 15,
      firing: { 'khipu_dead_letters_total{processor="core",code="RECORD_INVALID"}': '0x10 1x6' },
      quiet: { 'khipu_projection_dead_letters_total{view="sessions",code="RECORD_INVALID"}': '3x16' },
    },
  },
  {
    name: 'KhipuParkedKeys',
    expr: 'sum by (processor) (khipu_parked_keys) > 0',
    holds: '15m',
    severity: 'ticket',
    summary: '{{ $value }} keys of {{ $labels.processor }} wait behind a dead letter',
    runbook: 'runbooks/poison-key.md',
    example: {
      atMinutes: 20,
      firing: { 'khipu_parked_keys{processor="core",partition="0"}': '1x21' },
      quiet: { 'khipu_parked_keys{processor="core",partition="0"}': '1x10 0x11' },
    },
  },
  {
    name: 'KhipuTransactionsSlow',
    expr: `${quantile(0.99, 'khipu_transaction_seconds', 'processor')} > 1`,
    holds: '10m',
    severity: 'ticket',
    summary: 'transactions of {{ $labels.processor }} take {{ $value | humanizeDuration }} at the 99th percentile',
    runbook: 'runbooks/kafka-down.md',
    example: {
      atMinutes: 25,
      firing: allAt('khipu_transaction_seconds', 'processor="core"', ['1', '2.5', '+Inf'], '2.5'),
      quiet: allAt('khipu_transaction_seconds', 'processor="core"', ['1', '2.5', '+Inf'], '1'),
    },
  },
  {
    name: 'KhipuTimersLate',
    expr: `${quantile(0.99, 'khipu_timer_late_seconds', 'processor')} > 2.5`,
    holds: '10m',
    severity: 'ticket',
    summary: 'timers of {{ $labels.processor }} are {{ $value | humanizeDuration }} late at the 99th percentile',
    runbook: 'runbooks/stuck-processor.md',
    example: {
      atMinutes: 25,
      firing: allAt('khipu_timer_late_seconds', 'processor="core"', ['2.5', '5', '+Inf'], '5'),
      quiet: allAt('khipu_timer_late_seconds', 'processor="core"', ['2.5', '5', '+Inf'], '2.5'),
    },
  },
  {
    name: 'KhipuReadModelStands',
    expr: 'khipu:projection_lag_records:sum > 0 and sum by (view) (rate(khipu_projection_records_in_total[5m])) == 0',
    holds: '5m',
    severity: 'page',
    summary: 'the read model {{ $labels.view }} has {{ $value }} records to read and reads none',
    runbook: 'runbooks/stuck-processor.md',
    example: {
      atMinutes: 15,
      firing: {
        'khipu_projection_lag_records{view="sessions",topic="conversation.events",partition="0"}': '5x16',
        'khipu_projection_records_in_total{view="sessions"}': '90x16',
      },
      quiet: {
        'khipu_projection_lag_records{view="sessions",topic="conversation.events",partition="0"}': '0x16',
        'khipu_projection_records_in_total{view="sessions"}': '90x16',
      },
    },
  },
  {
    name: 'KhipuEverythingRefused',
    expr: 'max(khipu_constitution_verified) == 0 or sum(increase(khipu_decisions_unverified_total[5m])) > 0',
    holds: '1m',
    severity: 'page',
    summary: 'no constitution can be verified: every command is denied',
    runbook: 'runbooks/everything-refused.md',
    example: {
      atMinutes: 5,
      firing: { 'khipu_constitution_verified{version="1.3.0"}': '1 0x6' },
      quiet: { 'khipu_constitution_verified{version="1.3.0"}': '1x6' },
    },
  },
  {
    name: 'KhipuModerationRises',
    expr:
      'sum by (category) (rate(khipu_moderation_total{outcome="forbid"}[10m])) > ' +
      '4 * sum by (category) (rate(khipu_moderation_total{outcome="forbid"}[10m] offset 1h)) and ' +
      'sum by (category) (increase(khipu_moderation_total{outcome="forbid"}[10m])) > 20',
    holds: '5m',
    severity: 'ticket',
    summary: 'moderation forbids {{ $labels.category }} four times as often as an hour before',
    runbook: 'runbooks/refusals-rise.md',
    example: {
      atMinutes: 90,
      firing: { 'khipu_moderation_total{category="injection",outcome="forbid",place="tool"}': '0+1x60 90+30x31' },
      quiet: { 'khipu_moderation_total{category="injection",outcome="forbid",place="tool"}': '0+5x91' },
    },
  },
  {
    name: 'KhipuBudgetsSpent',
    expr: 'sum(khipu:decisions:rate5m{reason=~"BUDGET_.*"}) / sum(khipu:decisions:rate5m) > 0.2',
    holds: '15m',
    severity: 'ticket',
    summary: '{{ $value | humanizePercentage }} of the commands are refused because a budget is spent',
    runbook: 'runbooks/refusals-rise.md',
    example: {
      atMinutes: 30,
      firing: {
        'khipu_decisions_total{outcome="deny",reason="BUDGET_EXCEEDED"}': '0+30x31',
        'khipu_decisions_total{outcome="allow",reason="ALLOWED"}': '0+30x31',
      },
      quiet: {
        'khipu_decisions_total{outcome="deny",reason="BUDGET_EXCEEDED"}': '0+1x31',
        'khipu_decisions_total{outcome="allow",reason="ALLOWED"}': '0+30x31',
      },
    },
  },
  {
    name: 'KhipuModelUnavailable',
    expr: 'max by (provider) (khipu_model_circuit_open) == 1 or khipu:model_failed:ratio_rate5m > 0.5',
    holds: '2m',
    severity: 'page',
    summary: 'the provider of models {{ $labels.provider }} fails',
    runbook: 'runbooks/model-unavailable.md',
    example: {
      atMinutes: 10,
      firing: { 'khipu_model_circuit_open{provider="main"}': '0x4 1x7' },
      quiet: {
        'khipu_model_circuit_open{provider="main"}': '0x11',
        'khipu_model_calls_total{provider="main",model="m",outcome="completed"}': '0+30x11',
        'khipu_model_calls_total{provider="main",model="m",outcome="SLM_TIMEOUT"}': '0+1x11',
      },
    },
  },
  {
    name: 'KhipuPolicyEngineUnavailable',
    expr:
      'sum by (job) (increase(khipu_policy_engine_requests_total{outcome=~"unavailable|circuit-open"}[5m])) > 5 or ' +
      'sum by (job) (increase(khipu_classifier_requests_total{outcome=~"unavailable|circuit-open"}[5m])) > 5',
    holds: '2m',
    severity: 'page',
    summary: 'the external policy engine or the classifier of texts does not answer',
    runbook: 'runbooks/refusals-rise.md',
    example: {
      atMinutes: 10,
      firing: { 'khipu_policy_engine_requests_total{job="khipu",outcome="unavailable"}': '0+6x11' },
      quiet: { 'khipu_policy_engine_requests_total{job="khipu",outcome="allow"}': '0+60x11' },
    },
  },
  {
    name: 'KhipuToolOutcomeUnknown',
    expr: 'sum by (tool) (increase(khipu_tool_calls_total{outcome="unknown"}[15m])) > 0',
    holds: '0m',
    severity: 'ticket',
    summary: 'the effect of a call of {{ $labels.tool }} is not known',
    runbook: 'runbooks/unknown-effects.md',
    example: {
      atMinutes: 15,
      firing: {
        'khipu_tool_calls_total{tool="pay",outcome="unknown"}': '0x10 1x6',
      },
      quiet: { 'khipu_tool_calls_total{tool="pay",outcome="succeeded"}': '0+5x16' },
    },
  },
  {
    name: 'KhipuJobsWait',
    expr: `${quantile(0.95, 'khipu_job_queue_age_seconds', 'type')} > 60`,
    holds: '10m',
    severity: 'ticket',
    summary: 'runs of {{ $labels.type }} wait {{ $value | humanizeDuration }} for a worker',
    runbook: 'runbooks/stuck-processor.md',
    example: {
      atMinutes: 25,
      firing: allAt('khipu_job_queue_age_seconds', 'type="report"', ['60', '300', '+Inf'], '300'),
      quiet: allAt('khipu_job_queue_age_seconds', 'type="report"', ['60', '300', '+Inf'], '60'),
    },
  },
  {
    name: 'KhipuJobsDead',
    expr: 'sum by (type) (increase(khipu_job_executions_total{outcome="dead"}[1h])) > 0',
    holds: '0m',
    severity: 'ticket',
    summary: 'jobs of type {{ $labels.type }} used up their attempts',
    runbook: 'how-to/follow-and-control-jobs.md',
    example: {
      atMinutes: 30,
      firing: { 'khipu_job_executions_total{type="report",outcome="dead"}': '0x20 1x11' },
      quiet: { 'khipu_job_executions_total{type="report",outcome="completed"}': '0+6x31' },
    },
  },
  {
    name: 'KhipuStreamsCut',
    expr: 'sum by (reason) (rate(khipu_sse_streams_cut_total[10m])) > 0.2',
    holds: '10m',
    severity: 'ticket',
    summary: 'gateways cut {{ $value }} streams a second: {{ $labels.reason }}',
    runbook: 'runbooks/error-budget.md',
    example: {
      atMinutes: 25,
      firing: { 'khipu_sse_streams_cut_total{reason="slow"}': '0+60x26' },
      quiet: { 'khipu_sse_streams_cut_total{reason="slow"}': '0+1x26' },
    },
  },
];

/** Every alert of the platform. */
export const alerts: readonly Alert[] = [...objectiveAlerts, ...causes];
