import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodePositionToken, encodePositionToken, PositionTokenError } from './position-token.ts';

it('a position token decodes to its position', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.nat(), (topic, partition, offset) => {
      const position = { topic, partition, offset };
      expect(decodePositionToken(encodePositionToken(position))).toEqual(position);
    }),
  );
});

it.each(['', 'x', Buffer.from('[1,2,3]').toString('base64url'), Buffer.from('["t",-1,0]').toString('base64url')])(
  'another text is rejected: %j',
  (token) => {
    expect(() => decodePositionToken(token)).toThrow(PositionTokenError);
  },
);

it('any text is the token of one position, or rejected with PositionTokenError', () => {
  const part = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.jsonValue());
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.base64String(),
    fc.array(part, { maxLength: 4 }).map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url')),
    fc
      .tuple(fc.string(), fc.nat(), fc.nat(), fc.constantFrom('=', ' ', '*', 'A'))
      .map(([topic, partition, offset, noise]) => encodePositionToken({ topic, partition, offset }) + noise),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        expect(encodePositionToken(decodePositionToken(text))).toBe(text);
      } catch (error) {
        expect(error).toBeInstanceOf(PositionTokenError);
      }
    }),
    { numRuns: 2_000 },
  );
});
