/** Approvals and grants of one scope: their state and how events change it. */
import type { ApprovalGrantGiven, ApprovalRequested, ToolCallHeld } from '../../schemas/generated/records.ts';
import { assertNever, type RecordOf } from '../kernel.ts';

export type ApprovalEvent = RecordOf<
  | 'ApprovalRequested'
  | 'ApprovalVoted'
  | 'ApprovalGranted'
  | 'ApprovalRejected'
  | 'ApprovalExpired'
  | 'ApprovalEscalated'
  | 'ApprovalEdited'
  | 'ApprovalEditRefused'
  | 'ApprovalRefused'
  | 'ApprovalGrantGiven'
  | 'ApprovalGrantEnded'
  | 'ApprovalGrantSought'
  | 'ApprovalGrantUsed'
>;

export type Output = ApprovalEvent | RecordOf<'GiveApprovalGrant' | 'UseApprovalGrant' | 'AnswerApprovalGrant'>;

/** What a decision needs of the request: not its arguments, which the call keeps. */
type Asked = Pick<
  ApprovalRequested,
  | 'tenantId'
  | 'toolId'
  | 'toolDigest'
  | 'principal'
  | 'sessionId'
  | 'labels'
  | 'requirement'
  | 'digest'
  | 'revision'
  | 'editor'
  | 'expiresAt'
  | 'escalatesAt'
>;

/**
 * open ──vote──▶ open ──the last vote──▶ (gone)          A vote is of a digest: an edit begins with none.
 *  ├─edit──▶ revising ──policy allows──▶ open
 *  │              └────policy refuses──▶ open, with the votes it had
 *  └─reject, expiry──▶ (gone)
 */
export interface Open extends Asked {
  /** sha256 of the arguments, hex. */
  readonly argumentsDigest: string;
  /** Who approved this digest, in order, each once. */
  readonly approvers: readonly string[];
  /** Capability that suffices after the escalation; null before. */
  readonly escalatedTo: string | null;
  /** Who edited the arguments, while policy decides on them; null otherwise. */
  readonly revisingBy: string | null;
}

/** A grant, and the number of calls that it has covered. */
export interface Grant extends ApprovalGrantGiven {
  readonly uses: number;
}

/** A call outside sessions that waits for the answer whether a grant covers it. */
export interface Sought {
  readonly call: ToolCallHeld;
  /** Time at which people are asked without an answer. */
  readonly until: number;
}

/**
 * A scope is a session, with its approvals and grants; a call outside sessions, with its approval; or all grants of a caller
 * for a tool outside sessions. At most 70 KB as JSON, and 130 KB for the arguments of a call that is sought for.
 */
export interface ScopeState {
  readonly approvals: Readonly<Record<string, Open>>;
  readonly grants: Readonly<Record<string, Grant>>;
  readonly sought: Readonly<Record<string, Sought>>;
}

export const initial: ScopeState = { approvals: {}, grants: {}, sought: {} };

const own = <T>(all: Readonly<Record<string, T>>, id: string): T | undefined =>
  Object.hasOwn(all, id) ? all[id] : undefined;
export const openOf = ({ approvals }: ScopeState, id: string): Open | undefined => own(approvals, id);
export const grantOf = ({ grants }: ScopeState, id: string): Grant | undefined => own(grants, id);
export const soughtOf = ({ sought }: ScopeState, id: string): Sought | undefined => own(sought, id);

const without = <T>(all: Readonly<Record<string, T>>, id: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(all).filter(([each]) => each !== id));

const changed = (state: ScopeState, id: string, changes: (open: Open) => Partial<Open>): ScopeState => {
  const open = openOf(state, id);
  return open === undefined
    ? state
    : { ...state, approvals: { ...state.approvals, [id]: { ...open, ...changes(open) } } };
};

/** Returns the grants after one was used; the same ones where it is of another scope. */
function used(state: ScopeState, grantId: string, uses: number): ScopeState['grants'] {
  const grant = grantOf(state, grantId);
  return grant === undefined ? state.grants : { ...state.grants, [grantId]: { ...grant, uses } };
}

/** Folds one event into the state of its scope. Never throws. */
export const evolveBy =
  (sha256: (text: string) => string) =>
  (state: ScopeState, event: Output): ScopeState => {
    switch (event.type) {
      case 'ApprovalRequested': {
        const { approvalId, arguments: args, ...data } = event.data;
        const { tenantId, toolId, toolDigest, principal, sessionId, labels, requirement, digest, revision } = data;
        const { editor, expiresAt, escalatesAt } = data;
        const escalatedTo = openOf(state, approvalId)?.escalatedTo ?? null;
        const open: Open = {
          ...{ tenantId, toolId, toolDigest, principal, sessionId, labels, requirement, digest, revision, editor },
          ...{ expiresAt, escalatesAt, argumentsDigest: sha256(args), approvers: [], escalatedTo, revisingBy: null },
        };
        return {
          ...state,
          approvals: { ...state.approvals, [approvalId]: open },
          sought: without(state.sought, approvalId),
        };
      }
      case 'ApprovalVoted': {
        const { approvalId, principal } = event.data;
        return changed(state, approvalId, ({ approvers }) => ({ approvers: [...approvers, principal] }));
      }
      case 'ApprovalEdited':
        return changed(state, event.data.approvalId, () => ({ revisingBy: event.data.principal }));
      case 'ApprovalEditRefused':
        return changed(state, event.data.approvalId, () => ({ revisingBy: null }));
      case 'ApprovalEscalated':
        return changed(state, event.data.approvalId, () => ({ escalatedTo: event.data.capability }));
      case 'ApprovalGranted': {
        const { approvalId, grantId, uses } = event.data;
        return {
          approvals: without(state.approvals, approvalId),
          grants: grantId === null ? state.grants : used(state, grantId, uses ?? 0),
          sought: without(state.sought, approvalId),
        };
      }
      case 'ApprovalGrantUsed':
        return { ...state, grants: used(state, event.data.grantId, event.data.uses) };
      case 'ApprovalGrantSought': {
        const { approvalId, call, until } = event.data;
        // Adding 0 makes 0 of -0, which JSON does not have.
        const { score, threshold } = call.decision;
        const decision = { ...call.decision, score: score + 0, threshold: threshold + 0 };
        return { ...state, sought: { ...state.sought, [approvalId]: { call: { ...call, decision }, until } } };
      }
      case 'ApprovalRejected':
      case 'ApprovalExpired':
        return { ...state, approvals: without(state.approvals, event.data.approvalId) };
      case 'ApprovalGrantGiven':
        return { ...state, grants: { ...state.grants, [event.data.grantId]: { ...event.data, uses: 0 } } };
      case 'ApprovalGrantEnded':
        return { ...state, grants: without(state.grants, event.data.grantId) };
      case 'ApprovalRefused':
      case 'GiveApprovalGrant':
      case 'UseApprovalGrant':
      case 'AnswerApprovalGrant':
        return state;
      default:
        return assertNever(event);
    }
  };
