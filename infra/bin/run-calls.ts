import { agentCallRows, agentRunRows } from '../../projections/agents/queries.ts';
import { getRow, listRows } from '../../projections/rows.ts';
import type { AgentCalls } from '../jobs/builtin/golden-run.ts';
import type { Sql } from '../stores/postgres/client.ts';
import { withTenant } from '../stores/postgres/tenant.ts';

const CALLS_MAX = 500;

/** Returns the tools that runs of agents called, by Postgres. Row-level security applies to every query. */
export const postgresRunCalls =
  (sql: Sql): AgentCalls['calledTools'] =>
  (tenantId, runId) =>
    withTenant(sql, tenantId, async (tx) => {
      const run = await getRow((text, values) => tx.unsafe(text, [...values]), agentRunRows, tenantId, runId);
      if (run === undefined || run.status === 'running') return null;
      const where = [{ column: 'run_id', is: '=', value: runId }] as const;
      const query = { limit: CALLS_MAX, cursor: null, where };
      const { items } = await listRows((text, values) => tx.unsafe(text, [...values]), agentCallRows, tenantId, query);
      return [...items]
        .sort((one, other) => (one.step ?? 0) - (other.step ?? 0) || (one.nth ?? 0) - (other.nth ?? 0))
        .map(({ tool, model_name: name }) => tool ?? name ?? '');
    });
