import { describe, expect, it } from 'vitest';
import type { Schemas } from '../../../../infra/client/api.ts';
import { LiveTurns } from './live-turns.ts';
import { eventsOfSessions } from './session-events.ts';

type Session = Schemas['Session'];
type Turn = Schemas['Turn'];

const turn = (over: Partial<Turn>): Turn => ({
  ...{ turn_id: 't', status: 'completed', prompt: 'Hello?', text: 'Hi', model_id: 'small', finish_reason: 'stop' },
  ...{
    tokens_consumed: { prompt: 2, completion: 1 },
    latency_ms: 9,
    code: null,
    detail: null,
    decision: null,
    recalled: null,
    moderation: null,
  },
  ...{ queued_at: '2026-01-01T00:00:00Z', started_at: '2026-01-01T00:00:01Z', ended_at: '2026-01-01T00:00:02Z' },
  ...over,
});
const session = (over: Partial<Session>): Session => ({
  ...{ session_id: 's', status: 'started', persona: 'guide', capabilities: [], model: null, metadata: {} },
  ...{ turn_count: 1, tokens_consumed: { prompt: 2, completion: 1 }, code: null, detail: null, decision: null },
  ...{ created_at: '2026-01-01T00:00:00Z', updated_at: null, turns: [turn({})], usage: [] },
  ...over,
});

describe('turns that a read model has', () => {
  it('become the events that a page would have seen, the oldest turn first', () => {
    const later = turn({
      turn_id: 'later',
      status: 'running',
      queued_at: '2026-01-01T01:00:00Z',
      ended_at: null,
      text: null,
    });
    const events = eventsOfSessions([session({ session_id: 'b', turns: [later] }), session({})]);
    expect(events.map(({ event, data }) => [event, data['turn_id']])).toEqual([
      ['turn.queued', 't'],
      ['turn.started', 't'],
      ['turn.completed', 't'],
      ['turn.queued', 'later'],
      ['turn.started', 'later'],
    ]);
  });

  it('are shown as live ones are', () => {
    const turns = new LiveTurns();
    for (const event of eventsOfSessions([session({})])) turns.take(event);
    expect(turns.get('t')).toMatchObject({
      status: 'completed',
      text: 'Hi',
      prompt: 'Hello?',
      tokens: 3,
      latencyMs: 9,
    });
  });

  it('include a start that was denied', () => {
    const denied = session({ session_id: 'no', status: 'refused', code: 'POLICY_DENIED', detail: 'denied', turns: [] });
    const turns = new LiveTurns();
    for (const event of eventsOfSessions([denied])) turns.take(event);
    expect(turns.get('no')).toMatchObject({ sessionId: 'no', status: 'refused', code: 'POLICY_DENIED' });
  });
});
