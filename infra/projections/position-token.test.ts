import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodePositionToken, encodePositionToken, PositionTokenError } from './position-token.ts';

it('a position token comes back as the position', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.nat(), (topic, partition, offset) => {
      const position = { topic, partition, offset };
      expect(decodePositionToken(encodePositionToken(position))).toEqual(position);
    }),
  );
});

it.each(['', 'x', Buffer.from('[1,2,3]').toString('base64url'), Buffer.from('["t",-1,0]').toString('base64url')])(
  'no other text is a position token: %j',
  (token) => {
    expect(() => decodePositionToken(token)).toThrow(PositionTokenError);
  },
);
