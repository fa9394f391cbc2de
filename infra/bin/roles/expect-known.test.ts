import { expect, it } from 'vitest';
import { expectKnown } from './expect-known.ts';

it('a name that is not among the known ones is refused, with the known ones', () => {
  expect(() => expectKnown(['http', 'turns'], 'gateway', ['http', 'turns'])).not.toThrow();
  expect(() => expectKnown(['http', 'smtp'], 'gateway', ['http', 'turns'])).toThrow(
    expect.objectContaining({ code: 'GATEWAY_UNKNOWN', message: 'unknown gateway: smtp; there are http, turns' }),
  );
  expect(() => expectKnown(['x'], 'view', ['events'])).toThrow(expect.objectContaining({ code: 'VIEW_UNKNOWN' }));
});
