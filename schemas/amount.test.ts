import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Amount,
  costOf,
  covers,
  excess,
  isNothing,
  least,
  minus,
  multiple,
  nothing,
  plus,
  wholes,
} from './amount.ts';
import { parseDecimal } from './decimal.ts';

it.each([
  [0, '0.200', '0.000000000'],
  [1, '0.001', '0.000000001'],
  [1_234, '0.2', '0.000246800'],
  [1_000_000, '15', '15.000000000'],
])('%i tokens at %s a million cost %s', (tokens, price, cost) => {
  expect(costOf(tokens, price)).toBe(cost);
});

it('is exact: the cost of many requests equals the cost of their tokens together', () => {
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

it('refuses a price with too many digits', () => {
  expect(() => costOf(1, '0.0001')).toThrow('more than 3 digits');
});

const price = '0.200';
const amounts: fc.Arbitrary<Amount> = fc
  .tuple(fc.nat(1_000_000), fc.nat(1_000_000))
  .map(([tokens, priced]) => ({ tokens, cost: costOf(priced, price) }));
/** Some amount, and some whole number of its multiples. */
const unit = amounts.filter(({ tokens, cost }) => tokens > 0 && cost !== nothing.cost);

it('parts of amounts are compared, cut and multiplied each by itself', () => {
  fc.assert(
    fc.property(amounts, amounts, fc.nat(20), (a, b, times) => {
      expect(plus(least(a, b), excess(a, b))).toEqual(a);
      expect(covers(a, least(a, b)) && covers(b, least(a, b))).toBe(true);
      expect(covers(a, b) && covers(b, a)).toBe(a.tokens === b.tokens && a.cost === b.cost);
      expect(multiple(a, times)).toEqual(Array.from({ length: times }, () => a).reduce(plus, nothing));
      expect(isNothing(minus(b, plus(a, b)))).toBe(true);
    }),
  );
});

it('as many whole amounts are found as fit, and one more would not', () => {
  fc.assert(
    fc.property(amounts, unit, (room, each) => {
      const found = wholes({ tokensMax: room.tokens, costMax: room.cost }, each, 1_000_000);
      expect(covers(room, multiple(each, found))).toBe(true);
      expect(covers(room, multiple(each, found + 1))).toBe(false);
    }),
  );
});

it('a part without a limit, or of which nothing is asked for, bounds no number of whole amounts', () => {
  const each = { tokens: 10, cost: '0.500000000' };
  expect(wholes({ tokensMax: 35, costMax: null }, each, 16)).toBe(3);
  expect(wholes({ tokensMax: null, costMax: '1.2' }, each, 16)).toBe(2);
  expect(wholes({ tokensMax: null, costMax: null }, each, 16)).toBe(16);
  expect(wholes({ tokensMax: 0, costMax: '9' }, { ...each, tokens: 0 }, 16)).toBe(16);
  expect(wholes({ tokensMax: -5, costMax: null }, each, 16)).toBe(0);
});

it('sums of tokens stay within what the codec keeps exactly', () => {
  const most = { tokens: 2 ** 52 - 1, cost: nothing.cost };
  expect(plus(most, most)).toEqual(most);
  expect(multiple(most, 17)).toEqual(most);
  expect(minus(minus(nothing, most), most).tokens).toBe(-(2 ** 52 - 1));
});
