import { describe, expect, it } from 'vitest';
import {
  type ApiKey,
  apiKeyIssued,
  apiKeyRevoked,
  type DefinePrincipal,
  type DefineRole,
  type DefineTenant,
  definePrincipal,
  defineRole,
  defineTenant,
  type IssueApiKey,
  issueApiKey,
  type Principal,
  type Role,
  removePrincipal,
  removeRole,
  revokeApiKey,
  roleDefined,
  roleRemoved,
  rotateApiKey,
  type Tenant,
  tenantDefined,
} from '../../schemas/generated/records.ts';
import { createDriver } from '../kernel/driver.ts';
import { scenarios } from '../kernel/testing.ts';
import { identity } from './identity.ts';
import { absent, evolve } from './state.ts';

const NOW = Date.UTC(2026, 0, 1);
const TENANT = 'demo';
const KEY = '0a1b2c3d';
const { given, when } = scenarios(identity, { startMs: NOW });

const ana = { principal: 'user:ana', principalTenant: TENANT, capabilities: ['identity:manage', 'slm:invoke:*'] };
const operator = { principal: 'user:op', principalTenant: 'platform', capabilities: ['*'] };
const by = { by: 'user:ana', byTenant: TENANT };
const settings = { models: ['*'], budgets: [], retentionDays: null, lane: 'interactive', weight: 1 } as const;

const aTenant = (changes: Partial<Tenant> = {}): Tenant => ({
  ...{ tenantId: TENANT, version: 1, name: 'Demo', status: 'active', settings },
  ...changes,
});
const aRole = (changes: Partial<Role> = {}): Role => ({
  ...{ entryId: 'role:demo:reader', tenantId: TENANT, version: 1, name: 'reader', description: 'Asks the model.' },
  ...{ capabilities: ['slm:invoke:default'], status: 'active' },
  ...changes,
});
const aUser = (changes: Partial<Principal> = {}): Principal => ({
  ...{ entryId: 'user:demo:ben', tenantId: TENANT, version: 1, kind: 'user', principalId: 'ben', name: 'Ben' },
  ...{ status: 'active', roles: ['reader'] },
  ...changes,
});
const aKey = (changes: Partial<ApiKey> = {}): ApiKey => ({
  ...{ entryId: `api_key:${KEY}`, tenantId: TENANT, version: 1, prefix: KEY, name: 'ci', owner: 'user:ben' },
  ...{ capabilities: null, hash: 'h1', previousHash: null, previousUntil: null, status: 'active' },
  ...{ createdAt: NOW - 1_000, rotatedAt: null, requestId: 'r1', requestDigest: 'd1' },
  ...changes,
});

const setTenant = (changes: Partial<DefineTenant> = {}) =>
  defineTenant({
    ...{ entryId: 'tenant:demo', ...operator, expectedVersion: 0, name: 'Demo', status: 'active', settings },
    ...changes,
  });
const setRole = (changes: Partial<DefineRole> = {}) =>
  defineRole({
    ...{ entryId: 'role:demo:reader', ...ana, expectedVersion: 0, description: 'Asks the model.' },
    ...{ roleCapabilities: ['slm:invoke:default'] },
    ...changes,
  });
const setUser = (changes: Partial<DefinePrincipal> = {}) =>
  definePrincipal({
    ...{ entryId: 'user:demo:ben', ...ana, expectedVersion: 0, name: 'Ben', enabled: true, roles: ['reader'] },
    ...{ grants: ['slm:invoke:default'] },
    ...changes,
  });
const issue = (changes: Partial<IssueApiKey> = {}) =>
  issueApiKey({
    ...{ entryId: `api_key:${KEY}`, ...ana, name: 'ci', owner: 'user:ben', keyCapabilities: null },
    ...{ grants: ['slm:invoke:default'], hash: 'h1', requestId: 'r1', requestDigest: 'd1' },
    ...changes,
  });
const rotate = (changes: Partial<Parameters<typeof rotateApiKey>[0]> = {}) =>
  rotateApiKey({
    ...{ entryId: `api_key:${KEY}`, ...ana, expectedVersion: 1, hash: 'h2', overlapS: 0, grants: [] },
    ...changes,
  });
