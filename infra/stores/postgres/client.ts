import type { Sql, TransactionSql } from 'postgres';
import { keptOptions } from '../../tls/live-context.ts';
import { targetOf } from '../../tls/tls-url.ts';
import { postgres } from './driver.ts';

export type { Sql, TransactionSql };
/** A pool or a transaction. */
export type AnySql = Sql | TransactionSql;

/** Name and bounds of a pool. */
export interface PostgresOptions {
  /** Shown in `pg_stat_activity`: the role that has the connection. */
  readonly applicationName: string;
  /** Largest number of connections in the pool. Default: 5. */
  readonly connectionsMax?: number;
  /** The server cancels a statement that takes longer; 0 sets no limit. */
  readonly statementTimeoutMs?: number;
}

/**
 * Returns a pool. It connects at the first use, and again after an outage; meanwhile queries reject with a connection
 * error, which is retryable. With `sslmode=verify-full` it uses TLS, with the files that the URL names (`sslrootcert`,
 * `sslcert`, `sslkey`), read again when they change.
 */
export function connectPostgres(url: string, options: PostgresOptions): Sql {
  const target = targetOf(url);
  return postgres(target.url, {
    ...(target.tls !== null && { ssl: keptOptions(target.tls, target.host) }),
    max: options.connectionsMax ?? 5,
    connect_timeout: 5,
    // A rebuild drops the tables of plans that old connections have prepared; a short lifetime bounds such plans.
    max_lifetime: 30 * 60,
    onnotice: () => undefined,
    connection: {
      application_name: options.applicationName,
      statement_timeout: options.statementTimeoutMs ?? 0,
      TimeZone: 'UTC',
    },
  });
}

/** Returns a name as a quoted SQL identifier. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
