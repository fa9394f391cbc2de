import { pastRunsOf } from '../../projections/agents/past-runs.ts';
import type { UpgradeCheckParts } from '../capsules/upgrade/job.ts';
import type { Sql } from '../stores/postgres/client.ts';
import { withTenant } from '../stores/postgres/tenant.ts';

/** Returns the past runs of installs, by Postgres. Row-level security applies to every query. */
export const postgresPastRuns =
  (sql: Sql): UpgradeCheckParts['pastRuns'] =>
  (tenantId, installId, since, limit) =>
    withTenant(sql, tenantId, (tx) => pastRunsOf(tx, tenantId, { installId, since, limit }));
