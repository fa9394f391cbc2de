import type { PolicyDecided, StartSession } from '../../schemas/generated/records.ts';
import { sessionRefused, sessionStarted } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { denialDetail, refusalCode } from '../kernel/denial.ts';
import { type AnyRecord, assertNever, processor, type RecordOf } from '../kernel.ts';

/**
 * absent ──allow──▶ started      a start that is repeated finds the session and says nothing more
 *   └─deny─▶ refused ──allow──▶ started      a refusal binds nothing: asked again, it is decided again
 */
export type SessionState =
  | { readonly status: 'absent' }
  | { readonly status: 'refused'; readonly decisionId: string }
  | { readonly status: 'started' };

export type SessionEvent = RecordOf<'SessionStarted' | 'SessionRefused'>;

/** The StartSession that a decision carries, or null: other commands are for other contexts. */
const startOf = ({ command }: PolicyDecided): StartSession | null =>
  command.type === 'StartSession' ? command.data : null;

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

function outcome(start: StartSession, { decision }: PolicyDecided): SessionEvent {
  const { sessionId, principal, requestDigest } = start;
  if (decision.outcome === 'deny')
    return sessionRefused({
      sessionId,
      principal,
      code: refusalCode(decision),
      detail: denialDetail(decision),
      requestDigest,
      decision,
    });
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

/** State: some 70 bytes a session, kept for ever, so that a start is idempotent for ever. */
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
