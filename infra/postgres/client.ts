import type { Sql, TransactionSql } from 'postgres';
import { postgres } from './driver.ts';

export type { Sql, TransactionSql };
/** A pool or a transaction. */
export type AnySql = Sql | TransactionSql;

export interface PostgresOptions {
  /** Shows in `pg_stat_activity`: which role holds the connection. */
  readonly applicationName: string;
  /** Connections of the pool. */
  readonly connectionsMax?: number;
  /** The server ends a statement that takes longer; 0 never does. */
  readonly statementTimeoutMs?: number;
}

/** A pool. Connects when first used, and again after an outage; a query then rejects with a connection error, which is retryable. */
export function connectPostgres(url: string, options: PostgresOptions): Sql {
  return postgres(url, {
    max: options.connectionsMax ?? 5,
    connect_timeout: 5,
    // A rebuild drops what old connections have prepared; young ones keep few plans.
    max_lifetime: 30 * 60,
    onnotice: () => undefined,
    connection: {
      application_name: options.applicationName,
      statement_timeout: options.statementTimeoutMs ?? 0,
      TimeZone: 'UTC',
    },
  });
}

/** A name as SQL writes it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
