/**
 * Grants for calls outside sessions. Such calls are in many places, and a number of uses is counted in one: all grants of a
 * caller for a tool are one scope, in a place of its own. A call asks there, and is answered:
 *
 *   ToolCallHeld ─▶ ApprovalGrantSought ── UseApprovalGrant ──▶ (scope of the grants) ── AnswerApprovalGrant ──▶ ApprovalGranted
 *                          └── no answer in GRANT_SEARCH_MS_MAX, or no grant covers it ──▶ ApprovalRequested
 */
import { APPROVAL_GRANTS_MAX, GRANT_SEARCH_MS_MAX, grantScopeOf, scopeOf } from '../../schemas/contexts/approvals.ts';
import type { KillSwitches } from '../../schemas/contexts/kill-switch.ts';
import {
  type AnswerApprovalGrant,
  answerApprovalGrant,
  approvalGrantEnded,
  approvalGranted,
  approvalGrantGiven,
  approvalGrantSought,
  approvalGrantUsed,
  type GiveApprovalGrant,
  type ToolCallHeld,
  type UseApprovalGrant,
  useApprovalGrant,
} from '../../schemas/generated/records.ts';
import { requirePlace, sharedPlaceOf } from '../kernel/place.ts';
import type { Meta } from '../kernel.ts';
import { coveredOf, grantFor } from './grants.ts';
import { grantOf, type Output, type ScopeState, type Sought } from './state.ts';

/** Returns the scope of the grants that a call outside sessions may use, with its place. */
export function grantHomeOf(tenantId: string, of: { readonly toolId: string; readonly principal: string }) {
  const scopeId = grantScopeOf(of);
  return { scopeId, place: sharedPlaceOf(tenantId, scopeId) };
}

/** Asks whether a grant covers a call, before people are asked about it. */
export function seek(call: ToolCallHeld, at: Pick<Meta, 'id' | 'timeMs' | 'place'>): readonly Output[] {
  const { callId: approvalId, tenantId } = call;
  const { digest: toolDigest, ...covered } = coveredOf(call);
  const until = at.timeMs + GRANT_SEARCH_MS_MAX;
  return [
    approvalGrantSought({ scopeId: scopeOf(null, approvalId), approvalId, call, until }),
    useApprovalGrant({
      ...{ ...grantHomeOf(tenantId, call), approvalId, callPlace: requirePlace(at) },
      ...{ ...covered, toolDigest, labels: [...covered.labels] },
    }),
  ];
}

/** Keeps a grant that came with an approval. Above their number it ends at once. */
export function give(state: ScopeState, { place: _place, ...given }: GiveApprovalGrant): readonly Output[] {
  const { scopeId, grantId, since, until } = given;
  // One that ends before it begins covers nothing.
  if (grantOf(state, grantId) !== undefined || until <= Math.max(since, 0)) return [];
  const kept = approvalGrantGiven({ ...given, outsideSessions: true });
  return Object.keys(state.grants).length < APPROVAL_GRANTS_MAX
    ? [kept]
    : [kept, approvalGrantEnded({ scopeId, grantId, code: 'GRANTS_FULL', principal: null })];
}

/** Counts a use of the grant that covers a call, and answers the call. */
export function use(
  state: ScopeState,
  asked: UseApprovalGrant,
  { timeMs }: Pick<Meta, 'timeMs'>,
  switches: KillSwitches,
): readonly Output[] {
  const { scopeId, approvalId, callPlace: place, toolDigest: digest } = asked;
  // A question that names no call cannot be answered.
  if (approvalId === '') return [];
  const { grant, ended } = grantFor(state, { ...asked, digest }, switches, { scopeId, timeMs });
  const answer = { scopeId: scopeOf(null, approvalId), place, approvalId };
  if (grant === null) return [...ended, answerApprovalGrant({ ...answer, grantId: null, approver: null, uses: 0 })];
  const { grantId, principal: approver } = grant;
  const uses = grant.uses + 1;
  return [
    ...ended,
    approvalGrantUsed({ scopeId, grantId, approvalId, uses }),
    answerApprovalGrant({ ...answer, grantId, approver, uses }),
  ];
}

/** Lets the call run that a grant covers; null when none does. */
export function answered({ call }: Sought, answer: AnswerApprovalGrant): readonly Output[] | null {
  const { grantId, approver, approvalId, uses } = answer;
  if (grantId === null || approver === null) return null;
  const { toolId, revision, approvalDigest: digest } = call;
  const of = { scopeId: scopeOf(null, approvalId), approvalId, revision, digest };
  return [approvalGranted({ ...of, toolId, approvers: [approver], grantId, uses })];
}
