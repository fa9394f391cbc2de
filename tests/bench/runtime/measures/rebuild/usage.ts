import { usage } from '../../../../../projections/usage/projection.ts';
import { slmMetered } from '../../../../../schemas/generated/records.ts';
import { topics } from '../../../../../schemas/topics.ts';
import { event, type RebuiltView, timeMsOf, uuidOf } from './view.ts';

/** A session has ten requests; a tenant has a hundred sessions. */
const EVENTS_PER_SESSION = 10;
const SESSIONS_PER_TENANT = 100;
const COST = '0.000020000';

const sessionOf = (index: number): number => Math.floor(index / EVENTS_PER_SESSION);
const tenantOf = (session: number): string => `tenant-${Math.floor(session / SESSIONS_PER_TENANT)}`;

const tables = ['usage_daily', 'usage_sessions'];

/** The wide view: two tables of eleven columns, with a sixth as many rows as events. */
export const usageView: RebuiltView = {
  what: 'rebuild of the view `usage` (two tables of eleven columns)',
  projection: usage,
  topic: topics.slmMetrics.name,
  eventOf(decoder, index) {
    const session = sessionOf(index);
    const sessionId = uuidOf(session);
    const tenantId = tenantOf(session);
    const turnId = uuidOf(index);
    const record = slmMetered({
      ...{ subjectId: sessionId, sessionId, tenantId, turnId, requestId: turnId, origin: 'conversation' },
      ...{ provider: 'bench', modelId: `model-${session % 2}`, outcome: 'completed', latencyMs: 120 },
      ...{
        tokensConsumed: { prompt: 20, completion: 80 },
        timeToFirstTokenMs: 30,
        cost: COST,
        deltas: null,
        currency: 'USD',
      },
    });
    return event(decoder, topics.slmMetrics.name, index, { key: sessionId, tenantId, record });
  },
  sums: tables.flatMap((table) => [
    { table, column: 'requests', of: (events: number) => events },
    { table, column: 'cost', of: (events: number) => (events * 20) / 1e6 },
  ]),
  copyColumns: `
    tenant_id text, session_id text, model_id text, currency text, requests bigint, failures bigint,
    tokens_prompt bigint, tokens_completion bigint, latency_ms bigint, cost numeric(18, 9), last_at timestamptz`,
  copyLine(index) {
    const session = sessionOf(index);
    const at = new Date(timeMsOf(index)).toISOString();
    return `${tenantOf(session)}\t${uuidOf(session)}\tmodel-${session % 2}\tUSD\t1\t0\t20\t80\t120\t${COST}\t${at}\n`;
  },
};
