import { z } from 'zod';
import {
  type ApprovalCondition,
  type ApprovalGrantCondition,
  type ApprovalRow,
  approvalGrantRows,
  approvalGrantStatuses,
  approvalRows,
  approvalStatuses,
  approvalStepRows,
} from '../../../projections/approvals/queries.ts';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { DECIDE_APPROVALS, decideCapability, READ_APPROVALS } from '../../../schemas/contexts/approvals.ts';
import type { Caller } from '../../shared/auth/caller.ts';
import { pageOf, pageQuery } from '../../shared/paging.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { toolFields } from '../tools/schemas.ts';
import { approvalOrUnknown, decideApprovalRoute, revokeApprovalGrantRoute } from './commands.ts';
import { approvalBody, approvalFields, approvalGrantPage, approvalPage } from './schemas.ts';
import { approvalGrantOf, approvalOf, approvalSummaryOf } from './views.ts';

type Needs = Pick<GatewayServices, 'readModel' | 'tables'>;
const { endpoint } = declare<Needs>();

/** Steps of an approval that are shown. */
const STEPS_MAX = 100;

const requirementOf = ({ requirement }: ApprovalRow): readonly string[] =>
  (requirement as { readonly capabilities?: readonly string[] } | null)?.capabilities ?? [];

/** Returns true when a caller may decide on an approval that waits. */
function isTheirs({ principal, capabilities }: Caller, row: ApprovalRow): boolean {
  if (row.status !== 'waiting' || row.principal === principal) return false;
  if (row.escalated_to !== null && anyCovers(capabilities, row.escalated_to)) return true;
  const general = [DECIDE_APPROVALS, decideCapability(row.tool ?? '')].some((each) => anyCovers(capabilities, each));
  return general && requirementOf(row).every((capability) => anyCovers(capabilities, capability));
}

const equals = <Column extends string>(column: Column, value: string | undefined) =>
  value === undefined ? [] : [{ column, is: '=' as const, value }];

const listApprovals = endpoint({
  operationId: 'listApprovals',
  tag: 'approvals',
  summary: 'List the approvals of the tenant, the newest first',
  description: 'With `mine`, a page has those of its approvals that the caller may decide on, so it may have fewer.',
  url: '/v1/approvals',
  takes: READ_APPROVALS,
  query: {
    status: z.enum(approvalStatuses).optional().meta({ description: 'Only approvals with this status' }),
    tool: toolFields.tool.optional().meta({ description: 'Only approvals of calls of this tool', examples: ['pay'] }),
    mine: z.stringbool().optional().meta({ description: 'Only approvals that the caller may decide on now' }),
    ...pageQuery,
  },
  views: ['approvals'],
  response: approvalPage,
  answer: async ({ caller, query, services: { readModel } }) => {
    const status = query.mine === true ? (query.status ?? 'waiting') : query.status;
    const where: readonly ApprovalCondition[] = [...equals('status', status), ...equals('tool', query.tool)];
    const found = await readModel.rows(caller.tenantId, approvalRows, { ...pageOf(query), where });
    const shown = query.mine === true ? found.items.filter((row) => isTheirs(caller, row)) : found.items;
    return { items: shown.map(approvalSummaryOf), next_cursor: found.nextCursor };
  },
});

const getApproval = endpoint({
  operationId: 'getApproval',
  tag: 'approvals',
  summary: 'Get an approval: all that its approver must see',
  description: 'Who asked for the call sees it as well; others require `approval:read`.',
  url: '/v1/approvals/:approval_id',
  auth: 'any',
  params: approvalFields,
  views: ['approvals'],
  response: approvalBody,
  problems: ['RESOURCE_UNKNOWN'],
  answer: async ({ caller, params: { approval_id: id }, services }) => {
    const { tenantId } = caller;
    const row = await approvalOrUnknown({ tenantId, services }, id);
    if (row.principal !== caller.principal && !anyCovers(caller.capabilities, READ_APPROVALS))
      throw new Problem('RESOURCE_UNKNOWN', `There is no approval ${id}`);
    const where = [{ column: 'approval_id', is: '=', value: id }] as const;
    const page = { limit: STEPS_MAX, cursor: null, where };
    const steps = await services.readModel.rows(tenantId, approvalStepRows, page);
    return approvalOf(row, steps.items);
  },
});

const listApprovalGrants = endpoint({
  operationId: 'listApprovalGrants',
  tag: 'approvals',
  summary: 'List the grants of the tenant, the newest first',
  url: '/v1/approval-grants',
  takes: READ_APPROVALS,
  query: {
    status: z.enum(approvalGrantStatuses).optional().meta({ description: 'Only grants with this status' }),
    tool: toolFields.tool.optional().meta({ description: 'Only grants for this tool', examples: ['pay'] }),
    ...pageQuery,
  },
  views: ['approvals'],
  response: approvalGrantPage,
  answer: async ({ caller, query, services: { readModel } }) => {
    const where: readonly ApprovalGrantCondition[] = [...equals('status', query.status), ...equals('tool', query.tool)];
    const found = await readModel.rows(caller.tenantId, approvalGrantRows, { ...pageOf(query), where });
    return { items: found.items.map(approvalGrantOf), next_cursor: found.nextCursor };
  },
});

/** Routes of approvals: see what waits, decide on it, and end grants. */
export const approvalsRoutes = [
  ...[listApprovals, getApproval, decideApprovalRoute, listApprovalGrants, revokeApprovalGrantRoute],
];
