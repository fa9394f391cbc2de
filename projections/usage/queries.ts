import type { Sql } from '../sql.ts';

export interface UsageView {
  readonly modelId: string;
  readonly currency: string;
  readonly requests: number;
  readonly failures: number;
  readonly tokensPrompt: number;
  readonly tokensCompletion: number;
  readonly latencyMs: number;
  /** A decimal, nine digits after the point. */
  readonly cost: string;
  readonly lastAt: Date;
}

/** Returns a session's use, one entry per model and currency; empty when it has used nothing yet. */
export async function usageOfSession(sql: Sql, tenantId: string, sessionId: string): Promise<readonly UsageView[]> {
  return await sql<UsageView[]>`
    SELECT model_id AS "modelId", currency, requests::float8 AS requests, failures::float8 AS failures,
           tokens_prompt::float8 AS "tokensPrompt", tokens_completion::float8 AS "tokensCompletion",
           latency_ms::float8 AS "latencyMs", cost::text AS cost, last_at AS "lastAt"
    FROM khipu.usage_sessions
    WHERE tenant_id = ${tenantId} AND session_id = ${sessionId}
    ORDER BY model_id, currency`;
}

export interface DailyUsageView extends UsageView {
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
}

/** Returns a tenant's use per day, from one day to another, both included (YYYY-MM-DD, UTC). */
export async function usageOfTenant(
  sql: Sql,
  tenantId: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<readonly DailyUsageView[]> {
  return await sql<DailyUsageView[]>`
    SELECT day::text AS day, model_id AS "modelId", currency, requests::float8 AS requests, failures::float8 AS failures,
           tokens_prompt::float8 AS "tokensPrompt", tokens_completion::float8 AS "tokensCompletion",
           latency_ms::float8 AS "latencyMs", cost::text AS cost, last_at AS "lastAt"
    FROM khipu.usage_daily
    WHERE tenant_id = ${tenantId} AND day BETWEEN ${from}::text::date AND ${to}::text::date
    ORDER BY day, model_id, currency`;
}
