import fc from 'fast-check';
import { expect, it } from 'vitest';
import { costOf } from './amount.ts';
import { parseDecimal } from './decimal.ts';

it.each([
  [0, '0.200', '0.000000000'],
  [1, '0.001', '0.000000001'],
  [1_234, '0.2', '0.000246800'],
  [1_000_000, '15', '15.000000000'],
])('%i tokens at %s a million cost %s', (tokens, price, cost) => {
  expect(costOf(tokens, price)).toBe(cost);
});

it('is exact: the cost of many requests is the cost of their tokens together', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100_000)), fc.integer({ min: 0, max: 999_999 }), (requests, price) => {
      const text = `${Math.floor(price / 1_000)}.${String(price % 1_000).padStart(3, '0')}`;
      const sum = requests.reduce((total, tokens) => total + parseDecimal(costOf(tokens, text), 9), 0n);
      const together = costOf(
        requests.reduce((total, tokens) => total + tokens, 0),
        text,
      );
      expect(sum).toBe(parseDecimal(together, 9));
    }),
  );
});

it('refuses a price that it could not hold', () => {
  expect(() => costOf(1, '0.0001')).toThrow('more than 3 digits');
});
