import { expect, test } from 'vitest';
import { HEARTBEAT_FRAME } from '../shared/stream/frame.ts';
import { AnswerText } from './answer-text.ts';
import { StreamCut, type StreamScope } from './stream-cut.ts';
import { type StreamEvent, type StreamName, streamEvent } from './stream-event.ts';
import { beginning, positionOf } from './stream-position.ts';

const at = '2026-01-01T00:00:00.000Z';
const event = (
  sequence: number,
  name: StreamName | null,
  turnId: string | null,
  payload: Readonly<Record<string, unknown>> = { prompt: 'two\nlines' },
): StreamEvent => streamEvent({ eventId: `e${sequence}`, sessionId: 's', turnId, name, sequence, at, payload });
const completed = (sequence: number, text: string, attempt = 1): StreamEvent =>
  event(sequence, 'turn.completed', 't', { attempt, text });
const text = (turn: number, start: number, words: string, attempt = 1): AnswerText =>
  new AnswerText({ sessionId: 's', turnId: 't', turn, attempt, start, text: words, eventId: 'd', at });
const cut = (scope: Partial<StreamScope> = {}) =>
  new StreamCut({ turnId: null, follow: false, has: beginning, ...scope });
const idOf = (frame: string | undefined): string => /^id: (.*)$/m.exec(frame ?? '')?.[1] ?? '';
const dataOf = (frame: string | undefined): Record<string, unknown> => JSON.parse(frame?.split('data: ')[1] ?? '{}');
/** Starts turn `t` at sequence 2 of a stream. */
const running = (scope: Partial<StreamScope> = {}): StreamCut => {
  const stream = cut(scope);
  stream.take(event(2, 'turn.started', 't'));
  return stream;
};

test('a frame is one id, one name and one line of JSON', () => {
  const [frame = ''] = cut().take(event(3, 'turn.queued', 't'));
  expect(frame).toMatch(/^id: 3\nevent: turn\.queued\ndata: \{.*\}\n\n$/);
  expect(dataOf(frame)).toMatchObject({ event_id: 'e3', sequence: 3, prompt: 'two\nlines' });
});

test('the opening of a conversation is not part of a turn and is not shown', () => {
  expect(cut().take(event(1, null, null))).toEqual([]);
});

test('a stream ends with the last open turn, but not before the past has been read', () => {
  const stream = cut();
  stream.take(event(2, 'turn.started', 'a'));
  stream.take(event(3, 'turn.completed', 'a', { attempt: 1, text: '' }));
  expect(stream.ended).toBe(false);
  stream.take(event(4, 'turn.queued', 'b'));
  stream.caughtUp();
  expect(stream.ended).toBe(false);
  stream.take(event(5, 'turn.failed', 'b'));
  expect(stream.ended).toBe(true);
});

test('a stream of one turn ends with that turn, and shows no text of another', () => {
  const stream = running({ turnId: 'b' });
  expect(stream.take(text(2, 0, 'not mine'))).toEqual([]);
  expect(stream.take(completed(3, 'not mine'))).toEqual([]);
  expect(stream.ended).toBe(false);
  expect(stream.take(event(4, 'turn.refused', 'b'))).toHaveLength(1);
  expect(stream.ended).toBe(true);
});

test('events that the reader has are read but not shown, so that open turns are known', () => {
  const stream = cut({ has: positionOf('3') });
  expect(stream.readAfter).toBe(0);
  expect(stream.take(event(2, 'turn.started', 'a'))).toEqual([]);
  expect(stream.take(event(3, 'turn.completed', 'a', { attempt: 1, text: 'x' }))).toEqual([]);
  stream.caughtUp();
  expect(stream.ended).toBe(true);
});

test('a stream that follows skips what the reader has, and never ends', () => {
  const stream = cut({ follow: true, has: positionOf('7') });
  expect(stream.readAfter).toBe(7);
  stream.caughtUp();
  stream.take(event(8, 'turn.failed', 'a'));
  expect(stream.ended).toBe(false);
  expect(stream.waitsToBegin).toBe(false);
});

test('text is shown once and in order; what comes twice or overlaps is cut', () => {
  const stream = running();
  const shown = [text(2, 0, 'ab'), text(2, 0, 'ab'), text(2, 0, 'abcd'), text(2, 2, 'cd'), text(2, 3, 'def')];
  const frames = shown.flatMap((each) => stream.take(each));
  expect(frames.map((frame) => dataOf(frame)['text'])).toEqual(['ab', 'cd', 'ef']);
  expect(frames.map(idOf)).toEqual(['2-2.1.2', '2-2.1.4', '2-2.1.6']);
  expect(dataOf(frames[0])).toMatchObject({ event_id: 'd', session_id: 's', turn_id: 't', at, attempt: 1, start: 0 });
});

