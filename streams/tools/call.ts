/** One call: its state and how events change it. */
import type { ToolCallHeld } from '../../schemas/generated/records.ts';
import { assertNever, type RecordOf } from '../kernel.ts';

export type Input = RecordOf<
  | 'PolicyDecided'
  | 'ToolCallBegan'
  | 'ToolCallEnded'
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
type CallEvent = RecordOf<
  | 'ToolCallHeld'
  | 'ToolCallWaiting'
  | 'ToolCallRevisionRefused'
  | 'ToolCallRequested'
  | 'ToolCallStarted'
  | 'ToolCallCompleted'
  | 'ToolCallRefused'
>;
export type Output = CallEvent | RecordOf<'RunToolCall' | 'ReviseToolCall' | 'QuarantineTool'>;

/** A call that has not ended, and what its end needs. */
export interface Running {
  readonly tenantId: string;
  readonly toolId: string;
  readonly isIrreversible: boolean;
  /** Absent in a state from before outputs had a session. */
  readonly sessionId?: string | null;
  /** Manifest that it runs under; absent in a state from before definitions could change. */
  readonly digest?: string;
  /** Run of an agent that asked for it; null for any other caller, absent in a state from before agents. */
  readonly runId?: string | null;
}

/**
 * absent ──allow──▶ requested ──began──▶ started ──ended──▶ ended
 *    │                  │  ▲ └────────────ended───────────────▶ ended
 *    │                  │  │
 *    └─allow, approval─▶ held ──rejected, expired, tool changed──▶ ended
 *                         └─ an edit that policy allows ─▶ held
 *
 * An ended call has no state, except an irreversible one and one that was held: however late a repeat of its command is, it
 * runs once. Some 60 bytes as JSON; a held call has its arguments as well, at most 130 KB.
 */
export type CallState =
  | { readonly status: 'absent' | 'ended' }
  | ({ readonly status: 'requested' | 'started' } & Running)
  | { readonly status: 'held'; readonly held: ToolCallHeld }
  | { readonly status: 'kept' };

export const isRunning = (state: CallState): state is Extract<CallState, Running> =>
  state.status === 'requested' || state.status === 'started';

/** Folds one output into the state of its call. */
export function evolve(state: CallState, event: Output): CallState {
  switch (event.type) {
    case 'ToolCallHeld': {
      const { decision } = event.data;
      // Adding 0 makes 0 of -0, which JSON does not have.
      const kept = { ...decision, score: decision.score + 0, threshold: decision.threshold + 0 };
      return { status: 'held', held: { ...event.data, decision: kept } };
    }
    case 'ToolCallRequested': {
      const { tenantId, toolId, digest, effect, sessionId, runId } = event.data;
      // A call that people approved is kept when it has ended: an approval is used once.
      const isIrreversible = effect === 'irreversible' || state.status === 'held';
      return { status: 'requested', tenantId, toolId, isIrreversible, digest, sessionId, runId };
    }
    case 'ToolCallStarted':
      return isRunning(state) ? { ...state, status: 'started' } : state;
    case 'ToolCallCompleted':
      return isRunning(state) && state.isIrreversible ? { status: 'kept' } : { status: 'ended' };
    case 'ToolCallRefused':
      return state.status === 'held' ? { status: 'kept' } : state;
    case 'ToolCallWaiting':
    case 'ToolCallRevisionRefused':
    case 'RunToolCall':
    case 'ReviseToolCall':
    case 'QuarantineTool':
      return state;
    default:
      return assertNever(event);
  }
}
