import { expect, test } from 'vitest';
import { RecentEvents } from './recent-events.ts';
import type { StreamEvent } from './stream-event.ts';

const event = (sessionId: string, sequence: number): StreamEvent => ({
  kind: 'event',
  sessionId,
  turnId: 't',
  name: 'turn.queued',
  sequence,
  body: '',
  answer: null,
  endsAnswer: false,
});
const began = [{ topic: 'conversation.events', partition: 0, offset: 10 }];
const at = (offset: number) => [{ topic: 'conversation.events', partition: 0, offset }];

test('events behind a sequence are returned only when the next one is here', () => {
  const recent = new RecentEvents();
  for (const sequence of [3, 4, 5])
    recent.add(event('s', sequence), 'demo', { partition: 0, offset: sequence, bytes: 1 });
  expect(recent.after('s', 3).map(({ sequence }) => sequence)).toEqual([4, 5]);
  expect(recent.after('s', 2)).toHaveLength(3);
  expect(recent.after('s', 1)).toEqual([]);
  expect(recent.after('s', 5)).toEqual([]);
  expect(recent.after('other', 0)).toEqual([]);
});

test('a reader at the first position of the tail misses no event; an earlier one may', () => {
  const recent = new RecentEvents();
  expect(recent.covers(at(10), began)).toBe(true);
  expect(recent.covers(at(9), began)).toBe(false);
  expect(recent.covers([], began)).toBe(false);
  expect(recent.covers(at(10), [])).toBe(false);
});

test('eviction by count or by bytes moves the floor', () => {
  for (const limits of [{ itemsMax: 2 }, { bytesMax: 20 }]) {
    const recent = new RecentEvents(limits);
    for (let n = 0; n < 4; n += 1) recent.add(event(`s${n}`, 1), 'demo', { partition: 0, offset: 10 + n, bytes: 10 });
    expect(recent.after('s1', 0)).toEqual([]);
    expect(recent.after('s2', 0)).toHaveLength(1);
    expect(recent.tenantOf('s1')).toBeUndefined();
    expect(recent.covers(at(11), began)).toBe(false);
    expect(recent.covers(at(12), began)).toBe(true);
  }
});
