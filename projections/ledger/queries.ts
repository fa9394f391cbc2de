import { readsOf } from '../rows.ts';
import type { Sql } from '../sql.ts';
import { transactionsTable } from './projection.ts';

export type { TransactionRow } from './projection.ts';

/** Reads of transactions: by id, and the newest first, by the time at which the log took them. */
export const transactionRows = readsOf(transactionsTable, 'recorded_at');

/** The balance of an account in one currency. */
export interface BalanceView {
  readonly account: string;
  readonly currency: string;
  /** Sum of posted legs: debit above zero, credit below. A decimal, nine digits after the point. */
  readonly posted: string;
  /** Sum of pending legs. */
  readonly pending: string;
}

/** Later than any record. */
const END = new Date(Date.UTC(9999, 11, 31));

/**
 * Returns the balances of a tenant's accounts as of a time of the log, that time included; null for now. It reads the sums
 * of the days before, and the legs of that day.
 */
export const balancesAt = (
  sql: Sql,
  tenantId: string,
  { account, asOf }: { readonly account: string | null; readonly asOf: Date | null },
): PromiseLike<readonly BalanceView[]> => {
  const until = asOf ?? END;
  const day = until.toISOString().slice(0, 10);
  return sql<BalanceView[]>`
    SELECT account, currency, sum(posted)::numeric(28, 9)::text AS posted, sum(pending)::numeric(28, 9)::text AS pending
    FROM (
      SELECT account, currency, posted, pending FROM khipu.ledger_days
      WHERE tenant_id = ${tenantId} AND day < ${day}::text::date
      UNION ALL
      SELECT account, currency, CASE WHEN state = 'posted' THEN amount ELSE 0 END,
        CASE WHEN state = 'pending' THEN amount ELSE 0 END
      FROM khipu.ledger_legs
      WHERE tenant_id = ${tenantId} AND recorded_at >= (${day}::text::date)::timestamp AT TIME ZONE 'UTC'
        AND recorded_at <= ${until}
    ) AS moved
    WHERE ${account}::text IS NULL OR account = ${account}::text
    GROUP BY account, currency ORDER BY account, currency`;
};

/** Sum of the lines of a day, meter, resource and version of prices. */
export interface LinesView {
  /** Day of use, YYYY-MM-DD, UTC. */
  readonly day: string;
  readonly meter: string;
  readonly resource: string;
  readonly unitPrice: string | null;
  readonly priceVersion: number;
  readonly currency: string;
  readonly quantity: number;
  readonly amount: string;
  /** Number of transactions. */
  readonly transactions: number;
}

/** A range of times of the log: from, included, until, excluded. */
export interface LogRange {
  readonly from: Date;
  readonly until: Date;
}

/**
 * Returns the lines that the log took in a range, summed by day of use, meter, resource and price. Ordered by these.
 * Lines that were charged and taken back whole in the range are left out.
 */
export const linesIn = (sql: Sql, tenantId: string, { from, until }: LogRange): PromiseLike<readonly LinesView[]> =>
  sql<LinesView[]>`
    SELECT (used_at AT TIME ZONE 'UTC')::date::text AS day, meter, resource, unit_price::text AS "unitPrice",
      price_version AS "priceVersion", currency, sum(quantity)::float8 AS quantity, sum(amount)::text AS amount,
      count(DISTINCT transaction_id)::float8 AS transactions
    FROM khipu.ledger_lines
    WHERE tenant_id = ${tenantId} AND recorded_at >= ${from} AND recorded_at < ${until}
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(quantity) <> 0 OR sum(amount) <> 0
    ORDER BY 1, 2, 3, 5, 4, 6`;

/**
 * Returns the time of the newest transaction at or before a position of its partition; null when there is none. A balance
 * as of a position is one as of this time.
 */
export async function ledgerTimeAt(
  sql: Sql,
  tenantId: string,
  { partition, offset }: { readonly partition: number; readonly offset: number },
): Promise<Date | null> {
  const [found] = await sql<{ at: Date | null }[]>`
    SELECT max(recorded_at) AS at FROM khipu.ledger_transactions
    WHERE tenant_id = ${tenantId} AND log_partition = ${partition} AND log_offset <= ${offset}`;
  return found?.at ?? null;
}
