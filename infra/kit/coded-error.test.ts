import { expect, test } from 'vitest';
import { codedError } from './coded-error.ts';
import { codeOf } from './errors.ts';

class TeaError extends codedError<'TEA_COLD' | 'TEA_GONE'>('TeaError') {}
class OtherError extends codedError<'TEA_COLD'>('OtherError') {}

test('an error has its name, code, message and cause', () => {
  const cause = new Error('the stove is off');
  const error = new TeaError('TEA_COLD', 'the tea is cold', { cause });
  expect(error).toMatchObject({ name: 'TeaError', code: 'TEA_COLD', message: 'the tea is cold', cause });
  expect(codeOf(error)).toBe('TEA_COLD');
  expect(String(error)).toBe('TeaError: the tea is cold');
  expect(error.stack).toContain('coded-error.test.ts');
});

test('errors of one code and different classes are distinct', () => {
  const error: unknown = new OtherError('TEA_COLD', 'x');
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(TeaError);
});

test('a code that is not of the class does not compile', () => {
  // @ts-expect-error: TEA_HOT is not one of its codes.
  expect(new TeaError('TEA_HOT', 'x').code).toBe('TEA_HOT');
});
