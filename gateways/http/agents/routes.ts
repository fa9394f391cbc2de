import { z } from 'zod';
import {
  type AgentRunCondition,
  agentCallRows,
  agentRunRows,
  agentRunStatuses,
  agentStepRows,
} from '../../../projections/agents/queries.ts';
import { AGENT_CALLS_MAX, AGENT_STEPS_MAX } from '../../../schemas/contexts/agents.ts';
import { pageOf, pageQuery } from '../../shared/paging.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { cancelAgentRunRoute, forkAgentRunRoute, startAgentRunRoute } from './commands.ts';
import { streamAgentRun } from './events.ts';
import { getAgentRunResult } from './result.ts';
import { agentRunBody, agentRunFields, agentRunPage } from './schemas.ts';
import { runOf, runSummaryOf } from './views.ts';

const { endpoint } = declare<Pick<GatewayServices, 'readModel'>>();

const getAgentRun = endpoint({
  operationId: 'getAgentRun',
  tag: 'agents',
  summary: 'Get a run with its steps: answers, calls, decisions, costs and labels',
  description: 'A call is at `/v1/tool-calls/{call_id}` as well, with its whole output and what it did outside.',
  url: '/v1/agents/runs/:run_id',
  auth: 'any',
  params: agentRunFields,
  views: ['agents'],
  response: agentRunBody,
  problems: ['RESOURCE_UNKNOWN'],
  answer: async ({ caller: { tenantId }, params: { run_id: runId }, services: { readModel } }) => {
    const row = await readModel.row(tenantId, agentRunRows, runId);
    if (row === undefined) throw new Problem('RESOURCE_UNKNOWN', `There is no run ${runId}`);
    const where = [{ column: 'run_id', is: '=', value: runId }] as const;
    const all = { cursor: null, where };
    const [steps, calls] = await Promise.all([
      readModel.rows(tenantId, agentStepRows, { ...all, limit: AGENT_STEPS_MAX }),
      readModel.rows(tenantId, agentCallRows, { ...all, limit: AGENT_STEPS_MAX * AGENT_CALLS_MAX }),
    ]);
    return runOf(row, steps.items, calls.items);
  },
});

const listAgentRuns = endpoint({
  operationId: 'listAgentRuns',
  tag: 'agents',
  summary: 'List the runs of agents of the tenant, the newest first',
  url: '/v1/agents/runs',
  auth: 'any',
  query: {
    status: z.enum(agentRunStatuses).optional().meta({ description: 'Only runs with this status' }),
    agent: z.string().max(64).optional().meta({ description: 'Only runs of this agent' }),
    parent_id: z.uuid().optional().meta({ description: 'Only runs that this run handed off to' }),
    ...pageQuery,
  },
  views: ['agents'],
  response: agentRunPage,
  answer: async ({ caller, query, services: { readModel } }) => {
    const where = (['status', 'agent', 'parent_id'] as const).flatMap((column): AgentRunCondition[] => {
      const value = query[column];
      return value === undefined ? [] : [{ column, is: '=', value }];
    });
    const found = await readModel.rows(caller.tenantId, agentRunRows, { ...pageOf(query), where });
    return { items: found.items.map(runSummaryOf), next_cursor: found.nextCursor };
  },
});

/** Routes of agents: start, fork, cancel, follow and query their runs. */
export const agentsRoutes = [
  startAgentRunRoute,
  forkAgentRunRoute,
  cancelAgentRunRoute,
  getAgentRun,
  streamAgentRun,
  getAgentRunResult,
  listAgentRuns,
];
