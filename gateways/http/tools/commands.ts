import { z } from 'zod';
import { canonicalJson } from '../../../infra/governance/constitution/canonical-json.ts';
import { digestOf } from '../../../infra/governance/constitution/signing.ts';
import { MANIFEST_PAYLOAD_TYPE } from '../../../infra/tools/manifest/signing.ts';
import { toolVersionRows } from '../../../projections/tools/queries.ts';
import { nothing, plus } from '../../../schemas/amount.ts';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import { ADMIN_TOOLS, executeCapability, TOOLS_MAX, toolIdOf, toolName } from '../../../schemas/contexts/tools.ts';
import {
  callTool,
  registerTool,
  removeTool,
  type ToolCallRefused,
  type ToolRefused,
  updateTool,
} from '../../../schemas/generated/records.ts';
import { isoOf } from '../../../schemas/instant.ts';
import { askerOf, type Caller } from '../../shared/auth/caller.ts';
import { TAKE_EFFECT_MS } from '../../shared/command/defaults.ts';
import type { ProblemCode } from '../../shared/problems/catalogue.ts';
import { Problem, refusalProblem } from '../../shared/problems/problem.ts';
import { commandProblem } from '../../shared/problems/shortfall.ts';
import { versionedProblem } from '../../shared/problems/versioned.ts';
import { declare } from '../../shared/route/declare.ts';
import { requireCapability } from '../../shared/route/request.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { argumentsOf, toolCount, toolOrUnknown } from './find.ts';
import {
  executeToolBody,
  pendingCall,
  pendingTool,
  putToolBody,
  toolBody,
  toolCallEndedBody,
  toolCallWaitingBody,
  toolFields,
} from './schemas.ts';
import { endedOf, manifestOf, toolOf, toolUrl } from './views.ts';

type Needs = Pick<GatewayServices, 'tables' | 'readModel'>;
const { command } = declare<Needs>();

/** Longest wait for the outcome of a call, in ms; `Prefer: wait=n` shortens it. */
const CALL_WAIT_MS = 30_000;

interface ToolRequest {
  readonly params: { readonly tool: string };
  readonly tenantId: string;
  readonly services: Needs;
}

const idOf = ({ params, tenantId }: ToolRequest): string => toolIdOf(tenantId, params.tool);
const askedBy = (request: ToolRequest & { readonly caller: Caller }, labels: readonly string[] = []) => ({
  ...{ toolId: idOf(request), ...askerOf(request.caller), labels },
});

/** Returns a refusal of a definition as a problem, with the ETag of the current version. */
const refused = (...codes: readonly ProblemCode[]) => ({
  kind: 'refusal' as const,
  problems: codes,
  problem: ({ code, detail, decision, shortfall, version }: ToolRefused): Problem =>
    code === 'PRECONDITION_FAILED' || code === 'ALREADY_EXISTS'
      ? versionedProblem({ code, detail, version })
      : commandProblem({ code, detail, decision, shortfall }, {}),
});

const inEffect = (
  { toolId, version }: { readonly toolId: string; readonly version: number },
  { services }: { readonly services: Needs },
) => services.tables.tools.holds((known) => (known.get(toolId)?.version ?? 0) >= version, TAKE_EFFECT_MS);

const definition = {
  tag: 'tools',
  url: '/v1/tools/:tool',
  params: toolFields,
  takes: ADMIN_TOOLS,
  // A tool stays in its place when the number of partitions grows.
  place: async ({ params, tenantId, services }: ToolRequest) =>
    (await services.readModel.row(tenantId, toolVersionRows, `${params.tool}/1`))?.place ?? null,
  subject: idOf,
  location: ({ params }: ToolRequest) => toolUrl(params.tool),
  pending: { ...pendingTool, of: ({ params }: ToolRequest) => params },
} as const;

const defined = {
  status: 200,
  schema: toolBody,
  inEffect,
  version: ({ version }: { readonly version: number }) => version,
} as const;

/** Route that registers a tool or replaces its manifest. */
export const putToolRoute = command({
  ...definition,
  operationId: 'putTool',
  summary: 'Register a tool, or replace its manifest',
  description:
    'Without `If-Match` it registers the tool: 201, or 409 when there is one. With `If-Match` it replaces that version; a changed manifest takes a new `version`. The manifest is signed by a key that the platform trusts. Calls that were accepted before run under the manifest of that time.',
  method: 'PUT',
  ifMatch: 'optional',
  body: putToolBody,
  appends: ['RegisterTool', 'UpdateTool'],
  command: (request) => {
    const { body, params, tenantId, services, isConditional, expectedVersion } = request;
    if (body.manifest.name !== params.tool)
      throw new Problem('TOOL_INVALID', `The manifest is of ${body.manifest.name}, not of ${params.tool}`);
    if (!isConditional && toolCount(services.tables, tenantId) >= TOOLS_MAX)
      throw new Problem('DIRECTORY_FULL', `There are ${TOOLS_MAX} tools, including removed ones`);
    const payload = canonicalJson(body.manifest);
    const envelope = JSON.stringify({
      payloadType: MANIFEST_PAYLOAD_TYPE,
      payload: payload.toString('base64'),
      signatures: body.signatures,
    });
    const asked = { ...askedBy(request, body.labels), envelope, digest: digestOf(payload) };
    return isConditional ? updateTool({ ...asked, expectedVersion }) : registerTool(asked);
  },
  problems: ['DIRECTORY_FULL', 'TOOL_INVALID'],
  outcomes: {
    ToolRefused: refused(
      ...policyRefusals,
      ...(['ALREADY_EXISTS', 'TOOL_UNKNOWN', 'TOOL_INVALID', 'TOOL_DIGEST_MISMATCH', 'SIGNATURE_INVALID'] as const),
    ),
    ToolRegistered: {
      ...defined,
      created: () => true,
      answer: (event, { outcome }) => toolOf({ ...event, changedAt: outcome.timeMs }),
    },
    ToolUpdated: { ...defined, answer: (event, { outcome }) => toolOf({ ...event, changedAt: outcome.timeMs }) },
  },
});

