/** Decisions of people: who may decide, on what, and what follows. */
import { anyCovers } from '../../schemas/capabilities.ts';
import { shapeProblem } from '../../schemas/contexts/approvals/shape.ts';
import {
  APPROVAL_GRANTS_MAX,
  DECIDE_APPROVALS,
  decideCapability,
  GRANT_MS_MAX,
  GRANT_USES_MAX,
} from '../../schemas/contexts/approvals.ts';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import { toolName } from '../../schemas/contexts/tools.ts';
import {
  approvalEdited,
  approvalGrantEnded,
  approvalGranted,
  approvalGrantGiven,
  approvalRefused,
  approvalRejected,
  approvalVoted,
  type DecideApproval,
  type GiveApprovalGrant,
  giveApprovalGrant,
  type PolicyDecided,
  type RevokeApprovalGrant,
} from '../../schemas/generated/records.ts';
import { derivedId } from '../../schemas/ids.ts';
import type { Meta } from '../kernel.ts';
import { grantHomeOf } from './outside-sessions.ts';
import { type ApprovalEvent, grantOf, type Open, type Output, openOf, type ScopeState } from './state.ts';

interface Refusal {
  readonly code: string;
  readonly detail: string;
}
const no = (code: string, detail: string): Refusal => ({ code, detail });

type At = Pick<Meta, 'id' | 'tenantId' | 'timeMs'>;

/** Returns why a principal may not decide on an approval; null when it may. */
function notTheirs(open: Open, { principal, capabilities, credential, toolId }: DecideApproval): Refusal | null {
  if (principal === open.principal || credential !== null)
    return no('APPROVAL_OWN', 'Who asked for a call does not decide on it, and no session does.');
  const escalated = open.escalatedTo !== null && anyCovers(capabilities, open.escalatedTo);
  const general =
    anyCovers(capabilities, DECIDE_APPROVALS) || anyCovers(capabilities, decideCapability(toolName(toolId)));
  const missing = open.requirement.capabilities.filter((capability) => !anyCovers(capabilities, capability));
  if (escalated || (general && missing.length === 0)) return null;
  return no('APPROVAL_NOT_YOURS', `This takes ${[DECIDE_APPROVALS, ...missing].join(' and ')}.`);
}

/** Returns why a decision does not hold for an approval as it is now; null when it does. */
function unfit(open: Open | undefined, command: DecideApproval, { tenantId, timeMs }: At): Refusal | null {
  if (open === undefined || open.tenantId !== tenantId || open.toolId !== command.toolId)
    return no('APPROVAL_ENDED', 'No approval of this id waits.');
  if (timeMs >= open.expiresAt) return no('APPROVAL_EXPIRED', 'The time of the approval is over.');
  const theirs = notTheirs(open, command);
  if (theirs !== null) return theirs;
  if (open.revisingBy !== null || command.digest !== open.digest)
    return no('APPROVAL_CHANGED', `The approval is of sha256 ${open.digest} now: look at it again.`);
  return null;
}

function unfitVote(state: ScopeState, open: Open, { principal, grant }: DecideApproval): Refusal | null {
  const { required } = open.requirement;
  if (open.approvers.includes(principal)) return no('APPROVAL_REPEATED', `${principal} has approved it already.`);
  if (required > 1 && open.editor === principal)
    return no('APPROVAL_OWN', 'Where several must approve, the editor of the arguments is not one of them.');
  if (grant === null) return null;
  const { shape, lifetimeMs, usesMax } = grant;
  if (required > 1) return no('GRANT_INVALID', `A call that ${required} must approve takes no grant.`);
  if (lifetimeMs < 1 || lifetimeMs > GRANT_MS_MAX || usesMax < 1 || usesMax > GRANT_USES_MAX)
    return no('GRANT_INVALID', `A grant lasts at most ${GRANT_MS_MAX} ms and ${GRANT_USES_MAX} calls.`);
  const problem = shape === null ? null : shapeProblem(shape);
  if (problem !== null) return no('GRANT_INVALID', `The shape is not usable: ${problem}.`);
  return Object.keys(state.grants).length >= APPROVAL_GRANTS_MAX
    ? no('GRANT_INVALID', `The session has ${APPROVAL_GRANTS_MAX} grants.`)
    : null;
}

