import { describe, expect, it } from 'vitest';
import type { TurnEvent } from '../../../../infra/client/turn-events.ts';
import { LiveTurns } from './live-turns.ts';

const at = '2026-01-01T00:00:00.000Z';
const event = (name: string, turn: string, data: Record<string, unknown> = {}): TurnEvent => ({
  id: '1',
  event: `turn.${name}`,
  data: { session_id: `s-${turn}`, turn_id: turn, at, ...data },
});
const delta = (turn: string, start: number, text: string, attempt = 1): TurnEvent =>
  event('delta', turn, { attempt, start, text });

const taken = (...events: TurnEvent[]): LiveTurns => {
  const turns = new LiveTurns();
  for (const each of events) turns.take(each);
  return turns;
};

describe('live turns', () => {
  it('grow from the request to the answer, with one knot for all deltas', () => {
    const turns = taken(
      event('queued', 'a', { prompt: 'Hello?', model: null, position: 0 }),
      event('started', 'a', { prompt: 'Hello?', model: null }),
      delta('a', 0, 'A kh'),
      delta('a', 4, 'ipu'),
      event('completed', 'a', {
        ...{ text: 'A khipu', model_id: 'small', latency_ms: 12, finish_reason: 'stop' },
        tokens_consumed: { prompt: 3, completion: 4 },
      }),
    );
    expect(turns.get('a')).toMatchObject({
      ...{ status: 'completed', prompt: 'Hello?', text: 'A khipu', model: 'small', tokens: 7, latencyMs: 12 },
      knots: [
        { event: 'turn.queued', count: 1 },
        { event: 'turn.started', count: 1 },
        { event: 'turn.delta', count: 2 },
        { event: 'turn.completed', count: 1 },
      ],
    });
  });

  it('discard the text of an earlier attempt', () => {
    const turns = taken(delta('a', 0, 'wrong words'), delta('a', 0, 'right', 2), delta('a', 5, 'late', 1));
    expect(turns.get('a')).toMatchObject({ text: 'right', attempt: 2 });
  });

  it('take a delta again without doubling its text', () => {
    const turns = taken(delta('a', 0, 'A khipu'), delta('a', 2, 'khipu'));
    expect(turns.get('a')?.text).toBe('A khipu');
  });

  it('keep the reason of a refusal', () => {
    const refused = { code: 'POLICY_DENIED', detail: 'denied', decision: { outcome: 'deny', score: 0.4 } };
    expect(taken(event('refused', 'a', refused)).get('a')).toMatchObject({ status: 'refused', ...refused });
  });

  it('show a denied start, which has no turn', () => {
    const data = { session_id: 's', at, code: 'POLICY_DENIED', detail: 'denied' };
    const turn = new LiveTurns().take({ id: '', event: 'session.refused', data });
    expect(turn).toMatchObject({ turnId: 's', sessionId: 's', status: 'refused', code: 'POLICY_DENIED' });
  });

  it('ignore events after the end, and events of no turn', () => {
    const turns = taken(event('failed', 'a', { code: 'SLM_TIMEOUT' }), delta('a', 0, 'late'));
    expect(turns.get('a')).toMatchObject({ status: 'failed', text: '' });
    expect(turns.take({ id: '1', event: 'turn.delta', data: {} })).toBeNull();
  });

  it('are listed newest first', () => {
    const turns = taken(event('queued', 'a'), event('queued', 'b'), event('queued', 'c'));
    expect([turns.at(0)?.turnId, turns.at(2)?.turnId, turns.indexOf('b'), turns.indexOf('x')]).toEqual([
      'c',
      'a',
      1,
      -1,
    ]);
  });

  it('drop the oldest turn that has ended when there are too many, and an open one only when all are open', () => {
    const turns = new LiveTurns(2);
    for (const each of [event('queued', 'a'), event('failed', 'b'), event('queued', 'c')]) turns.take(each);
    expect([turns.at(0)?.turnId, turns.at(1)?.turnId, turns.count, turns.seen]).toEqual(['c', 'a', 2, 3]);
    turns.take(event('queued', 'd'));
    expect([turns.at(0)?.turnId, turns.at(1)?.turnId, turns.open]).toEqual(['d', 'c', 2]);
  });
});
