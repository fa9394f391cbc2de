/** Sample records of one approval, for tests: valid, small, and different only where a test says so. */
import { approvalDigest } from '../../schemas/contexts/approvals.ts';
import {
  type ApprovalRequirement,
  type DecideApproval,
  decideApproval,
  type ToolCallHeld,
  toolCallHeld,
} from '../../schemas/generated/records.ts';
import { allowed } from '../testing.ts';

export const CALL = 'call-1';
export const SESSION_ID = 'session-1';

export const one: ApprovalRequirement = {
  ...{ rules: ['irreversible'], required: 1, capabilities: [], expiresMs: 60_000 },
  ...{ escalateAfterMs: null, escalateCapability: null },
};

/** Returns a held call of a session; its digest follows from its arguments. */
export function aHeldCall(tenantId: string, changes: Partial<ToolCallHeld> = {}) {
  const decision = changes.decision ?? allowed;
  const args = changes.arguments ?? '{"amount":5}';
  const digest = changes.digest ?? 'd1.0.0';
  return toolCallHeld({
    ...{ callId: CALL, tenantId, toolId: `${tenantId}/pay`, toolVersion: 1, principal: 'agent' },
    ...{ capabilities: ['tool:execute:pay'], credential: { sessionId: SESSION_ID, issuedAt: 0 } },
    ...{ effect: 'irreversible', tier: 'declared', labels: [], flow: [], costMax: '0.000000000', requirement: one },
    ...{
      revision: 1,
      commandChain: { correlationId: 'c', traceparent: 't', requestDigest: null, time: 0 },
      runId: null,
      capsuleId: null,
    },
    ...changes,
    ...{ arguments: args, digest, decision },
    approvalDigest: approvalDigest({ toolDigest: digest, arguments: args, decisionId: decision.decisionId }),
  });
}

/** Returns a decision on a held call, by `ana` unless the test says otherwise. */
export const aDecision = (held: ToolCallHeld, changes: Partial<DecideApproval> = {}) =>
  decideApproval({
    ...{ approvalId: held.callId, scopeId: held.credential?.sessionId ?? held.callId, toolId: held.toolId },
    ...{ digest: held.approvalDigest, outcome: 'approve', arguments: null, reason: '', grant: null },
    ...{ principal: 'ana', capabilities: ['approval:decide'], credential: null, labels: [] },
    ...changes,
  });
