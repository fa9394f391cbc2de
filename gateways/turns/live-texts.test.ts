import { expect, test } from 'vitest';
import { AnswerText } from './answer-text.ts';
import { LiveTexts } from './live-texts.ts';

const text = (turn: number, attempt: number, start: number, words: string, sessionId = 's') =>
  new AnswerText({
    ...{ sessionId, turnId: `t${turn}`, turn, attempt, start },
    text: words,
    eventId: words,
    at: 'now',
  });
const textsOf = (...pieces: readonly AnswerText[]): LiveTexts => {
  const texts = new LiveTexts();
  for (const piece of pieces) texts.add(piece);
  return texts;
};
const of = (texts: LiveTexts, sessionId = 's') => texts.of(sessionId)?.facts;

test('the pieces of an answer are one text, under the id of the last piece', () => {
  const texts = textsOf(text(2, 1, 0, 'a '), text(2, 1, 0, 'other', 'z'), text(2, 1, 2, 'knot'));
  expect(of(texts)).toMatchObject({ turn: 2, attempt: 1, start: 0, text: 'a knot', eventId: 'knot' });
  expect(of(texts, 'z')).toMatchObject({ text: 'other' });
});

test('a piece that comes again, or is of an abandoned attempt or an earlier turn, changes nothing', () => {
  const texts = textsOf(text(4, 2, 0, 'ab'), text(4, 2, 0, 'ab'), text(4, 1, 2, 'x'), text(2, 3, 0, 'x'));
  expect(of(texts)).toMatchObject({ turn: 4, attempt: 2, text: 'ab' });
});

test('a higher attempt or a later turn starts the text again', () => {
  expect(of(textsOf(text(2, 1, 0, 'a'), text(2, 2, 0, 'b')))).toMatchObject({ attempt: 2, text: 'b' });
  expect(of(textsOf(text(2, 1, 0, 'a'), text(4, 1, 0, 'b')))).toMatchObject({ turn: 4, text: 'b' });
});

test('an answer without its beginning, or with a missing piece, is not held', () => {
  expect(of(textsOf(text(2, 1, 3, 'd')))).toBeUndefined();
  expect(of(textsOf(text(2, 1, 0, 'a'), text(2, 1, 3, 'd')))).toBeUndefined();
  expect(of(textsOf(text(2, 1, 0, 'a'), text(2, 2, 3, 'd')))).toBeUndefined();
});

test('the end of a turn drops its text, and not the text of the next turn', () => {
  const texts = textsOf(text(2, 1, 0, 'a'));
  texts.end('s', 2);
  expect(of(texts)).toBeDefined();
  texts.end('s', 3);
  expect(of(texts)).toBeUndefined();
  texts.add(text(4, 1, 0, 'b'));
  texts.end('s', 3);
  expect(of(texts)).toMatchObject({ text: 'b' });
});

test('the text that grew longest ago is dropped beyond the bounds', () => {
  const texts = new LiveTexts({ turnsMax: 2, charsMax: 10 });
  for (const session of ['a', 'b', 'c']) texts.add(text(2, 1, 0, 'x', session));
  expect(['a', 'b', 'c'].map((session) => of(texts, session)?.text)).toEqual([undefined, 'x', 'x']);
  texts.add(text(2, 1, 1, 'y'.repeat(9), 'b'));
  expect(['b', 'c'].map((session) => of(texts, session)?.text)).toEqual([`x${'y'.repeat(9)}`, undefined]);
});
