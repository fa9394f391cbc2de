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
  ])('are refused when they are %s', (_, cursor) => {
    expect(() => decodeCursor(cursor, [0, ''])).toThrow(CursorError);
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
