import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers } from '../../capabilities.ts';
import type { ApiKey, Principal, Role } from '../../generated/records.ts';
import {
  apiKeyOf,
  apiKeyOfTenant,
  capabilitiesOf,
  capabilitiesOfKey,
  type DirectoryEntry,
  emptyDirectory,
  hashesAt,
  roleOf,
  withEntry,
} from './directory.ts';
import {
  apiKeyEntry,
  inBoth,
  mayManage,
  mayManageTenant,
  parseEntry,
  principalEntry,
  roleEntry,
  tenantEntry,
} from './entries.ts';

const role = (name: string, capabilities: readonly string[], changes: Partial<Role> = {}): DirectoryEntry => ({
  type: 'Role',
  data: {
    ...{ entryId: roleEntry('demo', name), tenantId: 'demo', version: 1, name, description: '', capabilities },
    ...{ status: 'active', ...changes },
  },
});
const user = (roles: readonly string[], changes: Partial<Principal> = {}): DirectoryEntry => ({
  type: 'Principal',
  data: {
    ...{ entryId: 'user:demo:ana', tenantId: 'demo', version: 1, kind: 'user', principalId: 'ana', name: 'Ana' },
    ...{ status: 'active', roles, ...changes },
  },
});
const key = (capabilities: readonly string[] | null, changes: Partial<ApiKey> = {}): ApiKey => ({
  ...{ entryId: 'api_key:0a1b2c3d', tenantId: 'demo', version: 1, prefix: '0a1b2c3d', name: 'ci', owner: 'user:ana' },
  ...{ capabilities, hash: 'h2', previousHash: null, previousUntil: null, status: 'active', createdAt: 0 },
  ...{ rotatedAt: null, requestId: 'r', requestDigest: 'd', ...changes },
});
const holding = (...entries: readonly DirectoryEntry[]) => entries.reduce(withEntry, emptyDirectory);

describe('the id of an entry', () => {
  it.each([
    [tenantEntry('demo'), { kind: 'tenant', tenantId: 'demo', id: 'demo' }],
    [roleEntry('demo', 'reader'), { kind: 'role', tenantId: 'demo', id: 'reader' }],
    [principalEntry('demo', 'user:auth0|7'), { kind: 'user', tenantId: 'demo', id: 'auth0|7' }],
    [principalEntry('demo', 'service_account:a:b'), { kind: 'service_account', tenantId: 'demo', id: 'a:b' }],
    [apiKeyEntry('0a1b2c3d'), { kind: 'api_key', tenantId: null, id: '0a1b2c3d' }],
  ])('%s is read as it was made', (entryId, name) => {
    expect(parseEntry(entryId)).toEqual(name);
  });

  it.each(['', 'role:demo', 'role:demo:', 'role::reader', 'tenant:demo:x', 'api_key:0a1b2c3d:x', 'group:demo:x'])(
    'is none of %j',
    (entryId) => expect(parseEntry(entryId)).toBeNull(),
  );
});

describe('managing', () => {
  it.each([
    [['identity:manage'], 'demo', true, false],
    [['identity:manage'], 'acme', false, false],
    [['identity:manage:acme'], 'acme', true, true],
    [['identity:manage:acme'], 'demo', false, false],
    [['identity:manage:*'], 'acme', true, true],
    [['identity:*'], 'demo', true, true],
    [['slm:*'], 'demo', false, false],
  ] as const)('with %j in tenant demo, of %s', (capabilities, tenant, inIt, itself) => {
    expect(mayManage(capabilities, 'demo', tenant)).toBe(inIt);
    expect(mayManageTenant(capabilities, tenant)).toBe(itself);
  });
});

describe('the intersection of two lists of capabilities', () => {
  const capability = fc.constantFrom(
    '*',
    'slm:*',
    'slm:invoke:*',
    'slm:invoke:a',
    'slm:invoke:b',
    'slm:embed:a',
    'revocations:create',
  );
  const lists = fc.array(capability, { maxLength: 4 });
  const coversAny = (granted: readonly string[], needed: string) => granted.some((each) => covers(each, needed));

  it('covers exactly what both lists cover', () => {
    fc.assert(
      fc.property(lists, lists, capability, (some, others, needed) => {
        expect(coversAny(inBoth(some, others), needed)).toBe(coversAny(some, needed) && coversAny(others, needed));
      }),
    );
  });
});

describe('the capabilities of a user', () => {
  it('are those of its roles, without repetitions; an unknown or removed role grants nothing', () => {
    const roles = [role('one', ['a', 'b']), role('two', ['b', 'c']), role('gone', ['d'], { status: 'removed' })];
    const known = holding(...roles, user(['one', 'two', 'gone', 'never']));
    expect(capabilitiesOf(known, 'demo', 'user:ana')).toEqual(['a', 'b', 'c']);
    expect(roleOf(known, 'demo', 'gone')).toBeUndefined();
    expect(roleOf(known, 'acme', 'one')).toBeUndefined();
  });

  it.each(['disabled', 'removed'] as const)('is nothing while it is %s', (status) => {
    expect(capabilitiesOf(holding(role('one', ['a']), user(['one'], { status })), 'demo', 'user:ana')).toEqual([]);
  });

  it('are none when it is unknown', () => {
    expect(capabilitiesOf(holding(role('one', ['a'])), 'demo', 'user:ana')).toEqual([]);
  });
});

describe('the capabilities of an API key', () => {
  const known = holding(role('one', ['slm:invoke:*', 'revocations:create']), user(['one']));

  it.each([
    ['as its owner', null, ['slm:invoke:*', 'revocations:create']],
    ['narrower than its owner', ['slm:invoke:default'], ['slm:invoke:default']],
    ['never wider than its owner', ['*'], ['slm:invoke:*', 'revocations:create']],
    ['nothing that its owner may not', ['slm:embed:*'], []],
  ])('is %s', (_, capabilities, expected) => {
    expect(capabilitiesOfKey(known, key(capabilities))).toEqual(expected);
  });

  it('change with the roles of its owner, at once', () => {
    const changed = withEntry(known, role('one', ['slm:embed:*'], { version: 2 }));
    expect(capabilitiesOfKey(changed, key(null))).toEqual(['slm:embed:*']);
  });

  it('belong to the key found by its prefix and tenant', () => {
    const held = withEntry(known, { type: 'ApiKey', data: key(null) });
    expect(apiKeyOf(held, '0a1b2c3d')?.owner).toBe('user:ana');
    expect(apiKeyOf(held, '0a1b2c3e')).toBeUndefined();
    expect(apiKeyOfTenant(held, 'demo', '0a1b2c3d')).toBeDefined();
    expect(apiKeyOfTenant(held, 'acme', '0a1b2c3d')).toBeUndefined();
  });

  it('need its hash, or the previous one until the overlap ends', () => {
    const rotated = key(null, { previousHash: 'h1', previousUntil: 1_000 });
    expect(hashesAt(rotated, 999)).toEqual(['h2', 'h1']);
    expect(hashesAt(rotated, 1_000)).toEqual(['h2']);
    expect(hashesAt(key(null), 0)).toEqual(['h2']);
    expect(hashesAt(key(null, { status: 'revoked' }), 0)).toEqual([]);
  });
});
