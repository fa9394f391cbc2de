import { describe, expect, it } from 'vitest';
import type { Caller } from './caller.ts';
import { Standing, type StandingParts } from './standing.ts';

const holder = { tenantId: 'demo', principal: 'user:ana', capabilities: [] };
const byKey: Caller = { kind: 'api_key', ...holder, key: { prefix: '0a1b2c3d', hash: 'h1' } };
const byToken: Caller = { kind: 'user', ...holder, expiresAtMs: 1 };
const inSession: Caller = {
  ...{ kind: 'session', ...holder, sessionId: 's', persona: 'guide', model: null, issuedAtMs: 0, expiresAtMs: 1 },
  tokenId: 't',
};
const all = [byKey, byToken, inSession];

interface World {
  readonly tenant?: 'active' | 'suspended';
  readonly principal?: 'active' | 'disabled' | 'removed';
  readonly hashes?: readonly string[];
  readonly revoked?: boolean;
}
const standing = ({ tenant, principal, hashes = ['h1'], revoked = false }: World) =>
  new Standing({
    revocations: { known: true, revoked: () => revoked, listen: () => () => undefined },
    directory: {
      known: true,
      tenant: () => (tenant === undefined ? undefined : { status: tenant }),
      principal: () => (principal === undefined ? undefined : { status: principal }),
      listen: () => () => undefined,
    },
    findKey: () => (hashes.length === 0 ? undefined : { prefix: '0a1b2c3d', ...holder, hashes }),
  } as unknown as StandingParts);
const faults = (world: World, callers = all) => callers.map((caller) => standing(world).faultOf(caller));

describe('a caller', () => {
  it('stands while nothing is against it, whether tenant and user were set up or not', () => {
    expect(faults({})).toEqual([null, null, null]);
    expect(faults({ tenant: 'active', principal: 'active' })).toEqual([null, null, null]);
  });

  it('of a suspended tenant does nothing', () => {
    expect(new Set(faults({ tenant: 'suspended', principal: 'active' }))).toEqual(new Set(['TENANT_SUSPENDED']));
  });

  it.each(['disabled', 'removed'] as const)('that was %s does nothing, whatever it shows', (principal) => {
    expect(new Set(faults({ principal }))).toEqual(new Set(['PRINCIPAL_DISABLED']));
  });

  it('with a key that was revoked, or rotated and overlaps no more, does nothing', () => {
    expect(faults({ hashes: [] })).toEqual(['TOKEN_INVALID', null, null]);
    expect(faults({ hashes: ['h2'] })).toEqual(['TOKEN_INVALID', null, null]);
    expect(faults({ hashes: ['h2', 'h1'] })).toEqual([null, null, null]);
  });

  it('with a token that was taken back does nothing', () => {
    expect(faults({ revoked: true })).toEqual([null, null, 'TOKEN_REVOKED']);
  });
});

it('is not known until both what was revoked and who there is were read', () => {
  for (const [revocations, directory] of [
    [true, false],
    [false, true],
  ])
    expect(
      new Standing({
        revocations: { known: revocations },
        directory: { known: directory },
      } as unknown as StandingParts).known,
    ).toBe(false);
});
