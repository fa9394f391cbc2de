import type { Sql, TransactionSql } from './client.ts';
import { READER_ROLE } from './roles.ts';

/**
 * Runs queries as one tenant: in a read-only transaction with the role `khipu_reader`, for which row-level security returns
 * only rows of `tenantId`, for any query. READ COMMITTED on purpose: each statement takes its snapshot after it has
 * resolved the tables' names, so no query sees a rebuild's swap of tables half done.
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
