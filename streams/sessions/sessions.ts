import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import type { PolicyDecided, StartSession } from '../../schemas/generated/records.ts';
import { sessionRefused, sessionStarted } from '../../schemas/generated/records.ts';
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

export type SessionEvent = RecordOf<'SessionStarted' | 'SessionRefused'>;

/** Returns the StartSession that a decision carries, or null: other commands belong to other contexts. */
const startOf = ({ command }: PolicyDecided): StartSession | null =>
  command.type === 'StartSession' ? command.data : null;

/**
 * Decides on a decision of policy: starts or refuses its session, or returns nothing for repeats and other commands.
 */
export function decide(state: SessionState, { data }: RecordOf<'PolicyDecided'>): readonly SessionEvent[] {
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
    default:
      return assertNever(event);
  }
}

/** Starts sessions. State: about 70 bytes per session, kept permanently, so that a start is always idempotent. */
export const sessions = processor({
  name: 'sessions',
  inputs: [topics.policyDecisions],
  outputs: [topics.sessionsEvents],
  state: topics.sessionsState,
  initial: { status: 'absent' } as SessionState,
  key: (record: AnyRecord) =>
    record.type === 'PolicyDecided' && startOf(record.data) !== null ? record.data.subjectId : null,
  decide,
  evolve,
});
