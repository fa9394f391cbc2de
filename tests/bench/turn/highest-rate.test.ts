import fc from 'fast-check';
import { expect, it } from 'vitest';
import { highestRate } from './highest-rate.ts';

it('finds the highest sustained rate of every capacity, without a second try of a rate', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 40 }), async (capacity, steps) => {
      const tried: number[] = [];
      const found = await highestRate({ step: 10, max: steps * 10 }, async (rate) => {
        tried.push(rate);
        return rate <= capacity;
      });
      expect(found).toBe(Math.min(Math.floor(capacity / 10) * 10, steps * 10));
      expect(new Set(tried).size).toBe(tried.length);
      expect(tried.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(steps + 1)) + 1);
    }),
  );
});

it('stays below the maximum of the grid', async () => {
  expect(await highestRate({ step: 10, max: 75 }, async () => true)).toBe(70);
});
