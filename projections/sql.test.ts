import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CursorError, cursorInstant, decodeCursor, END_OF_TIME_MS, encodeCursor, pageOf } from './sql.ts';

describe('cursors', () => {
  it('come back as they were given out', () => {
    expect(decodeCursor(encodeCursor([7, 'a/b']), [0, ''])).toEqual([7, 'a/b']);
  });

  it.each([
    ['noise', '***'],
    ['no list', encodeCursor([]).replace(/./, 'x')],
    ['another length', encodeCursor([1])],
    ['another type', encodeCursor(['1', 'a'])],
    ['a negative number', encodeCursor([-1, 'a'])],
    ['a fraction', encodeCursor([1.5, 'a'])],
    ['a number that a double rounds', encodeCursor([2 ** 53, 'a'])],
    ['a text with NUL, which Postgres cannot hold', encodeCursor([1, 'a\0b'])],
    ['half a character', encodeCursor([1, '\ud800'])],
    ['a list with more in it', encodeCursor([1, 'a', 'b'])],
    ['the same list in other words', Buffer.from('[1, "a"]').toString('base64url')],
    ['the same list behind noise', `${encodeCursor([1, 'a'])}=`],
  ])('are refused when they are %s', (_, cursor) => {
    expect(() => decodeCursor(cursor, [0, ''])).toThrow(CursorError);
  });

  it('are no other text: whatever it is, it is refused in one way, or says what we would say', () => {
    const json = fc.array(fc.oneof(fc.integer(), fc.double(), fc.string({ unit: 'binary' }), fc.jsonValue()));
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.base64String(),
      json.map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url')),
    );
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom([0, ''] as const, [0, 0, 0] as const, [0, '', 0, 0] as const),
        (text, shape) => {
          try {
            const parts = decodeCursor(text, shape);
            expect(parts.map((part) => typeof part)).toEqual(shape.map((part) => typeof part));
            expect(encodeCursor(parts)).toBe(text);
          } catch (error) {
            expect(error).toBeInstanceOf(CursorError);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('name no time that Postgres cannot write', () => {
    expect(cursorInstant(Number.MAX_SAFE_INTEGER).getTime()).toBe(END_OF_TIME_MS);
  });
});

describe('a page', () => {
  it('has a cursor only when more stands behind it', () => {
    expect(pageOf([1, 2, 3], 2, (n) => [n])).toEqual({ items: [1, 2], nextCursor: encodeCursor([2]) });
    expect(pageOf([1, 2], 2, (n) => [n])).toEqual({ items: [1, 2], nextCursor: null });
  });
});
