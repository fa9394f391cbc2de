import fc from 'fast-check';
import { expect, it } from 'vitest';
import { namedIn, payloadName } from './payload.ts';

const digest = 'ab'.repeat(32);

it('a name is a URI of RFC 6920, and gives back its content', () => {
  const name = payloadName({ digest, bytes: 600_000 });
  expect(name).toBe('ni:///sha-256;q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s?ct=application/json&size=600000');
  expect(namedIn(name)).toEqual({ digest, bytes: 600_000, pieces: 2 });
  const hex = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
  fc.assert(
    fc.property(hex, fc.integer({ min: 0, max: 10 ** 10 - 1 }), (any, bytes) => {
      expect(namedIn(payloadName({ digest: any, bytes }))).toMatchObject({ digest: any, bytes });
    }),
  );
});

it('no JSON is a name, and a text with a name in it is none', () => {
  fc.assert(fc.property(fc.json(), (json) => namedIn(json) === null));
  const name = payloadName({ digest, bytes: 1 });
  for (const text of [null, '', JSON.stringify(name), `${name}0000000000`, ` ${name}`, name.replace('json', 'xml')])
    expect(namedIn(text)).toBeNull();
});
