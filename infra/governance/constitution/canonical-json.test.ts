import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

it('is RFC 8785: keys by UTF-16 unit, numbers as JavaScript writes them, no white space', () => {
  // RFC 8785, section 3.2.2 and 3.2.3.
  const value = {
    // The RFC has 333333333.33333329, which a double holds as this value.
    numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
    '\u20ac': 'Euro',
    '\r': 'CR',
  };
  expect(canonicalJson(value).toString()).toBe(
    '{"\\r":"CR","literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/","€":"Euro"}',
  );
});

it('does not depend on the order of fields, and represents the same value', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(reversed).equals(canonicalJson(value))).toBe(true);
      expect(canonicalJson(JSON.parse(canonicalJson(value).toString())).equals(canonicalJson(value))).toBe(true);
    }),
  );
});

it('throws for values without a JSON form', () => {
  expect(() => canonicalJson(undefined)).toThrow();
  expect(() => canonicalJson(Number.NaN)).toThrow();
});
