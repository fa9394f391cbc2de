import { z } from 'zod';
import {
  type ApprovalGrantRow,
  type ApprovalRow,
  approvalGrantRows,
  approvalRows,
} from '../../../projections/approvals/queries.ts';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { DECIDE_APPROVALS, decideCapability } from '../../../schemas/contexts/approvals.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import { toolIdOf } from '../../../schemas/contexts/tools.ts';
import { type ApprovalRefused, decideApproval, revokeApprovalGrant } from '../../../schemas/generated/records.ts';
import { askerOf, type Caller } from '../../shared/auth/caller.ts';
import type { ProblemCode } from '../../shared/problems/catalogue.ts';
import { Problem, refusalProblem } from '../../shared/problems/problem.ts';
import { commandProblem } from '../../shared/problems/shortfall.ts';
import { declare } from '../../shared/route/declare.ts';
import { requireCapability } from '../../shared/route/request.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { argumentsOf, toolOrUnknown } from '../tools/find.ts';
import {
  approvalDecidedBody,
  approvalFields,
  approvalGrantFields,
  decideApprovalBody,
  pendingApproval,
} from './schemas.ts';
import { approvalUrl } from './views.ts';

type Needs = Pick<GatewayServices, 'tables' | 'readModel'>;
const { command } = declare<Needs>();

interface Finding {
  readonly tenantId: string;
  readonly services: Needs;
}

/** Resolves with an approval. Rejects with Problem RESOURCE_UNKNOWN. */
export async function approvalOrUnknown({ tenantId, services }: Finding, id: string): Promise<ApprovalRow> {
  const found = await services.readModel.row(tenantId, approvalRows, id);
  if (found === undefined) throw new Problem('RESOURCE_UNKNOWN', `There is no approval ${id}`);
  return found;
}

async function grantOrUnknown({ tenantId, services }: Finding, id: string): Promise<ApprovalGrantRow> {
  const found = await services.readModel.row(tenantId, approvalGrantRows, id);
  if (found === undefined) throw new Problem('RESOURCE_UNKNOWN', `There is no grant ${id}`);
  return found;
}

/** Requires a capability to decide on calls of some tool: which one, policy knows. */
function mayDecideSome({ caller: { capabilities } }: { readonly caller: Caller }): void {
  const some = capabilities.some((each) => each.startsWith('approval:')) || anyCovers(capabilities, DECIDE_APPROVALS);
  requireCapability(some || anyCovers(capabilities, decideCapability('*')), DECIDE_APPROVALS);
}

/** Returns a refusal as a problem, with the decision of policy. */
const refused = (...codes: readonly ProblemCode[]) => ({
  kind: 'refusal' as const,
  problems: [...policyRefusals, ...codes],
  problem: ({ subjectId, code, detail, decision, shortfall }: ApprovalRefused): Problem =>
    commandProblem({ code, detail, decision, shortfall }, { subject_id: subjectId }),
});

const decided = { status: 200, schema: approvalDecidedBody } as const;

