import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonFault, malformedJson } from './json-body.ts';

it.each([
  ['{"a":x}', 5],
  ['{"a":1,}', 7],
  ['{a:1}', 1],
  ['[1 2]', 3],
  ['{"a":tru}', 8],
  ['<html>', 0],
  ['{"a":', null],
  ['{"a":"b', null],
  ['[1, 2.', null],
])('the first fault of %j is at %j', (text, at) => {
  expect(jsonFault(text)).toBe(at);
});

it('is behind any begin of JSON that is followed by a character that JSON does not have', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(jsonFault(`${text}\u0001`)).toBe(text.length);
    }),
  );
});

it('is reported by line and column', () => {
  expect(malformedJson('{\n  "a": 1,\n  b}').message).toBe('The body is not valid JSON at line 3, column 3');
});
