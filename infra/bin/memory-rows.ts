import { memoriesByIds, memoryVectors, recallableIds } from '../../projections/memory/queries.ts';
import type { KnownMemory } from '../memory/own-memory.ts';
import type { MemoryVectors } from '../memory/recall.ts';
import type { Sql } from '../stores/postgres/client.ts';
import { withTenant } from '../stores/postgres/tenant.ts';

/** Queries of the read model of memories, for calls of the tool. */
export interface MemoryRows extends MemoryVectors {
  byIds(tenantId: string, ids: readonly string[]): Promise<readonly KnownMemory[]>;
}

/** Returns the read model of memories in Postgres. Row-level security applies to every query. */
export const postgresMemoryRows = (sql: Sql): MemoryRows => ({
  ids: (tenantId, filter) => withTenant(sql, tenantId, (tx) => recallableIds(tx, tenantId, filter)),
  vectors: (tenantId, ids, model) => withTenant(sql, tenantId, async (tx) => memoryVectors(tx, tenantId, ids, model)),
  byIds: (tenantId, ids) =>
    withTenant(sql, tenantId, (tx) => memoriesByIds((text, values) => tx.unsafe(text, [...values]), tenantId, ids)),
});
