import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Exchange, HISTORY_CHARS_MAX, remember } from './history.ts';

const charsOf = (history: readonly Exchange[]): number =>
  history.reduce((sum, { prompt, answer }) => sum + prompt.length + answer.length, 0);

describe('the history of a conversation', () => {
  it('keeps finished turns, oldest first', () => {
    const history = remember(remember([], { prompt: 'a', answer: 'b' }), { prompt: 'c', answer: 'd' });
    expect(history).toEqual([
      { prompt: 'a', answer: 'b' },
      { prompt: 'c', answer: 'd' },
    ]);
  });

  it('drops the oldest when it is full', () => {
    const turns = Array.from({ length: 5 }, (_, n) => ({ prompt: `${n}`.repeat(500), answer: 'x'.repeat(1_500) }));
    const history = turns.reduce<readonly Exchange[]>(remember, []);
    expect(history.map(({ prompt }) => prompt[0])).toEqual(['2', '3', '4']);
  });

  it('cuts long texts, never inside a character', () => {
    const [turn] = remember([], { prompt: `${'k'.repeat(998)}🪢🪢`, answer: '🪢'.repeat(1_100) });
    expect(turn?.prompt).toBe(`${'k'.repeat(998)}…`);
    expect(turn?.answer).toBe(`${'🪢'.repeat(999)}…`);
    expect(turn?.answer.isWellFormed()).toBe(true);
  });

  it('keeps a text of exactly the maximum length', () => {
    const fits = { prompt: 'k'.repeat(1_000), answer: 'x'.repeat(2_000) };
    expect(remember([], fits)).toEqual([fits]);
    const [cut] = remember([], { prompt: 'k'.repeat(1_001), answer: `${'x'.repeat(2_001)}` });
    expect(cut).toEqual({ prompt: `${'k'.repeat(999)}…`, answer: `${'x'.repeat(1_999)}…` });
  });

  it('never exceeds its bound, always keeps the latest turn, and stays well-formed', () => {
    const text = fc.string({ unit: 'binary', maxLength: 3_000 });
    fc.assert(
      fc.property(fc.array(fc.record({ prompt: text, answer: text }), { minLength: 1, maxLength: 8 }), (turns) => {
        const history = turns.reduce<readonly Exchange[]>(remember, []);
        expect(charsOf(history)).toBeLessThanOrEqual(HISTORY_CHARS_MAX);
        expect(history.length).toBeGreaterThan(0);
        expect(history.every(({ prompt, answer }) => prompt.isWellFormed() && answer.isWellFormed())).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
