/** The directory as those hold it who let callers in: roles, users, service accounts and API keys of every tenant. */
import type { ApiKey, Principal, Role, Tenant } from './generated/records.ts';
import { apiKeyEntry, inBoth, principalEntry, roleEntry } from './identity.ts';

export type Tenants = ReadonlyMap<string, Tenant>;

export type DirectoryEntry =
  | { readonly type: 'Role'; readonly data: Role }
  | { readonly type: 'Principal'; readonly data: Principal }
  | { readonly type: 'ApiKey'; readonly data: ApiKey };

type Nested<Value> = ReadonlyMap<string, ReadonlyMap<string, Value>>;

/** In two levels, so that one change copies one tenant's entries and not those of all: reading n entries anew stays far from n². */
export interface Directory {
  /** Tenant → entry id → entry. */
  readonly byTenant: Nested<DirectoryEntry>;
  /** First two characters of a key's prefix → prefix → key. */
  readonly keys: Nested<ApiKey>;
}

export const emptyDirectory: Directory = { byTenant: new Map(), keys: new Map() };

const withValue = <Value>(nested: Nested<Value>, outer: string, inner: string, value: Value): Nested<Value> =>
  new Map(nested).set(outer, new Map(nested.get(outer)).set(inner, value));

const bucketOf = (prefix: string): string => prefix.slice(0, 2);

/** With one entry as it stands now. Removed ones stay: a principal that was removed is refused, one that never was is not. */
export const withEntry = (directory: Directory, entry: DirectoryEntry): Directory => ({
  byTenant: withValue(directory.byTenant, entry.data.tenantId, entry.data.entryId, entry),
  keys:
    entry.type === 'ApiKey'
      ? withValue(directory.keys, bucketOf(entry.data.prefix), entry.data.prefix, entry.data)
      : directory.keys,
});

/** Undefined when there is none, or it was removed. */
export function roleOf(directory: Directory, tenantId: string, name: string): Role | undefined {
  const found = directory.byTenant.get(tenantId)?.get(roleEntry(tenantId, name));
  return found?.type === 'Role' && found.data.status === 'active' ? found.data : undefined;
}

/** A user or service account by `user:<id>` or `service_account:<id>`, whatever its status. */
export function principalOf(directory: Directory, tenantId: string, principal: string): Principal | undefined {
  const found = directory.byTenant.get(tenantId)?.get(principalEntry(tenantId, principal));
  return found?.type === 'Principal' ? found.data : undefined;
}

/** An API key of any tenant, revoked ones too. */
export const apiKeyOf = (directory: Directory, prefix: string): ApiKey | undefined =>
  directory.keys.get(bucketOf(prefix))?.get(prefix);

export const apiKeyOfTenant = (directory: Directory, tenantId: string, prefix: string): ApiKey | undefined => {
  const found = directory.byTenant.get(tenantId)?.get(apiKeyEntry(prefix));
  return found?.type === 'ApiKey' ? found.data : undefined;
};

/** What roles give, each capability once. A role that does not exist gives nothing. */
export const capabilitiesOfRoles = (
  directory: Directory,
  tenantId: string,
  roles: readonly string[],
): readonly string[] => [...new Set(roles.flatMap((name) => roleOf(directory, tenantId, name)?.capabilities ?? []))];

/** What a user or service account may do now. One that is unknown or not active may do nothing. */
export function capabilitiesOf(directory: Directory, tenantId: string, principal: string): readonly string[] {
  const found = principalOf(directory, tenantId, principal);
  return found?.status === 'active' ? capabilitiesOfRoles(directory, tenantId, found.roles) : [];
}

/** What may be done with a key now: what its owner may, within the key's own bounds. Narrower than its owner, never wider. */
export function capabilitiesOfKey(
  directory: Directory,
  key: Pick<ApiKey, 'tenantId' | 'owner' | 'capabilities'>,
): readonly string[] {
  const owners = capabilitiesOf(directory, key.tenantId, key.owner);
  return key.capabilities === null ? owners : inBoth(key.capabilities, owners);
}

/** The hashes that prove a key at a time: its own, and until the overlap ends the one before. None of a revoked key. */
export function hashesAt({ status, hash, previousHash, previousUntil }: ApiKey, nowMs: number): readonly string[] {
  if (status !== 'active') return [];
  return previousHash !== null && previousUntil !== null && nowMs < previousUntil ? [hash, previousHash] : [hash];
}