/** Route that decides on an approval. */
export const decideApprovalRoute = command({
  operationId: 'decideApproval',
  tag: 'approvals',
  summary: 'Approve a call, reject it, or edit its arguments',
  description:
    'Requires `approval:decide`, or `approval:decide:<tool>`, and what the rule asks for besides. A decision is of the `digest` that was looked at. Who asked for the call does not decide on it, and no session does. Edited arguments go through policy again and make another digest, which has no approvals yet.',
  method: 'POST',
  url: '/v1/approvals/:approval_id/decision',
  params: approvalFields,
  body: decideApprovalBody,
  takes: mayDecideSome,
  appends: ['DecideApproval'],
  place: async ({ params, tenantId, services }) =>
    (await services.readModel.row(tenantId, approvalRows, params.approval_id))?.place ?? null,
  command: async (request) => {
    const { body, params, tenantId, services, caller } = request;
    const row = await approvalOrUnknown(request, params.approval_id);
    const name = row.tool ?? '';
    const edited = body.arguments && argumentsOf(toolOrUnknown(services.tables, tenantId, name), body.arguments);
    const { outcome, digest, reason, grant } = body;
    return decideApproval({
      ...{ approvalId: params.approval_id, scopeId: row.scope_id ?? params.approval_id, digest, outcome, reason },
      ...{ toolId: toolIdOf(tenantId, name), arguments: edited ?? null, ...askerOf(caller), labels: body.labels ?? [] },
      grant:
        grant === undefined
          ? null
          : {
              shape: grant.shape === undefined ? null : JSON.stringify(grant.shape),
              ...{ lifetimeMs: grant.lifetime_ms, usesMax: grant.uses_max },
            },
    });
  },
  location: ({ params }) => approvalUrl(params.approval_id),
  pending: { ...pendingApproval, of: ({ params }) => params },
  problems: [
    'RESOURCE_UNKNOWN',
    'TOOL_UNKNOWN',
    'LOG_UNAVAILABLE',
    'TOOL_ARGUMENTS_INVALID',
    'TOOL_ARGUMENTS_TOO_LARGE',
  ],
  outcomes: {
    ApprovalRefused: refused(
      ...(['APPROVAL_ENDED', 'APPROVAL_EXPIRED', 'APPROVAL_CHANGED', 'APPROVAL_OWN', 'APPROVAL_NOT_YOURS'] as const),
      ...(['APPROVAL_REPEATED', 'GRANT_INVALID', 'REQUEST_INVALID'] as const),
    ),
    ApprovalVoted: {
      ...decided,
      answer: ({ approvalId: approval_id, digest, revision, given, required }) => ({
        ...{
          approval_id,
          status: given >= required ? ('granted' as const) : ('waiting' as const),
          digest,
          revision,
          given,
          required,
        },
      }),
    },
    ApprovalRejected: {
      ...decided,
      answer: ({ approvalId: approval_id, digest, revision }) => ({
        ...{ approval_id, status: 'rejected' as const, digest, revision, given: 0, required: 1 },
      }),
    },
    ApprovalRequested: {
      ...decided,
      answer: ({ approvalId: approval_id, digest, revision, requirement: { required } }) => ({
        ...{ approval_id, status: 'waiting' as const, digest, revision, given: 0, required },
      }),
    },
    ApprovalEditRefused: {
      kind: 'refusal',
      problems: ['APPROVAL_EDIT_REFUSED'],
      problem: ({ approvalId, code, detail }) =>
        refusalProblem('APPROVAL_EDIT_REFUSED', `${code}: ${detail}`, { approval_id: approvalId }),
    },
  },
});

/** Route that revokes a grant. */
export const revokeApprovalGrantRoute = command({
  operationId: 'revokeApprovalGrant',
  tag: 'approvals',
  summary: 'Revoke a grant; the next call waits for an approval again',
  description: 'Requires `approval:decide`, or `approval:decide:<tool>`. Calls that it has covered run on.',
  method: 'DELETE',
  url: '/v1/approval-grants/:grant_id',
  params: approvalGrantFields,
  takes: mayDecideSome,
  appends: ['RevokeApprovalGrant'],
  place: async ({ params, tenantId, services }) =>
    (await services.readModel.row(tenantId, approvalGrantRows, params.grant_id))?.place ?? null,
  command: async (request) => {
    const { params, tenantId, caller } = request;
    const { scope_id: scopeId, tool } = await grantOrUnknown(request, params.grant_id);
    const of = { grantId: params.grant_id, scopeId: scopeId ?? '', toolId: toolIdOf(tenantId, tool ?? '') };
    return revokeApprovalGrant({ ...of, ...askerOf(caller), labels: [] });
  },
  location: () => '/v1/approval-grants',
  problems: ['RESOURCE_UNKNOWN'],
  outcomes: {
    ApprovalRefused: refused('GRANT_ENDED'),
    ApprovalGrantEnded: { status: 204, schema: z.undefined().describe('Revoked'), answer: () => undefined },
  },
});