const revoke = (expectedVersion: number | null = null) =>
  revokeApiKey({ entryId: `api_key:${KEY}`, ...ana, expectedVersion });
const refusedWith = (code: string, version = 0) => [{ type: 'IdentityRefused', data: { code, version } }];

describe('a created entry', () => {
  it('has version 1, and is written whole to the directory topic', () => {
    when(setRole()).then(roleDefined({ entryId: 'role:demo:reader', role: aRole(), ...by }), {
      type: 'Role',
      data: aRole(),
    });
    expect(when(setTenant()).records).toMatchObject([
      { type: 'TenantDefined', data: { by: 'user:op', byTenant: 'platform' } },
      { type: 'Tenant', data: aTenant() },
    ]);
    expect(when(setUser()).records[1]).toEqual({ type: 'Principal', data: aUser() });
    expect(when(setUser({ entryId: 'service_account:demo:ci:1', enabled: false })).records[1]?.data).toMatchObject({
      ...{ kind: 'service_account', principalId: 'ci:1', status: 'disabled' },
    });
    expect(when(issue()).records[1]).toEqual({ type: 'ApiKey', data: aKey({ createdAt: NOW }) });
  });

  it('is refused when it exists already, with its version', () => {
    const there = given(roleDefined({ entryId: 'role:demo:reader', role: aRole({ version: 3 }), ...by }));
    const { records, state } = there.when(setRole());
    expect(records).toMatchObject(refusedWith('ALREADY_EXISTS', 3));
    expect(state).toMatchObject({ entry: { data: { version: 3 } } });
  });

  it('after a removal continues its version: no ETag has two meanings', () => {
    const removed = roleRemoved({
      ...{ entryId: 'role:demo:reader', role: aRole({ version: 4, status: 'removed' }), ...by },
    });
    expect(given(removed).when(setRole()).records[1]).toMatchObject({ data: { version: 5, status: 'active' } });
    expect(given(removed).when(setRole({ expectedVersion: 4 })).records).toMatchObject(refusedWith('ROLE_UNKNOWN'));
  });
});

describe('a change', () => {
  const there = given(roleDefined({ entryId: 'role:demo:reader', role: aRole({ version: 3 }), ...by }));

  it('applies to the expected version', () => {
    const { records } = there.when(setRole({ expectedVersion: 3, description: 'Reads.' }));
    expect(records[1]).toEqual({ type: 'Role', data: aRole({ version: 4, description: 'Reads.' }) });
    expect(there.when(setRole({ expectedVersion: 2 })).records).toMatchObject(refusedWith('PRECONDITION_FAILED', 3));
  });

  it('made twice for one version applies once', () => {
    const driver = createDriver({ processors: [identity] });
    driver.append(setRole(), { tenantId: TENANT });
    driver.append(setRole({ expectedVersion: 1, description: 'one' }), { tenantId: TENANT });
    driver.append(setRole({ expectedVersion: 1, description: 'two' }), { tenantId: TENANT });
    driver.run();
    expect(driver.records('identity.events').map(({ record }) => record)).toMatchObject([
      { type: 'RoleDefined' },
      { type: 'RoleDefined', data: { role: { version: 2, description: 'one' } } },
      ...refusedWith('PRECONDITION_FAILED', 2),
    ]);
  });

  it('without a version applies to any version', () => {
    expect(there.when(setRole({ expectedVersion: null })).records[1]).toMatchObject({ data: { version: 4 } });
    expect(when(setRole({ expectedVersion: null })).records).toMatchObject(refusedWith('ROLE_UNKNOWN'));
  });

  it('of an unknown entry is refused with the code of its kind', () => {
    expect(when(setTenant({ expectedVersion: 1 })).records).toMatchObject(refusedWith('TENANT_UNKNOWN'));
    expect(when(setUser({ expectedVersion: 1 })).records).toMatchObject(refusedWith('PRINCIPAL_UNKNOWN'));
    expect(when(rotate()).records).toMatchObject(refusedWith('API_KEY_UNKNOWN'));
  });

  it('removes a role and a user, and keeps their last content', () => {
    const removal = removeRole({ entryId: 'role:demo:reader', ...ana, expectedVersion: 3 });
    expect(there.when(removal).records).toMatchObject([
      { type: 'RoleRemoved' },
      { type: 'Role', data: { version: 4, status: 'removed', capabilities: ['slm:invoke:default'] } },
    ]);
    const leave = removePrincipal({ entryId: 'user:demo:ben', ...ana, expectedVersion: 1 });
    expect(given(setUser()).when(leave).records).toMatchObject([
      { type: 'PrincipalRemoved' },
      { type: 'Principal', data: { version: 2, status: 'removed' } },
    ]);
    expect(given(setUser(), leave).when(leave).records).toMatchObject(refusedWith('PRINCIPAL_UNKNOWN'));
  });
});

