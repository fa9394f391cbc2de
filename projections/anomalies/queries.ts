import type { RowView } from '../rows.ts';
import { readsOf } from '../rows.ts';
import type { Sql } from '../sql.ts';
import { anomaliesTable } from './projection.ts';

export type AnomalyRow = RowView<typeof anomaliesTable.columns>;

/** Reads of anomalies: by id, and the newest first, by the time at which the log took them. */
export const anomalyRows = readsOf(anomaliesTable, 'detected_at');

/** An hour of a series. */
export interface HourView {
  readonly metric: string;
  readonly subject: string;
  readonly at: Date;
  readonly value: number;
  readonly records: number;
  /** Records of it that came after it was judged. */
  readonly late: number;
  /** Null while the series learns. */
  readonly expected: number | null;
  readonly bound: number | null;
}

export interface HoursQuery {
  /** Null for every metric or subject. */
  readonly metric: string | null;
  readonly subject: string | null;
  readonly from: Date;
  readonly until: Date;
  readonly limit: number;
}

/** Returns hours of the series of a tenant, by metric, subject and time. Hours without a record are left out. */
export const hoursOf = (sql: Sql, tenantId: string, query: HoursQuery): PromiseLike<readonly HourView[]> => {
  const { metric, subject, from, until, limit } = query;
  return sql<HourView[]>`
    SELECT metric, subject, window_start AS at, value::float8 AS value, records::float8 AS records,
      late::float8 AS late, expected::float8 AS expected, bound::float8 AS bound
    FROM khipu.anomaly_windows
    WHERE tenant_id = ${tenantId} AND window_start >= ${from} AND window_start < ${until}
      AND (${metric}::text IS NULL OR metric = ${metric}::text)
      AND (${subject}::text IS NULL OR subject = ${subject}::text)
    ORDER BY metric, subject, window_start LIMIT ${limit}`;
};

/** What the detector took at one place of the log. */
export interface StepView {
  readonly partition: number;
  readonly offset: number;
  /** `{type, data}` of the event. */
  readonly step: unknown;
}

/** Returns the steps of a tenant behind a place of the log, in the order of each partition. */
export const stepsBehind = (
  sql: Sql,
  tenantId: string,
  { partition, offset }: { readonly partition: number; readonly offset: number },
  limit: number,
): PromiseLike<readonly StepView[]> =>
  sql<StepView[]>`
    SELECT log_partition AS partition, log_offset::float8 AS offset, step
    FROM khipu.anomaly_steps
    WHERE tenant_id = ${tenantId} AND (log_partition, log_offset) > (${partition}::integer, ${offset}::bigint)
    ORDER BY log_partition, log_offset LIMIT ${limit}`;

/** Returns the ids of the recorded anomalies whose window begins in a range, at most `limit`. */
export const recordedIn = (
  sql: Sql,
  tenantId: string,
  { from, until }: { readonly from: Date; readonly until: Date },
  limit: number,
): PromiseLike<readonly { readonly anomalyId: string }[]> =>
  sql<{ readonly anomalyId: string }[]>`
    SELECT anomaly_id AS "anomalyId" FROM khipu.anomalies
    WHERE tenant_id = ${tenantId} AND window_start >= ${from} AND window_start < ${until} AND rule IS NOT NULL
    ORDER BY anomaly_id LIMIT ${limit}`;
