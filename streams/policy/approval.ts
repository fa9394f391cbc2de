import { covers, nothing } from '../../schemas/amount.ts';
import { APPROVAL_MS_DEFAULT, strictest } from '../../schemas/contexts/approvals.ts';
import type { ApprovalCondition, ConstitutionDocument } from '../../schemas/contexts/constitution/document.ts';
import type { ApprovalRequirement } from '../../schemas/generated/records.ts';
import type { GovernedRequest } from '../../schemas/governed.ts';
import { namedResource, type ToolCallFacts } from '../../schemas/governed-command.ts';

/**
 * Returns the approvals that the rules of a constitution ask for; null for none, and for a command that calls no tool.
 * `labels` are those of the call and its session. Never throws.
 */
export function approvalFor(
  { approvals = [] }: ConstitutionDocument,
  { toolCall, resource }: GovernedRequest,
  labels: readonly string[],
): ApprovalRequirement | null {
  if (toolCall === undefined) return null;
  const call = { ...toolCall, tool: namedResource(resource).id, labels };
  return strictest(
    approvals
      .filter(({ when }) => holds(when, call))
      .map(({ id, required = 1, capability, expires_ms: expiresMs = APPROVAL_MS_DEFAULT, escalate }) => ({
        ...{ rules: [id], required, capabilities: capability === undefined ? [] : [capability], expiresMs },
        ...{ escalateAfterMs: escalate?.after_ms ?? null, escalateCapability: escalate?.capability ?? null },
      })),
  );
}

interface Call extends ToolCallFacts {
  readonly tool: string;
  readonly labels: readonly string[];
}

const holds = (when: ApprovalCondition, { effect, costMax, tool, labels }: Call): boolean =>
  (when.effects === undefined || when.effects.includes(effect)) &&
  (when.tools === undefined || when.tools.includes(tool)) &&
  (when.labels === undefined || when.labels.some((label) => labels.includes(label))) &&
  (when.cost_over === undefined || isMore(costMax, when.cost_over));

/** Compares decimals exactly. */
const isMore = (cost: string, limit: string): boolean => !covers({ ...nothing, cost: limit }, { ...nothing, cost });
