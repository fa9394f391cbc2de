import type { Sql, TransactionSql } from './client.ts';
import { READER_ROLE } from './roles.ts';

/**
 * Runs queries as one tenant: a read-only transaction in the role `khipu_reader`, to which row-level security shows the
 * rows of `tenantId` alone, whatever the queries ask. READ COMMITTED on purpose: each statement takes its snapshot after
 * it has resolved the tables' names, so a rebuild that swaps them in between is never seen half.
 */
export function withTenant<Result>(
  sql: Sql,
  tenantId: string,
  query: (tx: TransactionSql) => Promise<Result>,
): Promise<Result> {
  return sql.begin('read only', async (tx) => {
    await tx`SELECT set_config('khipu.tenant_id', ${tenantId}, true), set_config('role', ${READER_ROLE}, true)`;
    return query(tx);
  }) as Promise<Result>;
}
