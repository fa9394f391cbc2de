import { expect, it } from 'vitest';
import { cell, fieldsText, rowsText } from './fields.ts';

it('a cell shows lists with commas, and what is empty as a dash', () => {
  expect([['a', 'b'], [], null, '', 0, false, { a: 1 }, undefined].map(cell)).toEqual([
    ...['a, b', '–', '–', '–', '0', 'false', '{"a":1}', ''],
  ]);
});

it('fields are aligned, structures are indented, and lists of structures are tables', () => {
  const text = fieldsText({ day: '2026-11-29', held: { tokens: 5 }, windows: [{ window: 'day', left: 7 }] });
  expect(text).toBe('day      2026-11-29\nheld\n  tokens  5\nwindows\n  window  left\n  day        7');
});

it('rows have only the named columns', () => {
  expect(rowsText([{ a: 'x', b: 'y' }], ['a'])).toBe('a\nx');
  expect(rowsText([], ['a'])).toBe('none');
});
