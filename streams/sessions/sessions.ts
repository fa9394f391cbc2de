import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import type { ChangeSession, PolicyDecided, StartSession } from '../../schemas/generated/records.ts';
import {
  sessionChanged,
  sessionChangeRefused,
  sessionRefused,
  sessionStarted,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { type AnyRecord, assertNever, processor, type RecordOf } from '../kernel.ts';

/**
 * absent ──allow──▶ started                   a repeated start finds the session and emits nothing
 *   └─deny─▶ refused ──allow──▶ started      a refusal is not final: a repeated start is decided again
 */
export type SessionState =
  | { readonly status: 'absent' }
  | { readonly status: 'refused'; readonly decisionId: string }
  | { readonly status: 'started' };

export type SessionEvent = RecordOf<'SessionStarted' | 'SessionRefused' | 'SessionChanged' | 'SessionChangeRefused'>;

/** Returns the StartSession that a decision carries, or null: other commands belong to other contexts. */
const startOf = ({ command }: PolicyDecided): StartSession | null =>
  command.type === 'StartSession' ? command.data : null;

/**
 * Decides on a decision of policy: starts or refuses its session, or returns nothing for repeats and other commands.
 */
export function decide(state: SessionState, { data }: RecordOf<'PolicyDecided'>): readonly SessionEvent[] {
  if (data.command.type === 'ChangeSession') return [change(state, data.command.data, data)];
  const start = startOf(data);
  if (start === null) return [];
  switch (state.status) {
    case 'started':
      return [];
    case 'refused':
      return state.decisionId === data.decision.decisionId ? [] : [outcome(start, data)];
    case 'absent':
      return [outcome(start, data)];
    default:
      return assertNever(state);
  }
}

/** Returns the outcome of a change. A change of the same kind again is one more: the latest counts. */
function change(state: SessionState, command: ChangeSession, decided: PolicyDecided): SessionEvent {
  const { sessionId, principal, change: kind, contentId, value } = command;
  const { decision } = decided;
  if (decision.outcome === 'deny') {
    const { code, detail, shortfall } = refusalOf(decided);
    return sessionChangeRefused({ sessionId, principal, code, detail, decision, shortfall });
  }
  const { decisionId } = decision;
  if (state.status === 'started')
    return sessionChanged({ sessionId, principal, change: kind, contentId, value, decisionId });
  const unknown = { code: 'SESSION_UNKNOWN', detail: 'No session of this id was started.' };
  return sessionChangeRefused({ sessionId, principal, ...unknown, decision, shortfall: null });
}

function outcome(start: StartSession, decided: PolicyDecided): SessionEvent {
  const { sessionId, principal, requestDigest } = start;
  const { decision } = decided;
  if (decision.outcome === 'deny')
    return sessionRefused({ sessionId, principal, requestDigest, ...refusalOf(decided) });
  return sessionStarted({
    sessionId,
    principal,
    persona: start.persona,
    capabilities: start.capabilities,
    model: start.model,
    metadata: start.metadata,
    turnId: start.prompt === null ? null : start.turnId,
    requestDigest,
    decision,
  });
}

/** Folds one event into the state. A started session never ends. */
export function evolve(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case 'SessionStarted':
      return { status: 'started' };
    case 'SessionRefused':
      return state.status === 'started' ? state : { status: 'refused', decisionId: event.data.decision.decisionId };
    case 'SessionChanged':
    case 'SessionChangeRefused':
      return state;
    default:
      return assertNever(event);
  }
}

const concerns = ({ command }: PolicyDecided): boolean =>
  command.type === 'StartSession' || command.type === 'ChangeSession';

/** Starts sessions, and changes what is shown of them. State: about 70 bytes per session, kept permanently, so that a start is always idempotent. */
export const sessions = processor({
  name: 'sessions',
  inputs: [topics.policyDecisions],
  outputs: [topics.sessionsEvents],
  state: topics.sessionsState,
  initial: { status: 'absent' } as SessionState,
  key: (record: AnyRecord) => (record.type === 'PolicyDecided' && concerns(record.data) ? record.data.subjectId : null),
  decide,
  evolve,
});
