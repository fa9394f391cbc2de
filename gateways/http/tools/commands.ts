import { z } from 'zod';
import { canonicalJson } from '../../../infra/governance/constitution/canonical-json.ts';
import { digestOf } from '../../../infra/governance/constitution/signing.ts';
import { toolVersionRows } from '../../../projections/tools/queries.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import { ADMIN_TOOLS, MANIFEST_PAYLOAD_TYPE, TOOLS_MAX, toolIdOf } from '../../../schemas/contexts/tools.ts';
import { registerTool, removeTool, type ToolRefused, updateTool } from '../../../schemas/generated/records.ts';
import { askerOf, type Caller } from '../../shared/auth/caller.ts';
import { TAKE_EFFECT_MS } from '../../shared/command/defaults.ts';
import type { ProblemCode } from '../../shared/problems/catalogue.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { commandProblem } from '../../shared/problems/shortfall.ts';
import { versionedProblem } from '../../shared/problems/versioned.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { toolCount } from './find.ts';
import { pendingTool, putToolBody, toolBody, toolFields } from './schemas.ts';
import { toolOf, toolUrl } from './views.ts';

type Needs = Pick<GatewayServices, 'tables' | 'readModel'>;
const { command } = declare<Needs>();

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
      ...(['ALREADY_EXISTS', 'TOOL_UNKNOWN', 'TOOL_QUARANTINED'] as const),
      ...(['TOOL_INVALID', 'TOOL_DIGEST_MISMATCH', 'SIGNATURE_INVALID'] as const),
    ),
    ToolRegistered: {
      ...defined,
      created: () => true,
      answer: (event, { outcome }) => toolOf({ ...event, status: 'active', changedAt: outcome.timeMs }),
    },
    ToolUpdated: {
      ...defined,
      answer: (event, { outcome }) => toolOf({ ...event, status: 'active', changedAt: outcome.timeMs }),
    },
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
