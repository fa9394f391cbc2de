import { filePieceRows, fileRows } from '../../projections/files/queries.ts';
import { type Columns, getRow, listRows, type RowReads } from '../../projections/rows.ts';
import type { FileRows } from '../jobs/files/log-files.ts';
import type { Sql } from '../stores/postgres/client.ts';
import { withTenant } from '../stores/postgres/tenant.ts';
import type { WorkspaceRows } from '../tools/adapters/files.ts';

/** Returns the read model of files in Postgres. Row-level security applies to every query. */
export function postgresFileRows(sql: Sql): FileRows {
  const row = <C extends Columns>(tenantId: string, reads: RowReads<C>, id: string) =>
    withTenant(sql, tenantId, (tx) => getRow((text, values) => tx.unsafe(text, [...values]), reads, tenantId, id));
  return {
    piece: async (tenantId, pieceId) => (await row(tenantId, filePieceRows, pieceId))?.bytes ?? null,
    hasFile: async (tenantId, fileId) => (await row(tenantId, fileRows, fileId)) !== undefined,
  };
}

const WORKSPACE_FILES_MAX = 500;

/** Returns the files of workspaces in Postgres. Row-level security applies to every query. */
export const postgresWorkspaceRows = (sql: Sql): WorkspaceRows => ({
  piece: postgresFileRows(sql).piece,
  files: (tenantId, workspace) =>
    withTenant(sql, tenantId, async (tx) => {
      const where = [
        { column: 'workspace', is: '=', value: workspace },
        { column: 'status', is: '=', value: 'kept' },
      ] as const;
      const query = { limit: WORKSPACE_FILES_MAX, cursor: null, where };
      return (await listRows((text, values) => tx.unsafe(text, [...values]), fileRows, tenantId, query)).items;
    }),
});
