import { expect, it } from 'vitest';
import { inCauseOrder } from './cause-order.ts';

const at = '2026-11-29T00:00:00.000Z';
const event = (event_id: string, cause: string, topic: string, offset: number, appended_at = at) => ({
  ...{ event_id, topic, offset, appended_at },
  metadata: { ce_causationid: cause },
});
const ids = (...events: readonly ReturnType<typeof event>[]): string[] =>
  inCauseOrder(events).map(({ event_id: id }) => id);

it('events are ordered by time, then by cause, then by their place in the log', () => {
  const decided = event('decided', 'command', 'policy.decisions', 9);
  const started = event('started', 'decided', 'sessions.events', 1);
  const turn = event('turn', 'started', 'conversation.events', 3);
  const next = event('next', 'started', 'conversation.events', 4);
  const later = event('later', 'unknown', 'a.events', 0, '2026-11-29T00:00:00.001Z');
  expect(ids(later, next, turn, started, decided)).toEqual(['decided', 'started', 'turn', 'next', 'later']);
});

it('events that name each other as causes are ordered too', () => {
  expect(ids(event('a', 'b', 't', 2), event('b', 'a', 't', 1))).toEqual(['b', 'a']);
});
