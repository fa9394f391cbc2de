import { topics } from '../../schemas/topics.ts';
import { foldTable, instant, key, max, projection, row, sum } from '../kernel.ts';

/**
 * Use and cost, from `slm.metrics`: sums, so each record must count once. It does, because the sums and the record's
 * offset commit together. The topic is kept permanently, so a rebuild gives the same sums.
 */
const sums = {
  requests: sum('bigint'),
  failures: sum('bigint'),
  tokens_prompt: sum('bigint'),
  tokens_completion: sum('bigint'),
  latency_ms: sum('bigint'),
  cost: sum('numeric'),
  last_at: max('timestamptz'),
} as const;

const dailyTable = foldTable('usage_daily', {
  tenant_id: key('text'),
  day: key('date'),
  model_id: key('text'),
  currency: key('text'),
  ...sums,
});

const sessionsTable = foldTable('usage_sessions', {
  tenant_id: key('text'),
  session_id: key('text'),
  model_id: key('text'),
  currency: key('text'),
  ...sums,
});

export const usage = projection({
  name: 'usage',
  version: 1,
  inputs: [topics.slmMetrics],
  lane: 'batch',
  tables: [dailyTable, sessionsTable],
  apply({ data }, meta) {
    // The record and its header both name the paying tenant. A record in which they differ must not be billed silently.
    if (data.tenantId !== meta.tenantId) throw new Error(`tenant ${data.tenantId} in a record of ${meta.tenantId}`);
    const used = {
      tenant_id: data.tenantId,
      model_id: data.modelId,
      currency: data.currency,
      requests: 1,
      failures: data.outcome === 'failed' ? 1 : 0,
      tokens_prompt: data.tokensConsumed.prompt,
      tokens_completion: data.tokensConsumed.completion,
      latency_ms: data.latencyMs,
      cost: data.cost,
      last_at: instant(meta.timeMs),
    };
    const daily = row(dailyTable, { ...used, day: instant(meta.timeMs).slice(0, 10) });
    return data.sessionId === null ? [daily] : [daily, row(sessionsTable, { ...used, session_id: data.sessionId })];
  },
});