describe('an API key', () => {
  const there = given(apiKeyIssued({ entryId: `api_key:${KEY}`, apiKey: aKey(), ...by }));

  it('gets a new secret, and its former secret is rejected', () => {
    expect(there.when(rotate()).records[1]).toEqual({
      type: 'ApiKey',
      data: aKey({ version: 2, hash: 'h2', rotatedAt: NOW }),
    });
  });

  it('accepts its former secret until the overlap ends, by the time of the command', () => {
    const { records } = there.when(rotate({ overlapS: 60 }));
    expect(records[1]?.data).toMatchObject({ hash: 'h2', previousHash: 'h1', previousUntil: NOW + 60_000 });
    const again = given(issue(), rotate({ overlapS: 60 })).when(
      rotate({ expectedVersion: 2, hash: 'h3', overlapS: 9 }),
    );
    expect(again.records[1]?.data).toMatchObject({ hash: 'h3', previousHash: 'h2' });
  });

  it('is revoked at any version, permanently, and its hashes are removed', () => {
    const { records } = given(issue(), rotate({ overlapS: 60 })).when(revoke());
    expect(records[1]?.data).toMatchObject({ status: 'revoked', hash: '', previousHash: null, version: 3 });
    const gone = given(apiKeyRevoked({ entryId: `api_key:${KEY}`, apiKey: aKey({ status: 'revoked' }), ...by }));
    expect(gone.when(rotate()).records).toMatchObject(refusedWith('API_KEY_REVOKED', 1));
    expect(gone.when(revoke()).records).toMatchObject(refusedWith('API_KEY_REVOKED', 1));
    expect(gone.when(issue()).records).toMatchObject(refusedWith('ALREADY_EXISTS', 1));
    expect(there.when(revoke(2)).records).toMatchObject(refusedWith('PRECONDITION_FAILED', 1));
  });

  it('of another tenant does not exist for this one, but its prefix is taken', () => {
    const theirs = given(apiKeyIssued({ entryId: `api_key:${KEY}`, apiKey: aKey({ tenantId: 'acme' }), ...by }));
    expect(theirs.when(issue()).records).toMatchObject(refusedWith('ALREADY_EXISTS'));
    expect(theirs.when(rotate()).records).toMatchObject(refusedWith('API_KEY_UNKNOWN'));
    expect(theirs.when(revoke()).records).toMatchObject(refusedWith('API_KEY_UNKNOWN'));
  });
});

