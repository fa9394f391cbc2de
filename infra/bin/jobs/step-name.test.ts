import { expect, test } from 'vitest';
import { stepName, stepText } from './step-name.ts';

test('a step is named by its branch, its name and its use', () => {
  expect(stepName('charge')).toEqual({ path: '', name: 'charge', nth: 1 });
  expect(stepName('charge#2')).toEqual({ path: '', name: 'charge', nth: 2 });
  expect(stepName('left/1/send mail#3')).toEqual({ path: 'left/1', name: 'send mail', nth: 3 });
  for (const text of ['charge', 'charge#2', 'left/1/charge', 'left/1/right/2/charge#10'])
    expect(stepText(stepName(text))).toBe(text);
});

test.each(['', '/', 'left/'])('%j names no step', (text) => {
  expect(() => stepName(text)).toThrow('expected a step');
});
