import { topics } from '../../schemas/topics.ts';
import { assertNever, foldTable, instant, key, projection, row, sum } from '../kernel.ts';

const series = {
  tenant_id: key('text'),
  kind: key('text'),
  subject: key('text'),
  window_start: key('timestamptz'),
} as const;

/** Figures of a series in a window: sums of the parts, whatever order they came in. */
export const windowsTable = foldTable('analytics_windows', {
  ...series,
  runs: sum('bigint'),
  successes: sum('bigint'),
  refusals: sum('bigint'),
  approvals: sum('bigint'),
  approval_wait_ms: sum('bigint'),
  tokens: sum('bigint'),
  cost: sum('numeric'),
});

/** The sketch of latencies of a window. */
export const latenciesTable = foldTable('analytics_latencies', {
  ...series,
  bucket: key('integer'),
  count: sum('bigint'),
});

/** Read model `analytics`. */
export const analytics = projection({
  name: 'analytics',
  version: 1,
  inputs: [topics.analyticsEvents],
  lane: 'batch',
  tables: [windowsTable, latenciesTable],
  apply({ type, data }, meta) {
    switch (type) {
      case 'WindowMeasured': {
        const { kind, subject, windowStart, runs, successes, refusals, approvals, tokens, cost } = data;
        const of = { tenant_id: meta.tenantId, kind, subject, window_start: instant(windowStart) };
        const figures = { runs, successes, refusals, approvals, approval_wait_ms: data.approvalWaitMs, tokens, cost };
        const window = row(windowsTable, { ...of, ...figures });
        const { latencyBucket: bucket } = data;
        return bucket === null ? [window] : [window, row(latenciesTable, { ...of, bucket, count: 1 })];
      }
      case 'SourceJoined':
        return [];
      default:
        return assertNever(type);
    }
  },
});
