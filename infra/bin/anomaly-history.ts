import { recordedIn, stepsBehind } from '../../projections/anomalies/queries.ts';
import { createReplay, type ReplayedStep } from '../../streams/anomalies/replay.ts';
import type { AnomalyHistory } from '../jobs/builtin/anomalies-what-if.ts';
import type { Sql } from '../stores/postgres/client.ts';
import { withTenant } from '../stores/postgres/tenant.ts';

/** Returns the journal of the detector in Postgres, and the detector itself. Row-level security applies to every query. */
export const postgresAnomalyHistory = (sql: Sql): AnomalyHistory => ({
  steps: (tenantId, behind, limit) => withTenant(sql, tenantId, async (tx) => stepsBehind(tx, tenantId, behind, limit)),
  recorded: (tenantId, range, limit) =>
    withTenant(sql, tenantId, async (tx) =>
      (await recordedIn(tx, tenantId, range, limit)).map(({ anomalyId }) => anomalyId),
    ),
  replay: (settingsOf) => {
    const take = createReplay(settingsOf);
    return (step) => take(step as ReplayedStep);
  },
});