test('text after a missing piece waits for the end of the turn, which shows the rest', () => {
  const stream = running();
  expect(stream.take(text(2, 0, 'ab'))).toHaveLength(1);
  expect(stream.take(text(2, 4, 'ef'))).toEqual([]);
  const [rest, end, ...more] = stream.take(completed(3, 'abcdef'));
  expect(dataOf(rest)).toMatchObject({ event_id: 'e3', attempt: 1, start: 2, text: 'cdef' });
  expect([idOf(rest), idOf(end)]).toEqual(['2-2.1.6', '3']);
  expect(dataOf(end)).toMatchObject({ text: 'abcdef' });
  expect(more).toEqual([]);
});

test('a higher attempt starts the answer again, and text of the abandoned one is dropped', () => {
  const stream = running();
  const frames = [text(2, 0, 'old'), text(2, 0, 'n', 2), text(2, 3, 'er'), text(2, 1, 'ew', 2)].flatMap((each) =>
    stream.take(each),
  );
  expect(frames.map((frame) => [dataOf(frame)['attempt'], dataOf(frame)['start'], dataOf(frame)['text']])).toEqual([
    [1, 0, 'old'],
    [2, 0, 'n'],
    [2, 1, 'ew'],
  ]);
});

test('an answer that completes under a higher attempt is shown whole, also when it is empty', () => {
  for (const whole of ['new', '']) {
    const stream = running();
    stream.take(text(2, 0, 'old'));
    expect(dataOf(stream.take(completed(3, whole, 2))[0])).toMatchObject({ attempt: 2, start: 0, text: whole });
  }
  expect(running().take(completed(3, ''))).toHaveLength(1);
});

test('late text of a turn that has ended, or of one before it, is dropped', () => {
  const stream = running();
  stream.take(event(3, 'turn.failed', 't', { code: 'TURN_TIMEOUT' }));
  expect(stream.take(text(2, 0, 'late'))).toEqual([]);
  stream.take(event(4, 'turn.started', 'u'));
  expect(stream.take(text(2, 0, 'late'))).toEqual([]);
  expect(stream.take(text(4, 0, 'mine'))).toHaveLength(1);
});

test('a turn that is queued in the middle of an answer keeps the sequence dense and the text resumable', () => {
  const stream = running();
  stream.take(text(2, 0, 'ab'));
  const [queued] = stream.take(event(3, 'turn.queued', 'u'));
  expect(idOf(queued)).toBe('3-2.1.2');
  const [next] = stream.take(text(2, 2, 'cd'));
  expect(idOf(next)).toBe('3-2.1.4');
  for (const follow of [true, false]) {
    const resumed = cut({ follow, has: positionOf(idOf(next)) });
    if (!follow) for (const each of [event(2, 'turn.started', 't'), event(3, 'turn.queued', 'u')]) resumed.take(each);
    expect(resumed.take(text(2, 0, 'abcd'))).toEqual([]);
    expect(dataOf(resumed.take(text(2, 0, 'abcdef'))[0])).toMatchObject({ start: 4, text: 'ef' });
  }
});

test('text that a client has beyond its last event is never followed by that event again', () => {
  const stream = cut({ has: positionOf('3-2.1.2') });
  stream.take(event(2, 'turn.started', 't'));
  const [frame] = stream.take(text(2, 0, 'abcd'));
  expect(idOf(frame)).toBe('3-2.1.4');
  expect(stream.take(event(3, 'turn.queued', 'u'))).toEqual([]);
});

test('a client that gives a sequence only, within a turn that it follows, receives the whole text with the end', () => {
  const stream = cut({ follow: true, has: positionOf('2') });
  expect(stream.take(text(2, 0, 'ab'))).toEqual([]);
  const [rest, end] = stream.take(completed(3, 'abcd'));
  expect(dataOf(rest)).toMatchObject({ start: 0, text: 'abcd' });
  const resumed = cut({ follow: true, has: positionOf(idOf(rest)) });
  expect(resumed.take(completed(3, 'abcd'))).toEqual([end]);
});

test('a heartbeat is a comment', () => {
  expect(HEARTBEAT_FRAME.startsWith(':')).toBe(true);
});
