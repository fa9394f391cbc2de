import { describe, expect, it } from 'vitest';
import { withRevocation } from '../../../schemas/contexts/revocations.ts';
import type { Caller } from './caller.ts';
import { CredentialStatus, type CredentialStatusParts } from './credential-status.ts';

const holder = { tenantId: 'demo', principal: 'user:ana', capabilities: [] };
const byKey: Caller = { kind: 'api_key', ...holder, key: { prefix: '0a1b2c3d', hash: 'h1' } };
const byToken: Caller = { kind: 'user', ...holder, expiresAtMs: 1 };
const inSession: Caller = {
  ...{
    kind: 'session',
    ...holder,
    sessionId: 's',
    place: 't/0',
    persona: 'guide',
    model: null,
    issuedAtMs: 0,
    expiresAtMs: 1,
  },
  tokenId: 't',
};
const all = [byKey, byToken, inSession];

interface World {
  readonly tenant?: 'active' | 'suspended';
  readonly principal?: 'active' | 'disabled' | 'removed';
  readonly hashes?: readonly string[];
  readonly revoked?: boolean;
}
const table = (value: unknown, known = true) => ({ value, known, listen: () => () => undefined });
const entriesWith = (status: string) => new Map([['user:demo:ana', { type: 'Principal', data: { status } }]]);
const credentialStatus = ({ tenant, principal, hashes = ['h1'], revoked = false }: World) =>
  new CredentialStatus({
    tables: {
      revocations: table(
        revoked ? withRevocation(new Map(), 'demo', { scope: 'session:s', issuedUntil: 1 }) : new Map(),
      ),
      tenants: table(new Map(tenant === undefined ? [] : [['demo', { status: tenant }]])),
      directory: table({ byTenant: new Map(principal === undefined ? [] : [['demo', entriesWith(principal)]]) }),
    },
    keys: { listen: () => () => undefined },
    consoleSessions: {
      hasEnded: (id: string) => id === 'ended',
      watch: () => () => undefined,
      listen: () => () => undefined,
    },
    findKey: () => (hashes.length === 0 ? undefined : { prefix: '0a1b2c3d', ...holder, hashes }),
  } as unknown as CredentialStatusParts);
const faults = (world: World, callers = all) => callers.map((caller) => credentialStatus(world).faultOf(caller));

describe('a caller', () => {
  it('is accepted by default, even when its tenant and user were never set up', () => {
    expect(faults({})).toEqual([null, null, null]);
    expect(faults({ tenant: 'active', principal: 'active' })).toEqual([null, null, null]);
  });

  it('of a suspended tenant is refused', () => {
    expect(new Set(faults({ tenant: 'suspended', principal: 'active' }))).toEqual(new Set(['TENANT_SUSPENDED']));
  });

  it.each(['disabled', 'removed'] as const)('that was %s is refused with any credentials', (principal) => {
    expect(new Set(faults({ principal }))).toEqual(new Set(['PRINCIPAL_DISABLED']));
  });

  it('with a revoked key, or with a rotated one after its overlap, is refused', () => {
    expect(faults({ hashes: [] })).toEqual(['TOKEN_INVALID', null, null]);
    expect(faults({ hashes: ['h2'] })).toEqual(['TOKEN_INVALID', null, null]);
    expect(faults({ hashes: ['h2', 'h1'] })).toEqual([null, null, null]);
  });

  it('with a revoked token is refused', () => {
    expect(faults({ revoked: true })).toEqual([null, null, 'TOKEN_REVOKED']);
  });
});

it('is unknown until revocations and the directory were read', () => {
  for (const unread of ['revocations', 'tenants', 'directory', 'none']) {
    const tables = {
      revocations: table(null),
      tenants: table(null),
      directory: table(null),
      [unread]: table(null, false),
    };
    expect(new CredentialStatus({ tables } as unknown as CredentialStatusParts).known).toBe(unread === 'none');
  }
});