describe('who may', () => {
  it.each([
    ['roles of the own tenant require identity:manage', setRole({ capabilities: ['slm:invoke:*'] })],
    ['roles of another tenant require more', setRole({ principalTenant: 'acme' })],
    ['a tenant itself requires more, also the own one', setTenant({ ...ana })],
  ])('%s', (_, command) => {
    expect(when(command).records).toMatchObject(refusedWith('CAPABILITY_MISSING'));
  });

  it('a capability for a tenant covers all its entries', () => {
    const capabilities = ['identity:manage:demo', 'slm:*'];
    expect(when(setRole({ principalTenant: 'acme', capabilities })).records).toHaveLength(2);
    expect(when(setTenant({ principalTenant: 'acme', capabilities })).records).toHaveLength(2);
  });

  it.each([
    ['a role', setRole({ roleCapabilities: ['slm:invoke:default', 'slm:embed:*'] }), 'slm:embed:*'],
    ['the roles of a user', setUser({ grants: ['revocations:create'] }), 'revocations:create'],
    ['a key of an owner with more capabilities', issue({ grants: ['revocations:create'] }), 'revocations:create'],
    ['the bounds of a key', issue({ keyCapabilities: ['*'] }), '*'],
  ])('a principal cannot grant capabilities it does not have: %s', (_, command, named) => {
    const { records } = when(command);
    expect(records).toMatchObject(refusedWith('CAPABILITY_MISSING'));
    expect(records[0]?.data).toMatchObject({ detail: `user:ana does not have ${named}.` });
  });

  it('a key with more capabilities than the principal cannot be rotated', () => {
    const { records } = given(issue()).when(rotate({ grants: ['revocations:create'] }));
    expect(records).toMatchObject(refusedWith('CAPABILITY_MISSING', 1));
  });

  it('capabilities granted earlier may stay in a role', () => {
    const mighty = roleDefined({
      entryId: 'role:demo:reader',
      role: aRole({ capabilities: ['revocations:*'] }),
      ...by,
    });
    const kept = setRole({ expectedVersion: 1, roleCapabilities: ['revocations:create', 'slm:invoke:x'] });
    expect(given(mighty).when(kept).records).toHaveLength(2);
  });

  it('a principal cannot suspend its own tenant', () => {
    const there = given(tenantDefined({ entryId: 'tenant:demo', tenant: aTenant(), ...by }));
    const suspend = (principalTenant: string) =>
      setTenant({ expectedVersion: 1, status: 'suspended', principalTenant });
    expect(there.when(suspend(TENANT)).records).toMatchObject(refusedWith('TENANT_IS_OWN', 1));
    expect(there.when(suspend('platform')).records[1]).toMatchObject({ data: { status: 'suspended', version: 2 } });
  });
});

describe('a malformed command', () => {
  const twice = { window: 'day', tokensMax: 1, costMax: null } as const;
  it.each([
    ['an entry of another kind', setRole({ entryId: 'user:demo:ben' }), 'ENTRY_INVALID'],
    ['an entry of another tenant', setRole({ entryId: 'role:acme:reader', ...operator }), 'ENTRY_INVALID'],
    ['no entry at all', setRole({ entryId: 'role:demo:Not A Role' }), 'ENTRY_INVALID'],
    ['a key without a valid owner', issue({ owner: 'everybody' }), 'ENTRY_INVALID'],
    [
      'two budgets of one window',
      setTenant({ settings: { ...settings, budgets: [twice, twice] } }),
      'SETTINGS_INVALID',
    ],
    [
      'a budget of a window that this version does not know',
      setTenant({ settings: { ...settings, budgets: [{ ...twice, window: 'unknown' }] } }),
      'SETTINGS_INVALID',
    ],
    [
      'a negative budget',
      setTenant({ settings: { ...settings, budgets: [{ ...twice, costMax: '-1' }] } }),
      'SETTINGS_INVALID',
    ],
    ['a weight of zero', setTenant({ settings: { ...settings, weight: 0 } }), 'SETTINGS_INVALID'],
    ['a weight above 100', setTenant({ settings: { ...settings, weight: 101 } }), 'SETTINGS_INVALID'],
    ['content kept for zero days', setTenant({ settings: { ...settings, retentionDays: 0 } }), 'SETTINGS_INVALID'],
  ])('is refused: %s', (_, command, code) => {
    expect(when(command).records).toMatchObject(refusedWith(code));
  });

  it('is refused: an overlap of more than a week', () => {
    expect(given(issue()).when(rotate({ overlapS: 604_801 })).records).toMatchObject(refusedWith('OVERLAP_INVALID', 1));
  });
});

it('folds only events: entries and refusals change nothing', () => {
  expect(evolve(absent, { type: 'Role', data: aRole() })).toBe(absent);
  const { records, state } = when(setRole({ capabilities: [] }));
  expect(records).toHaveLength(1);
  expect(state).toBeUndefined();
});
