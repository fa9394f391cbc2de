import type { z } from 'zod';
import type { ApprovalGrantRow, ApprovalRow, ApprovalStepRow } from '../../../projections/approvals/queries.ts';
import { type approvalBody, approvalGrantBody, approvalSummary } from './schemas.ts';

const parsed = (text: string | null): unknown => (text === null ? null : (JSON.parse(text) as unknown));

/** Returns the body of an approval in a list. Throws on a status that this version does not know. */
export const approvalSummaryOf = (row: ApprovalRow): z.infer<typeof approvalSummary> => ({
  ...{ approval_id: row.approval_id, tool: row.tool ?? '', status: approvalSummary.shape.status.parse(row.status) },
  ...{ principal: row.principal, effect: row.effect, digest: row.digest, revision: row.revision ?? 1 },
  ...{ given: row.given ?? 0, required: row.required ?? 1, created_at: row.created_at },
  ...{ expires_at: row.expires_at, ended_at: row.ended_at },
});

/** Says what a call would do, by its effect. */
function changeOf({ tool, effect }: ApprovalRow): string {
  if (effect === 'read') return `Calls ${tool} once; it changes nothing outside.`;
  if (effect === 'write') return `Calls ${tool} once; it changes data outside.`;
  return `Calls ${tool} once; it cannot be undone.`;
}

/** Returns the body of an approval with its steps. */
export const approvalOf = (row: ApprovalRow, steps: readonly ApprovalStepRow[]): z.infer<typeof approvalBody> => ({
  ...approvalSummaryOf(row),
  ...{ session_id: row.session_id, tool_digest: row.tool_digest, arguments: parsed(row.arguments) },
  labels: (row.labels ?? []) as string[],
  label_sources: (row.flow ?? []) as z.infer<typeof approvalBody>['label_sources'],
  ...{ cost_max: row.cost_max, decision: row.decision, requirement: row.requirement, editor: row.editor },
  ...{ escalated_to: row.escalated_to, grant_id: row.grant_id, code: row.code, change: changeOf(row) },
  steps: steps.map((step) => ({
    ...{ kind: step.kind ?? '', revision: step.revision ?? 1, digest: step.digest, principal: step.principal },
    ...{ detail: step.detail, grant_id: step.grant_id, created_at: step.created_at },
  })),
});

/** Returns the body of a grant. */
export const approvalGrantOf = (row: ApprovalGrantRow): z.infer<typeof approvalGrantBody> => ({
  ...{ grant_id: row.grant_id, status: approvalGrantBody.shape.status.parse(row.status), tool: row.tool ?? '' },
  ...{ tool_digest: row.tool_digest, initiator: row.initiator, principal: row.principal },
  session_id: row.reach === 'caller' ? null : row.scope_id,
  ...{ arguments_digest: row.arguments_digest, shape: parsed(row.shape), uses: row.uses ?? 0 },
  ...{ uses_max: row.uses_max ?? 0, code: row.code, ended_by: row.ended_by, created_at: row.created_at },
  ...{ until: row.until, ended_at: row.ended_at },
});

/** Returns the URL of an approval. */
export const approvalUrl = (id: string): string => `/v1/approvals/${id}`;