/** Decides on a decision of policy on DecideApproval. */
export function decided(state: ScopeState, command: DecideApproval, by: PolicyDecided, at: At): readonly Output[] {
  const { approvalId, scopeId, principal, reason } = command;
  const { decision } = by;
  const refuse = ({ code, detail }: Refusal, shortfall: ReturnType<typeof refusalOf>['shortfall'] = null) => [
    approvalRefused({ scopeId, subjectId: approvalId, principal, code, detail, decision, shortfall }),
  ];
  if (decision.outcome === 'deny') return refuse(refusalOf(by));
  const open = openOf(state, approvalId);
  const refusal = unfit(open, command, at);
  if (refusal !== null || open === undefined) return refuse(refusal ?? no('APPROVAL_ENDED', ''));
  const { revision, digest } = open;
  const of = { scopeId, approvalId, revision, digest };
  switch (command.outcome) {
    case 'reject':
      return [approvalRejected({ ...of, principal, code: 'APPROVAL_REJECTED', reason })];
    case 'edit':
      return command.arguments === null
        ? refuse(no('REQUEST_INVALID', 'An edit needs arguments.'))
        : [approvalEdited({ scopeId, approvalId, revision, principal, arguments: command.arguments, reason })];
    case 'approve': {
      const unfitting = unfitVote(state, open, command);
      return unfitting === null ? voted(open, command, at) : refuse(unfitting);
    }
    default:
      return refuse(no('REQUEST_INVALID', `${command.outcome} is not approve, reject or edit.`));
  }
}

/** Counts an approval; the last one that is needed lets the call run, and gives the grant that came with it. */
function voted(open: Open, command: DecideApproval, { id, tenantId, timeMs: since }: At): readonly Output[] {
  const { approvalId, scopeId, principal, reason, grant } = command;
  const { revision, digest, toolId, toolDigest } = open;
  const { required, capabilities } = open.requirement;
  const approvers = [...open.approvers, principal];
  const of = { scopeId, approvalId, revision, digest };
  const vote = approvalVoted({ ...of, principal, reason, given: approvers.length, required });
  if (approvers.length < required) return [vote];
  const { sessionId } = open;
  const bounds = grant && {
    ...{ grantId: derivedId(id, 'approvals', 'grant'), tenantId, toolId, toolDigest, principal },
    ...{ initiator: open.principal, capabilities, labels: open.labels, since, until: since + grant.lifetimeMs },
    argumentsDigest: grant.shape === null ? open.argumentsDigest : null,
    ...{ shape: grant.shape, usesMax: grant.usesMax },
  };
  const given = bounds === null ? [] : [givenIn(sessionId, bounds, open)];
  return [vote, ...given, approvalGranted({ ...of, toolId, approvers, grantId: null, uses: null })];
}

/** Gives a grant in its session; outside sessions, where all calls of the caller can ask for it. */
const givenIn = (
  sessionId: string | null,
  bounds: Omit<GiveApprovalGrant, 'scopeId' | 'place'>,
  open: Pick<Open, 'tenantId' | 'toolId' | 'principal'>,
): Output =>
  sessionId === null
    ? giveApprovalGrant({ ...bounds, ...grantHomeOf(open.tenantId, open) })
    : approvalGrantGiven({ ...bounds, scopeId: sessionId, outsideSessions: false });

/** Decides on a decision of policy on RevokeApprovalGrant. */
export function revoked(
  state: ScopeState,
  { grantId, scopeId, toolId, principal }: RevokeApprovalGrant,
  by: PolicyDecided,
  { tenantId }: At,
): readonly ApprovalEvent[] {
  const { decision } = by;
  const refuse = ({ code, detail }: Refusal) => [
    approvalRefused({ scopeId, subjectId: grantId, principal, code, detail, decision, shortfall: null }),
  ];
  if (decision.outcome === 'deny') return refuse(refusalOf(by));
  const grant = grantOf(state, grantId);
  return grant === undefined || grant.tenantId !== tenantId || grant.toolId !== toolId
    ? refuse(no('GRANT_ENDED', 'No grant of this id is in force.'))
    : [approvalGrantEnded({ scopeId, grantId, code: 'GRANT_REVOKED', principal })];
}
