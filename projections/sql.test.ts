import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CursorError, cursorInstant, decodeCursor, END_OF_TIME_MS, encodeCursor, pageOf } from './sql.ts';

describe('cursors', () => {
  it('decode to the values that were encoded', () => {
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
    ['a list with an extra part', encodeCursor([1, 'a', 'b'])],
    ['the same list with other spacing', Buffer.from('[1, "a"]').toString('base64url')],
    ['the same list with trailing noise', `${encodeCursor([1, 'a'])}=`],
  ])('are rejected when they are %s', (_, cursor) => {
    expect(() => decodeCursor(cursor, [0, ''])).toThrow(CursorError);
  });

  it('are canonical: any text is rejected with one error, or equals the encoding of its parts', () => {
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

  it('are clamped to a time that Postgres can write', () => {
    expect(cursorInstant(Number.MAX_SAFE_INTEGER).getTime()).toBe(END_OF_TIME_MS);
  });
});

describe('a page', () => {
  it('has a cursor only when more items follow', () => {
    expect(pageOf([1, 2, 3], 2, (n) => [n])).toEqual({ items: [1, 2], nextCursor: encodeCursor([2]) });
    expect(pageOf([1, 2], 2, (n) => [n])).toEqual({ items: [1, 2], nextCursor: null });
  });
});
