import { auditRecordOf, countAudit, listAuditEntries } from '../../projections/audit/queries.ts';
import type { AuditRows } from '../jobs/builtin/audit-export.ts';
import type { Sql } from '../stores/postgres/client.ts';
import { withTenant } from '../stores/postgres/tenant.ts';

/** Returns the read model of the audit in Postgres. Row-level security applies to every query. */
export const postgresAuditRows = (sql: Sql): AuditRows => ({
  count: (tenantId, range) => withTenant(sql, tenantId, (tx) => countAudit(tx, tenantId, range)),
  page: (tenantId, range, page) =>
    withTenant(sql, tenantId, async (tx) => {
      const { items, nextCursor } = await listAuditEntries(tx, tenantId, { ...range, ...page });
      return { items: items.map((entry) => auditRecordOf(entry, page.isFull)), nextCursor };
    }),
});
