/** Approvals and grants of one session: their state and how events change it. */
import type { ApprovalGrantGiven, ApprovalRequested } from '../../schemas/generated/records.ts';
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
>;

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

/** At most 70 KB as JSON. */
export interface ScopeState {
  readonly approvals: Readonly<Record<string, Open>>;
  readonly grants: Readonly<Record<string, Grant>>;
}

export const initial: ScopeState = { approvals: {}, grants: {} };

const own = <T>(all: Readonly<Record<string, T>>, id: string): T | undefined =>
  Object.hasOwn(all, id) ? all[id] : undefined;
export const openOf = ({ approvals }: ScopeState, id: string): Open | undefined => own(approvals, id);
export const grantOf = ({ grants }: ScopeState, id: string): Grant | undefined => own(grants, id);

const without = <T>(all: Readonly<Record<string, T>>, id: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(all).filter(([each]) => each !== id));

const changed = (state: ScopeState, id: string, changes: (open: Open) => Partial<Open>): ScopeState => {
  const open = openOf(state, id);
  return open === undefined
    ? state
    : { ...state, approvals: { ...state.approvals, [id]: { ...open, ...changes(open) } } };
};

/** Folds one event into the state of its session. Never throws. */
export const evolveBy =
  (sha256: (text: string) => string) =>
  (state: ScopeState, event: ApprovalEvent): ScopeState => {
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
        return { ...state, approvals: { ...state.approvals, [approvalId]: open } };
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
        const grant = grantId === null ? undefined : grantOf(state, grantId);
        const grants =
          grant === undefined ? state.grants : { ...state.grants, [grant.grantId]: { ...grant, uses: uses ?? 0 } };
        return { approvals: without(state.approvals, approvalId), grants };
      }
      case 'ApprovalRejected':
      case 'ApprovalExpired':
        return { ...state, approvals: without(state.approvals, event.data.approvalId) };
      case 'ApprovalGrantGiven':
        return { ...state, grants: { ...state.grants, [event.data.grantId]: { ...event.data, uses: 0 } } };
      case 'ApprovalGrantEnded':
        return { ...state, grants: without(state.grants, event.data.grantId) };
      case 'ApprovalRefused':
        return state;
      default:
        return assertNever(event);
    }
  };
