import { expect, test } from 'vitest';
import { HEARTBEAT_FRAME, StreamCut, type StreamScope } from './frames.ts';
import { type StreamEvent, type StreamName, streamEvent } from './stream-event.ts';

const event = (sequence: number, name: StreamName | null, turnId: string | null): StreamEvent =>
  streamEvent({
    eventId: `e${sequence}`,
    sessionId: 's',
    turnId,
    name,
    sequence,
    at: '2026-01-01T00:00:00.000Z',
    payload: { text: 'two\nlines' },
  });
const cut = (scope: Partial<StreamScope> = {}) =>
  new StreamCut({ turnId: null, follow: false, lastEventId: 0, ...scope });

test('a frame is one id, one name and one line of JSON', () => {
  const frame = event(3, 'turn.delta', 't').frame ?? '';
  expect(frame).toMatch(/^id: 3\nevent: turn\.delta\ndata: \{.*\}\n\n$/);
  expect(JSON.parse(frame.split('data: ')[1] ?? '')).toMatchObject({ event_id: 'e3', sequence: 3, text: 'two\nlines' });
});

test('the opening of a conversation is no part of a turn and is not shown', () => {
  expect(cut().take(event(1, null, null))).toBeNull();
});

test('it ends with the last open turn, but not before the past has been read', () => {
  const stream = cut();
  stream.take(event(2, 'turn.started', 'a'));
  stream.take(event(3, 'turn.completed', 'a'));
  expect(stream.ended).toBe(false);
  stream.take(event(4, 'turn.queued', 'b'));
  stream.caughtUp();
  expect(stream.ended).toBe(false);
  stream.take(event(5, 'turn.failed', 'b'));
  expect(stream.ended).toBe(true);
});

test('of one turn it ends as soon as that turn does', () => {
  const stream = cut({ turnId: 'b' });
  expect(stream.take(event(2, 'turn.completed', 'a'))).toBeNull();
  expect(stream.ended).toBe(false);
  expect(stream.take(event(3, 'turn.refused', 'b'))).not.toBeNull();
  expect(stream.ended).toBe(true);
});

test('what the reader has is read again but not shown, so that open turns are known', () => {
  const stream = cut({ lastEventId: 3 });
  expect(stream.readAfter).toBe(0);
  expect(stream.take(event(2, 'turn.started', 'a'))).toBeNull();
  expect(stream.take(event(3, 'turn.completed', 'a'))).toBeNull();
  stream.caughtUp();
  expect(stream.ended).toBe(true);
});

test('a stream that follows skips what the reader has, and never ends', () => {
  const stream = cut({ follow: true, lastEventId: 7 });
  expect(stream.readAfter).toBe(7);
  stream.caughtUp();
  stream.take(event(8, 'turn.completed', 'a'));
  expect(stream.ended).toBe(false);
  expect(stream.waitsForFirstTurn).toBe(false);
});

test('a heartbeat is a comment', () => {
  expect(HEARTBEAT_FRAME.startsWith(':')).toBe(true);
});