/** Route that removes a tool. */
export const removeToolRoute = command({
  ...definition,
  operationId: 'removeTool',
  summary: 'Remove a tool; calls of it are refused from now on',
  description:
    'Calls that were accepted before end. Its history stays, and its versions go on when it is registered again.',
  method: 'DELETE',
  ifMatch: 'required',
  appends: ['RemoveTool'],
  command: (request) => removeTool({ ...askedBy(request), expectedVersion: request.expectedVersion }),
  outcomes: {
    ToolRefused: refused(...policyRefusals, 'TOOL_UNKNOWN'),
    ToolRemoved: { status: 204, schema: z.undefined().describe('Removed'), inEffect, answer: () => undefined },
  },
});

/** Route that calls a tool. */
export const executeToolRoute = command({
  operationId: 'executeTool',
  tag: 'tools',
  summary: 'Call a tool',
  description:
    'Requires `tool:execute:<tool>`. The answer waits up to 30 s, or as long as `Prefer: wait` says; then it is 202, and `Location` has the outcome. A call that ended is answered with 200 whatever its outcome is: read `status`. A call that needs an approval is answered with 202 and `status` `waiting`: see `/v1/approvals/{approval_id}`. `unknown` says that it may have taken effect; an irreversible call is never tried again.',
  method: 'POST',
  url: '/v1/tools/:tool/execute',
  auth: 'any',
  params: toolFields,
  body: executeToolBody,
  takes: ({ caller, params }) => {
    const needed = executeCapability(params.tool);
    requireCapability(anyCovers(caller.capabilities, needed), needed);
  },
  waits: () => CALL_WAIT_MS,
  appends: ['CallTool'],
  command: (request) => {
    const { body, params, tenantId, services, identity } = request;
    const tool = toolOrUnknown(services.tables, tenantId, params.tool);
    if (body.digest !== undefined && body.digest !== tool.digest)
      throw new Problem('TOOL_CHANGED', `The tool has another manifest: sha256 ${tool.digest}`);
    const { cost: costMax } = plus(nothing, { tokens: 0, cost: manifestOf(tool).limits?.cost ?? '0' });
    const { effect } = manifestOf(tool);
    const given = { arguments: argumentsOf(tool, body.arguments), digest: tool.digest, costMax, effect };
    return callTool({ ...askedBy(request, body.labels), callId: identity.subjectId, ...given });
  },
  location: ({ identity }) => `/v1/tool-calls/${identity.subjectId}`,
  pending: { ...pendingCall, of: ({ identity }) => ({ call_id: identity.subjectId }) },
  problems: ['LOG_UNAVAILABLE', 'TOOL_ARGUMENTS_INVALID', 'TOOL_ARGUMENTS_TOO_LARGE'],
  outcomes: {
    ToolCallRefused: {
      kind: 'refusal',
      problems: [
        ...policyRefusals,
        ...(['TOOL_UNKNOWN', 'TOOL_CHANGED', 'TOOL_LABEL_REFUSED', 'TOOL_INVALID', 'SIGNATURE_INVALID'] as const),
        ...(['APPROVALS_FULL', 'APPROVAL_REJECTED', 'APPROVAL_EXPIRED'] as const),
      ],
      problem: ({ callId, toolId, code, detail, decision, shortfall }: ToolCallRefused): Problem =>
        commandProblem({ code, detail, decision, shortfall }, { call_id: callId, tool: toolName(toolId) }),
    },
    // Of two topics: either may be read first.
    ApprovalRequested: {
      status: 202,
      schema: toolCallWaitingBody,
      answer: ({ approvalId, toolId, digest, requirement: { required }, expiresAt }) => ({
        ...{ call_id: approvalId, tool: toolName(toolId), status: 'waiting' as const, approval_id: approvalId, digest },
        ...{ required, expires_at: isoOf(expiresAt) },
      }),
    },
    ApprovalRejected: {
      kind: 'refusal',
      problems: ['APPROVALS_FULL'],
      problem: ({ approvalId, code }) =>
        refusalProblem(code, 'Too many calls of the session wait for an approval.', { call_id: approvalId }),
    },
    ToolCallWaiting: {
      status: 202,
      schema: toolCallWaitingBody,
      answer: ({ callId, toolId, digest, required, expiresAt }) => ({
        ...{
          call_id: callId,
          tool: toolName(toolId),
          status: 'waiting' as const,
          approval_id: callId,
          digest,
          required,
        },
        expires_at: isoOf(expiresAt),
      }),
    },
    ToolCallCompleted: {
      status: 200,
      schema: toolCallEndedBody,
      answer: (end, { outcome }) => endedOf(end, outcome.timeMs),
    },
  },
});
