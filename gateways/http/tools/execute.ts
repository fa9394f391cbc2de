import { anyCovers } from '../../../schemas/capabilities.ts';
import { executeCapability, toolName } from '../../../schemas/contexts/tools.ts';
import type { ToolCallWaiting } from '../../../schemas/generated/records.ts';
import { isoOf } from '../../../schemas/instant.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import { requireCapability } from '../../shared/route/request.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { callOfTool, callRefusals, callRoute } from './call.ts';
import { toolOrUnknown } from './find.ts';
import { executeToolBody, toolCallWaitingBody, toolFields } from './schemas.ts';

const { command } = declare<Pick<GatewayServices, 'tables' | 'readModel'>>();

/** Route that calls a tool. */
export const executeToolRoute = command({
  ...callRoute,
  operationId: 'executeTool',
  summary: 'Call a tool',
  description:
    'Requires `tool:execute:<tool>`. The answer waits up to 30 s, or as long as `Prefer: wait` says; then it is 202, and `Location` has the outcome. A call that ended is answered with 200 whatever its outcome is: read `status`. Only a call that was not run, because the calls of the minute that its manifest allows were spent, is answered with 429 and `Retry-After`. A call that needs an approval is answered with 202 and `status` `waiting`: see `/v1/approvals/{approval_id}`. `unknown` says that it may have taken effect; an irreversible call is never tried again.',
  url: '/v1/tools/:tool/execute',
  auth: 'any',
  params: toolFields,
  body: executeToolBody,
  takes: ({ caller, params }) => {
    const needed = executeCapability(params.tool);
    requireCapability(anyCovers(caller.capabilities, needed), needed);
  },
  command: ({ body, caller, params, tenantId, services, identity }) => {
    const tool = toolOrUnknown(services.tables, tenantId, params.tool);
    if (body.digest !== undefined && body.digest !== tool.digest)
      throw new Problem('TOOL_CHANGED', `The tool has another manifest: sha256 ${tool.digest}`);
    return callOfTool(tool, body.arguments, { caller, identity, labels: body.labels });
  },
  problems: ['LOG_UNAVAILABLE', 'TOOL_ARGUMENTS_INVALID', 'TOOL_ARGUMENTS_TOO_LARGE', 'TOOL_RATE_LIMITED'],
  outcomes: {
    ...callRoute.outcomes,
    ToolCallRefused: {
      ...callRoute.outcomes.ToolCallRefused,
      problems: [...callRefusals, ...(['APPROVALS_FULL', 'APPROVAL_REJECTED', 'APPROVAL_EXPIRED'] as const)],
    },
    ToolCallWaiting: {
      status: 202,
      schema: toolCallWaitingBody,
      answer: ({ callId, toolId, digest, required, expiresAt }: ToolCallWaiting) => ({
        ...{ call_id: callId, tool: toolName(toolId), status: 'waiting' as const, approval_id: callId },
        ...{ digest, required, expires_at: isoOf(expiresAt) },
      }),
    },
  },
});
