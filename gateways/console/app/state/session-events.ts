import type { Schemas } from '../../../../infra/client/api.ts';
import type { TurnEvent } from '../../../../infra/client/turn-events.ts';

type Turn = Schemas['Turn'];

/** Returns the events of a turn that a read model has, for a page that did not see them arrive. */
function eventsOf(sessionId: string, turn: Turn): TurnEvent[] {
  const event = (name: string, at: string | null, data: Readonly<Record<string, unknown>> = {}): TurnEvent[] =>
    at === null
      ? []
      : [
          {
            id: '',
            event: name,
            data: { session_id: sessionId, turn_id: turn.turn_id, at, prompt: turn.prompt, ...data },
          },
        ];
  const { text, model_id, tokens_consumed, latency_ms, code, detail, decision } = turn;
  const hasEnded = turn.status === 'completed' || turn.status === 'failed' || turn.status === 'refused';
  return [
    ...event('turn.queued', turn.queued_at ?? turn.started_at ?? turn.ended_at),
    ...event('turn.started', turn.started_at),
    ...(hasEnded
      ? event(`turn.${turn.status}`, turn.ended_at ?? turn.started_at ?? turn.queued_at, {
          ...{ text, model_id, tokens_consumed, latency_ms, code, detail, decision },
        })
      : []),
  ];
}

const timeOf = ([first]: readonly TurnEvent[]): string => {
  const at = first?.data['at'];
  return typeof at === 'string' ? at : '';
};

/** Returns the event of a start that was denied, as that of a turn with the id of the session: it has no other. */
export function refusedStart({ session_id: id, status, ...session }: Schemas['Session']): TurnEvent[] {
  const { created_at: at, updated_at, persona, code, detail, decision } = session;
  if (status !== 'refused') return [];
  const data = { session_id: id, turn_id: id, at: at ?? updated_at ?? '', persona, code, detail, decision };
  return [{ id: '', event: 'turn.refused', data }];
}

/** Returns the events of sessions, that of the oldest turn or denied start first. */
export const eventsOfSessions = (sessions: readonly Schemas['Session'][]): readonly TurnEvent[] =>
  sessions
    .flatMap((session) => [refusedStart(session), ...session.turns.map((turn) => eventsOf(session.session_id, turn))])
    .sort((a, b) => timeOf(a).localeCompare(timeOf(b)))
    .flat();
