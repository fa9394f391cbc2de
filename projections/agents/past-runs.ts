import type { Sql } from '../sql.ts';

/** A run of an install that policy allowed, without those that it started itself. */
export interface PastRunView {
  readonly runId: string;
  readonly prompt: string;
  readonly steps: number;
  readonly tokens: number;
  readonly cost: string;
  readonly wallMs: number | null;
  readonly tools: readonly string[];
}

/** Resolves with the runs of an install since a time, the latest first. A run that goes on has used nothing yet. */
export const pastRunsOf = async (
  sql: Sql,
  tenantId: string,
  { installId, since, limit }: { readonly installId: string; readonly since: Date; readonly limit: number },
): Promise<readonly PastRunView[]> => sql<PastRunView[]>`
    SELECT r.run_id AS "runId", coalesce(r.prompt, '') AS prompt, coalesce(r.steps, 0) AS steps,
      coalesce((r.result->'tokens'->>'prompt')::float8 + (r.result->'tokens'->>'completion')::float8, 0) AS tokens,
      coalesce((r.result->>'cost')::numeric, 0)::numeric(18, 9)::text AS cost,
      (extract(epoch FROM r.ended_at - r.created_at) * 1000)::float8 AS "wallMs",
      ARRAY(SELECT DISTINCT c.tool FROM khipu.agent_calls c
        WHERE c.tenant_id = r.tenant_id AND c.run_id = r.run_id AND c.tool IS NOT NULL ORDER BY c.tool) AS tools
    FROM khipu.agent_runs r
    WHERE r.tenant_id = ${tenantId} AND r.install = ${installId} AND r.depth = 0 AND r.created_at >= ${since}
    ORDER BY r.created_at DESC, r.run_id DESC LIMIT ${limit}`;
