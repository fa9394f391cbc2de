import { WINDOW_MS } from '../../schemas/contexts/analytics.ts';
import type { Sql } from '../sql.ts';

/** Figures of a subject over a range, or of a window of it. */
export interface FiguresView {
  readonly subject: string;
  /** Start of the window; null for the whole range. */
  readonly at: Date | null;
  readonly runs: number;
  readonly successes: number;
  readonly refusals: number;
  readonly approvals: number;
  readonly approvalWaitMs: number;
  readonly tokens: number;
  readonly cost: string;
  /** Counts by bucket of the sketch, as `[bucket, count]`. */
  readonly latencies: readonly (readonly [bucket: number, count: number])[];
}

export interface FiguresQuery {
  readonly kind: string;
  /** Null for every subject. */
  readonly subject: string | null;
  readonly from: Date;
  readonly until: Date;
  /** Length of the windows, in ms; null for the whole range as one. */
  readonly windowMs: number | null;
  readonly limit: number;
}

/** Returns the figures of a tenant, by subject and window, in this order. Windows without any are left out. */
export const figuresOf = (sql: Sql, tenantId: string, query: FiguresQuery): PromiseLike<readonly FiguresView[]> => {
  const { kind, subject, from, until, windowMs, limit } = query;
  const length = `${windowMs ?? WINDOW_MS} milliseconds`;
  return sql<FiguresView[]>`
    WITH w AS (
      SELECT subject, CASE WHEN ${windowMs === null}::boolean THEN NULL
          ELSE date_bin(${length}::text::interval, window_start, '1970-01-01Z'::timestamptz) END AS at,
        runs, successes, refusals, approvals, approval_wait_ms, tokens, cost
      FROM khipu.analytics_windows
      WHERE tenant_id = ${tenantId} AND kind = ${kind} AND window_start >= ${from} AND window_start < ${until}
        AND (${subject}::text IS NULL OR subject = ${subject}::text)
    ), figures AS (
      SELECT w.subject, w.at, sum(runs) AS runs, sum(successes) AS successes, sum(refusals) AS refusals,
        sum(approvals) AS approvals, sum(approval_wait_ms) AS waits, sum(tokens) AS tokens, sum(cost) AS cost
      FROM w GROUP BY w.subject, w.at ORDER BY w.subject, w.at LIMIT ${limit}
    ), buckets AS (
      SELECT subject, CASE WHEN ${windowMs === null}::boolean THEN NULL
          ELSE date_bin(${length}::text::interval, window_start, '1970-01-01Z'::timestamptz) END AS at,
        bucket, sum(count)::float8 AS count
      FROM khipu.analytics_latencies
      WHERE tenant_id = ${tenantId} AND kind = ${kind} AND window_start >= ${from} AND window_start < ${until}
        AND (${subject}::text IS NULL OR subject = ${subject}::text)
      GROUP BY 1, 2, 3
    )
    SELECT f.subject, f.at, f.runs::float8 AS runs, f.successes::float8 AS successes, f.refusals::float8 AS refusals,
      f.approvals::float8 AS approvals, f.waits::float8 AS "approvalWaitMs", f.tokens::float8 AS tokens,
      f.cost::text AS cost,
      coalesce((SELECT jsonb_agg(jsonb_build_array(b.bucket, b.count) ORDER BY b.bucket) FROM buckets b
        WHERE b.subject = f.subject AND b.at IS NOT DISTINCT FROM f.at), '[]'::jsonb) AS latencies
    FROM figures f ORDER BY f.subject, f.at`;
};
