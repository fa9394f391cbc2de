import { describe, expect, it } from 'vitest';
import { anchored, revealing, windowOf } from './window.ts';

const view = { scrollTop: 0, height: 500, rowHeight: 50 };

describe('a windowed list', () => {
  it('renders the rows in view and some around them, of any number of rows', () => {
    expect(windowOf(1_000, { ...view, scrollTop: 5_000 })).toEqual({ first: 94, end: 116 });
    expect(windowOf(1_000_000, view)).toEqual({ first: 0, end: 16 });
  });

  it('ends with the list', () => {
    expect(windowOf(3, view)).toEqual({ first: 0, end: 3 });
    expect(windowOf(0, view)).toEqual({ first: 0, end: 0 });
    expect(windowOf(10, { ...view, scrollTop: 99_999 })).toEqual({ first: 10, end: 10 });
  });

  it('follows new rows at the top, and keeps the rows that a reader scrolled to', () => {
    expect(anchored(0, 3, 50)).toBe(0);
    expect(anchored(400, 3, 50)).toBe(550);
  });

  it('scrolls to a row only as far as needed', () => {
    expect(revealing(2, { ...view, scrollTop: 200 })).toBe(100);
    expect(revealing(20, view)).toBe(550);
    expect(revealing(5, view)).toBe(0);
  });
});
