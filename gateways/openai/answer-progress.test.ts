import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerProgress } from './answer-progress.ts';

const piece = (attempt: number, start: number, text: string) => ({ attempt, start, text });

describe('the progress of an answer', () => {
  it('shows each piece once, and the rest at the end', () => {
    const progress = new AnswerProgress();
    expect(progress.take(piece(1, 0, 'A knot'))).toBe('A knot');
    expect(progress.take(piece(1, 0, 'A knot'))).toBe('');
    expect(progress.take(piece(1, 6, ' counts'))).toBe(' counts');
    expect(progress.complete('A knot counts.')).toBe('.');
  });

  it('shows what follows a missing piece with the whole answer', () => {
    const progress = new AnswerProgress();
    expect(progress.take(piece(1, 4, 'late'))).toBe('');
    expect(progress.complete('all late')).toBe('all late');
  });

  it('continues with a later attempt of the same beginning, and ignores the abandoned one', () => {
    const progress = new AnswerProgress();
    progress.take(piece(1, 0, 'A knot'));
    expect(progress.take(piece(2, 0, 'A k'))).toBe('');
    expect(progress.take(piece(1, 6, ' lost'))).toBe('');
    expect(progress.take(piece(2, 3, 'not ties'))).toBe(' ties');
    expect(progress.complete('A knot ties')).toBe('');
  });

  it('returns null for a later attempt with another beginning, and for a whole answer that is shorter', () => {
    const other = new AnswerProgress();
    other.take(piece(1, 0, 'A knot'));
    expect(other.take(piece(2, 0, 'One'))).toBeNull();
    const shorter = new AnswerProgress();
    shorter.take(piece(1, 0, 'A knot'));
    expect(shorter.complete('A')).toBeNull();
  });

  it('shows exactly the whole answer, however it is cut and repeated', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.nat({ max: 40 })), (whole, cuts) => {
        const progress = new AnswerProgress();
        const shown = cuts.map((at) => {
          const start = Math.min(at, whole.length);
          return progress.take(piece(1, start, whole.slice(start, start + 5)));
        });
        expect([...shown, progress.complete(whole)].join('')).toBe(whole);
      }),
    );
  });
});
