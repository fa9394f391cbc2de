import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bucketOf, merged, midOf, quantile, RELATIVE_ERROR, type Sketch } from './sketch.ts';

const latencies = fc.array(fc.integer({ min: 1, max: 5_000_000 }), { minLength: 1, maxLength: 300 });
const sketchOf = (values: readonly number[]): Sketch =>
  merged(...values.map((value) => new Map([[bucketOf(value), 1]])));

it('a quantile is within the relative error of the value of its rank', () => {
  fc.assert(
    fc.property(latencies, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
      const exact = [...values].sort((one, other) => one - other)[Math.floor(q * (values.length - 1))] ?? 0;
      const found = quantile(sketchOf(values), q) ?? 0;
      expect(Math.abs(found - exact) / exact).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-9);
    }),
  );
});

it('sketches merge to the sketch of all values, in any order', () => {
  fc.assert(
    fc.property(latencies, latencies, (some, others) => {
      const whole = [...sketchOf([...some, ...others])].sort();
      expect([...merged(sketchOf(some), sketchOf(others))].sort()).toEqual(whole);
      expect([...merged(sketchOf(others), sketchOf(some))].sort()).toEqual(whole);
    }),
  );
});

it('an empty sketch has no quantile; values that are none are in bucket 0', () => {
  expect(quantile(new Map(), 0.5)).toBeNull();
  expect([Number.NaN, -5, 0, 1].map(bucketOf)).toEqual([0, 0, 0, 0]);
  expect(midOf(0)).toBe(1);
});
