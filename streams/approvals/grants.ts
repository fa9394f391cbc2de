/** Grants: a person lets like calls of a session, or of a caller outside sessions, run without asking again, within bounds. */

import { fitsShape } from '../../schemas/contexts/approvals/shape.ts';
import { sha256 } from '../../schemas/contexts/approvals.ts';
import { type KillSwitches, scopesOf } from '../../schemas/contexts/kill-switch.ts';
import { digestName, toolName } from '../../schemas/contexts/tools.ts';
import { approvalGrantEnded, type ToolCallHeld } from '../../schemas/generated/records.ts';
import type { ApprovalEvent, Grant, ScopeState } from './state.ts';

/** What decides whether a grant covers a call. */
export type Covered = Pick<ToolCallHeld, 'toolId' | 'digest' | 'principal' | 'arguments' | 'requirement'> & {
  /** Labels that the rules saw. */
  readonly labels: readonly string[];
};

/** Returns what decides of a held call. */
export const coveredOf = ({
  toolId,
  digest,
  principal,
  arguments: args,
  requirement,
  flow,
}: ToolCallHeld): Covered => ({
  ...{ toolId, digest, principal, arguments: args, requirement },
  labels: flow.map(({ label }) => label),
});

/** Returns true when a kill switch over the tool was engaged or released since the grant was given. */
function isVoid({ tenantId, toolId, toolDigest, since }: Grant, switches: KillSwitches): boolean {
  const resources = [toolName(toolId), digestName(toolDigest)].map((id) => ({ type: 'Tool' as const, id }));
  return scopesOf({ tenant: tenantId, resources }).some((scope) => {
    const found = switches.get(scope);
    return found !== undefined && (found.engaged || found.since >= since);
  });
}

/** Returns the code of the end of a grant that a call of its tool finds ended; null while it holds. */
function endOf(grant: Grant, { digest, toolId }: Covered, switches: KillSwitches, timeMs: number): string | null {
  if (timeMs >= grant.until) return 'GRANT_EXPIRED';
  if (grant.uses >= grant.usesMax) return 'GRANT_USED_UP';
  if (isVoid(grant, switches)) return 'GRANT_VOID';
  return grant.toolId === toolId && grant.toolDigest !== digest ? 'GRANT_VOID' : null;
}

/**
 * Returns true when a grant covers a call: its tool, its caller, its arguments; no label and no capability beyond those of
 * the approved call; and one approval must suffice.
 */
function isCovered(grant: Grant, call: Covered): boolean {
  const { requirement, labels } = call;
  return (
    grant.toolId === call.toolId &&
    grant.toolDigest === call.digest &&
    grant.initiator === call.principal &&
    grant.principal !== call.principal &&
    requirement.required === 1 &&
    requirement.capabilities.every((capability) => grant.capabilities.includes(capability)) &&
    labels.every((label) => grant.labels.includes(label)) &&
    (grant.shape === null ? grant.argumentsDigest === sha256(call.arguments) : fitsShape(grant.shape, call.arguments))
  );
}

/** Returns the grant that covers a call, and the ends of grants that no longer hold. */
export function grantFor(
  { grants }: ScopeState,
  call: Covered,
  switches: KillSwitches,
  { scopeId, timeMs }: { readonly scopeId: string; readonly timeMs: number },
): { readonly grant: Grant | null; readonly ended: readonly ApprovalEvent[] } {
  const judged = Object.values(grants).map((grant) => ({ grant, code: endOf(grant, call, switches, timeMs) }));
  return {
    grant: judged.find(({ grant, code }) => code === null && isCovered(grant, call))?.grant ?? null,
    ended: judged.flatMap(({ grant: { grantId }, code }) =>
      code === null ? [] : [approvalGrantEnded({ scopeId, grantId, code, principal: null })],
    ),
  };
}
