import { z } from 'zod';
import {
  type ToolCallCondition,
  toolCallRows,
  toolCallStatuses,
  toolVersionRows,
} from '../../../projections/tools/queries.ts';
import { switchesOver } from '../../../schemas/contexts/kill-switch.ts';
import { digestName, READ_TOOLS, toolName } from '../../../schemas/contexts/tools.ts';
import { etagOf } from '../../shared/etag.ts';
import { paginateInMemory } from '../../shared/paginate-in-memory.ts';
import { pageOf, pageQuery } from '../../shared/paging.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { putToolRoute, removeToolRoute } from './commands.ts';
import { checkToolRoute, connectToolsRoute } from './connect.ts';
import { executeToolRoute } from './execute.ts';
import { callOrUnknown, toolOrUnknown, toolsOf } from './find.ts';
import { getToolCallOutput } from './output.ts';
import {
  toolBody,
  toolCallBody,
  toolCallFields,
  toolCallPage,
  toolFields,
  toolHealthBody,
  toolPage,
  toolVersionPage,
} from './schemas.ts';
import { callOf, toolOf, toolSummaryOf, versionBodyOf } from './views.ts';

type Needs = Pick<GatewayServices, 'readModel' | 'tables'>;
const { endpoint } = declare<Needs>();

/** Calls that the health of a tool is derived from. */
const HEALTH_CALLS = 20;

const listTools = endpoint({
  operationId: 'listTools',
  tag: 'tools',
  summary: 'List the tools of the tenant, ordered by name',
  url: '/v1/tools',
  auth: 'any',
  takes: READ_TOOLS,
  query: pageQuery,
  response: toolPage,
  answer: ({ caller, query, services: { tables } }) => {
    const all = toolsOf(tables, caller.tenantId);
    const { items, nextCursor } = paginateInMemory(all, ({ toolId }) => toolName(toolId), query);
    return { items: items.map(toolSummaryOf), next_cursor: nextCursor };
  },
});

const getTool = endpoint({
  operationId: 'getTool',
  tag: 'tools',
  summary: 'Get a tool with its signed manifest',
  description: 'The `ETag` is its version, for `If-Match`.',
  url: '/v1/tools/:tool',
  auth: 'any',
  takes: READ_TOOLS,
  params: toolFields,
  response: toolBody,
  problems: ['TOOL_UNKNOWN', 'LOG_UNAVAILABLE'],
  answer: ({ caller, params, services: { tables }, reply }) => {
    const tool = toolOrUnknown(tables, caller.tenantId, params.tool);
    reply.header('etag', etagOf(tool.version));
    return toolOf(tool);
  },
});

const listToolVersions = endpoint({
  operationId: 'listToolVersions',
  tag: 'tools',
  summary: 'List the versions of a tool, the newest first',
  description: 'A removed tool keeps its history.',
  url: '/v1/tools/:tool/versions',
  takes: READ_TOOLS,
  params: toolFields,
  query: pageQuery,
  views: ['tools'],
  response: toolVersionPage,
  answer: async ({ caller, params, query, services: { readModel } }) => {
    const where = [{ column: 'tool', is: '=', value: params.tool }] as const;
    const found = await readModel.rows(caller.tenantId, toolVersionRows, { ...pageOf(query), where });
    return { items: found.items.map(versionBodyOf), next_cursor: found.nextCursor };
  },
});

const auditTool = endpoint({
  operationId: 'auditTool',
  tag: 'tools',
  summary: 'List the calls of a tool, the newest first',
  description: 'With refused calls. Calls of a removed tool stay.',
  url: '/v1/tools/:tool/audit',
  takes: READ_TOOLS,
  params: toolFields,
  query: {
    status: z.enum(toolCallStatuses).optional().meta({ description: 'Only calls with this status' }),
    ...pageQuery,
  },
  views: ['tools'],
  response: toolCallPage,
  answer: async ({ caller, params, query, services: { readModel } }) => {
    const where: readonly ToolCallCondition[] = [
      { column: 'tool', is: '=', value: params.tool },
      ...(query.status === undefined ? [] : [{ column: 'status', is: '=', value: query.status } as const]),
    ];
    const found = await readModel.rows(caller.tenantId, toolCallRows, { ...pageOf(query), where });
    return { items: found.items.map(callOf), next_cursor: found.nextCursor };
  },
});

const getToolHealth = endpoint({
  operationId: 'getToolHealth',
  tag: 'tools',
  summary: 'Get the health of a tool, derived from its latest calls',
  description: 'Nothing is sent outside: `POST /v1/tools/{tool}/check` asks the server.',
  url: '/v1/tools/:tool/health',
  takes: READ_TOOLS,
  params: toolFields,
  views: ['tools'],
  response: toolHealthBody,
  problems: ['TOOL_UNKNOWN', 'LOG_UNAVAILABLE'],
  answer: async ({ caller: { tenantId }, params, services: { tables, readModel } }) => {
    const tool = toolOrUnknown(tables, tenantId, params.tool);
    const resources = [params.tool, digestName(tool.digest)].map((id) => ({ type: 'Tool', id }) as const);
    const [stopped] = switchesOver(tables.killSwitches.value, { tenant: tenantId, resources });
    const where = [{ column: 'tool', is: '=', value: params.tool }] as const;
    const page = { limit: 3 * HEALTH_CALLS, cursor: null, where };
    const found = await readModel.rows(tenantId, toolCallRows, page);
    const ended = found.items
      .filter(({ status }) => ['succeeded', 'failed', 'unknown'].includes(status ?? ''))
      .slice(0, HEALTH_CALLS);
    const good = ended.filter(({ status }) => status === 'succeeded');
    const times = {
      last_succeeded_at: good[0]?.ended_at ?? null,
      last_failed_at: ended.find(({ status }) => status !== 'succeeded')?.ended_at ?? null,
    };
    const named = { tool: params.tool, ...times };
    if (stopped !== undefined)
      return { ...named, status: 'stopped' as const, detail: `Stopped by the kill switch ${stopped.scope}.` };
    if (tool.status === 'quarantined')
      return {
        ...named,
        status: 'quarantined' as const,
        detail: 'Its server changed the definition: approve a new version.',
      };
    if (ended.length === 0) return { ...named, status: 'unused' as const, detail: 'No call has ended.' };
    const detail = `${good.length} of the latest ${ended.length} calls succeeded.`;
    const some = good.length === 0 ? ('failing' as const) : ('degraded' as const);
    return { ...named, status: good.length === ended.length ? ('healthy' as const) : some, detail };
  },
});

const getToolCall = endpoint({
  operationId: 'getToolCall',
  tag: 'tools',
  summary: 'Get a call with its outcome',
  description: 'Calls of others require `tool:read`.',
  url: '/v1/tool-calls/:call_id',
  auth: 'any',
  params: toolCallFields,
  views: ['tools'],
  response: toolCallBody,
  problems: ['RESOURCE_UNKNOWN'],
  answer: async ({ caller, params: { call_id: id }, services: { readModel } }) =>
    callOf(callOrUnknown(caller, id, await readModel.row(caller.tenantId, toolCallRows, id))),
});

/** Routes of tools: define them, call them, see what became of each call. */
export const toolsRoutes = [
  ...[listTools, putToolRoute, getTool, removeToolRoute, listToolVersions, executeToolRoute],
  ...[connectToolsRoute, checkToolRoute, getToolHealth, auditTool, getToolCall, getToolCallOutput],
];
