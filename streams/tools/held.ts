/** A call that waits for people: what their decisions make of it. */
import {
  type ApprovalEdited,
  type ApprovalGranted,
  type ApprovalRequested,
  type CommandChain,
  reviseToolCall,
  runToolCall,
  type ToolCallHeld,
  toolCallRefused,
  toolCallRequested,
  toolCallWaiting,
} from '../../schemas/generated/records.ts';
import type { RecordOf } from '../kernel.ts';
import { type About, toolUnder } from './asked.ts';
import type { Output } from './call.ts';

/** Says that the call waits, once for each version of its arguments. */
export function waiting(
  held: ToolCallHeld,
  { digest, requirement, expiresAt }: ApprovalRequested,
  about: At,
): readonly Output[] {
  if (digest !== held.approvalDigest) return [];
  const { callId, toolId } = held;
  return [
    toolCallWaiting({
      callId,
      toolId,
      digest,
      required: requirement.required,
      expiresAt,
      chain: chainOf(held, about),
      capsuleId: held.capsuleId,
    }),
  ];
}

/**
 * Requests the effect. Only for the digest that is held: a grant for other arguments, another manifest or another decision
 * emits nothing. Refuses the call when its tool has changed since.
 */
export function granted(held: ToolCallHeld, { digest }: ApprovalGranted, about: About): readonly Output[] {
  if (digest !== held.approvalDigest) return [];
  const found = toolUnder(held, about);
  if ('code' in found) return [refused(held, found, about)];
  const { callId, toolId, principal, tenantId, toolVersion, effect, tier, labels, costMax, credential, runId } = held;
  const { decisionId } = held.decision;
  const chain = chainOf(held, about);
  const allLabels = [...new Set([...labels, ...held.flow.map(({ label }) => label)])];
  const call = {
    callId,
    toolId,
    digest: held.digest,
    principal,
    arguments: held.arguments,
    decisionId,
    purpose: 'call',
  };
  const sessionId = credential?.sessionId ?? null;
  return [
    toolCallRequested({ ...call, tenantId, toolVersion, sessionId, effect, tier, labels, costMax, chain, runId }),
    runToolCall({ ...call, envelope: found.tool.envelope, chain, sessionId, labels: allLabels }),
  ];
}

/** Asks policy about edited arguments, as the principal of the call. */
export function edited(held: ToolCallHeld, edit: ApprovalEdited): readonly Output[] {
  if (edit.revision !== held.revision) return [];
  const { callId, toolId, principal, capabilities, credential, digest, effect, costMax, labels } = held;
  return [
    reviseToolCall({
      ...{ callId, toolId, principal, capabilities, credential, digest, effect, costMax, labels },
      ...{ arguments: edit.arguments, revision: held.revision + 1 },
    }),
  ];
}

/** Ends the call: its reservation is returned with the refusal. */
export function ended(
  held: ToolCallHeld,
  event: RecordOf<'ApprovalRejected' | 'ApprovalExpired'>,
  about: At,
): readonly Output[] {
  if (event.data.digest !== held.approvalDigest) return [];
  if (event.type === 'ApprovalExpired')
    return [refused(held, { code: 'APPROVAL_EXPIRED', detail: 'No decision on the call came in time.' }, about)];
  const { code, principal, reason } = event.data;
  const detail =
    code === 'APPROVAL_REJECTED'
      ? `${principal} rejected the call${reason === '' ? '' : `: ${reason}`}.`
      : 'Too many calls of the session wait for an approval.';
  return [refused(held, { code, detail }, about)];
}

type At = Pick<About, 'chain'>;

/** Continues the chain of the command that asked for the call, at the time of the record that is decided on. */
const chainOf = ({ commandChain }: ToolCallHeld, { chain: { time } }: At): CommandChain => ({ ...commandChain, time });

const refused = (
  held: ToolCallHeld,
  { code, detail }: { readonly code: string; readonly detail: string },
  about: At,
): Output => {
  const { callId, toolId, principal, decision, runId } = held;
  const chain = chainOf(held, about);
  return toolCallRefused({ callId, toolId, principal, code, detail, decision, shortfall: null, chain, runId });
};
