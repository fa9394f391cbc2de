import { ADMIN_TOOLS, TOOL_REGISTRY, toolIdOf } from '../../../schemas/contexts/tools.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { askingTool, callRoute } from './call.ts';
import { toolOrUnknown } from './find.ts';
import { checkToolBody, connectToolsBody, toolFields } from './schemas.ts';

const { command } = declare<Pick<GatewayServices, 'tables' | 'readModel'>>();

/** Route that asks a server for what it offers. */
export const connectToolsRoute = command({
  ...callRoute,
  operationId: 'connectTools',
  summary: 'Ask an MCP server which tools it offers, with a manifest to sign for each',
  description:
    'A governed call: the worker asks, through the egress broker or in a sandbox, and registers nothing. `output` has the server and its `tools`, each with a `manifest`. Nothing that the server says is trusted: each manifest says `irreversible` until a person writes otherwise. A server that wants credentials is asked through a registered tool, whose signed manifest names them.',
  url: '/v1/tools/connect',
  body: connectToolsBody,
  takes: ADMIN_TOOLS,
  command: (request) => {
    const { body, caller, tenantId, services, identity } = request;
    const { server, tier, tool: name, labels } = body;
    const calling = { caller, identity, labels };
    if (name === undefined) {
      const given = { server, ...(tier !== undefined && { tier }) };
      return askingTool({ toolId: toolIdOf(tenantId, TOOL_REGISTRY), digest: '', purpose: 'connect', given }, calling);
    }
    const { toolId, digest } = toolOrUnknown(services.tables, tenantId, name);
    return askingTool({ toolId, digest, purpose: 'connect', given: {} }, calling);
  },
  problems: ['LOG_UNAVAILABLE'],
});

/** Route that compares a tool with what its server says now. */
export const checkToolRoute = command({
  ...callRoute,
  operationId: 'checkTool',
  summary: 'Compare a tool with what its server says of it now',
  description:
    'A governed call that changes nothing outside: it connects to the server of the tool and compares the definition with the pinned one. `succeeded`: they are the same. `TOOL_DEFINITION_CHANGED`: they are not, and the tool is quarantined.',
  url: '/v1/tools/:tool/check',
  params: toolFields,
  body: checkToolBody,
  takes: ADMIN_TOOLS,
  command: ({ body, caller, params, tenantId, services, identity }) => {
    const { toolId, digest } = toolOrUnknown(services.tables, tenantId, params.tool);
    return askingTool({ toolId, digest, purpose: 'check', given: {} }, { caller, identity, labels: body.labels });
  },
  problems: ['LOG_UNAVAILABLE'],
});
