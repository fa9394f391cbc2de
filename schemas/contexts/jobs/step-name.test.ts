import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stepNameOf, stepText } from './step-name.ts';

test('a step is named by its branch, its name and its use', () => {
  expect(stepNameOf('charge')).toEqual({ path: '', name: 'charge', nth: 1 });
  expect(stepNameOf('charge#2')).toEqual({ path: '', name: 'charge', nth: 2 });
  expect(stepNameOf('left/1/send mail#3')).toEqual({ path: 'left/1', name: 'send mail', nth: 3 });
  expect(stepText({ path: '', name: 'issue #7', nth: 1 })).toBe('issue #7#1');
});

test.each(['', '/', 'left/', '/charge', '#2', 'left/#2'])('%j names no step', (text) => {
  expect(stepNameOf(text)).toBeNull();
});

test('every name is read as it was written', () => {
  const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter((name) => !name.includes('/'));
  const likeAUse = fc.tuple(text, fc.nat()).map(([name, n]) => `${name}#${n}`);
  const label = fc.oneof(text, likeAUse);
  const branch = fc.tuple(label, fc.integer({ min: 1 })).map(([name, nth]) => `${name}/${nth}`);
  const steps = fc.record({
    path: fc.array(branch, { maxLength: 3 }).map((branches) => branches.join('/')),
    name: label,
    nth: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 999_999_999 })),
  });
  fc.assert(
    fc.property(steps, (step) => {
      expect({ ...stepNameOf(stepText(step)) }).toEqual({ ...step });
    }),
  );
});
