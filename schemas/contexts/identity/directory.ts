/** The directory that gateways use for authentication: roles, users, service accounts and API keys of every tenant. */
import type { ApiKey, Principal, Role, Tenant } from '../../generated/records.ts';
import { apiKeyEntry, inBoth, principalEntry, roleEntry, TENANT_WEIGHT_MAX } from './entries.ts';

export type Tenants = ReadonlyMap<string, Tenant>;

export type DirectoryEntry =
  | { readonly type: 'Role'; readonly data: Role }
  | { readonly type: 'Principal'; readonly data: Principal }
  | { readonly type: 'ApiKey'; readonly data: ApiKey };

type Nested<Value> = ReadonlyMap<string, ReadonlyMap<string, Value>>;

/**
 * The folded directory. Two levels, so that a change copies the entries of one tenant only: folding n entries stays far
 * from n².
 */
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

/**
 * Returns the directory with the current state of one entry. Removed entries stay: a removed principal is refused, an
 * unknown one is not.
 */
export const withEntry = (directory: Directory, entry: DirectoryEntry): Directory => ({
  byTenant: withValue(directory.byTenant, entry.data.tenantId, entry.data.entryId, entry),
  keys:
    entry.type === 'ApiKey'
      ? withValue(directory.keys, bucketOf(entry.data.prefix), entry.data.prefix, entry.data)
      : directory.keys,
});

/** An entry as an event reported it: a tenant, or an entry of its directory. */
export interface WrittenEntry {
  readonly tenantId: string;
  readonly entryId: string;
  readonly version: number;
}

/** Returns the weight of a tenant, 1 to TENANT_WEIGHT_MAX; 1 for a tenant without settings. */
export const weightOf = (tenants: Tenants, tenantId: string): number =>
  Math.min(Math.max(1, tenants.get(tenantId)?.settings.weight ?? 1), TENANT_WEIGHT_MAX);

/** Returns true when the tenant has this version or a later one. */
export const tenantsHold = (tenants: Tenants, { tenantId, version }: WrittenEntry): boolean =>
  (tenants.get(tenantId)?.version ?? -1) >= version;

/** Returns true when the entry has this version or a later one. */
export const directoryHolds = (directory: Directory, { tenantId, entryId, version }: WrittenEntry): boolean =>
  (directory.byTenant.get(tenantId)?.get(entryId)?.data.version ?? -1) >= version;

/** Returns the entries of a tenant ordered by id, including removed ones. */
export const entriesOf = (directory: Directory, tenantId: string): readonly DirectoryEntry[] =>
  [...(directory.byTenant.get(tenantId)?.values() ?? [])].sort((one, other) =>
    one.data.entryId < other.data.entryId ? -1 : 1,
  );

/** Returns the number of entries of a tenant, including removed ones. */
export const countOf = (directory: Directory, tenantId: string): number => directory.byTenant.get(tenantId)?.size ?? 0;

/** Returns a role by name; undefined when it does not exist or was removed. */
export function roleOf(directory: Directory, tenantId: string, name: string): Role | undefined {
  const found = directory.byTenant.get(tenantId)?.get(roleEntry(tenantId, name));
  return found?.type === 'Role' && found.data.status === 'active' ? found.data : undefined;
}

/** Returns a user or service account by `user:<id>` or `service_account:<id>`, in any status. */
export function principalOf(directory: Directory, tenantId: string, principal: string): Principal | undefined {
  const found = directory.byTenant.get(tenantId)?.get(principalEntry(tenantId, principal));
  return found?.type === 'Principal' ? found.data : undefined;
}

/** Returns an API key of any tenant by its prefix, including revoked ones. */
export const apiKeyOf = (directory: Directory, prefix: string): ApiKey | undefined =>
  directory.keys.get(bucketOf(prefix))?.get(prefix);

/** Returns an API key of one tenant by its prefix, including revoked ones. */
export const apiKeyOfTenant = (directory: Directory, tenantId: string, prefix: string): ApiKey | undefined => {
  const found = directory.byTenant.get(tenantId)?.get(apiKeyEntry(prefix));
  return found?.type === 'ApiKey' ? found.data : undefined;
};

/** Returns the capabilities of roles, without repetitions. A role that does not exist grants nothing. */
export const capabilitiesOfRoles = (
  directory: Directory,
  tenantId: string,
  roles: readonly string[],
): readonly string[] => [...new Set(roles.flatMap((name) => roleOf(directory, tenantId, name)?.capabilities ?? []))];

/** Returns the current capabilities of a user or service account; none when it is unknown or not active. */
export function capabilitiesOf(directory: Directory, tenantId: string, principal: string): readonly string[] {
  const found = principalOf(directory, tenantId, principal);
  return found?.status === 'active' ? capabilitiesOfRoles(directory, tenantId, found.roles) : [];
}

/** Returns the current capabilities of a key: those of its owner within the bounds of the key. */
export function capabilitiesOfKey(
  directory: Directory,
  key: Pick<ApiKey, 'tenantId' | 'owner' | 'capabilities'>,
): readonly string[] {
  const owners = capabilitiesOf(directory, key.tenantId, key.owner);
  return key.capabilities === null ? owners : inBoth(key.capabilities, owners);
}

/**
 * Returns the hashes that authenticate a key at `nowMs`: its own, and until the overlap ends the previous one; none for
 * a revoked key.
 */
export function hashesAt({ status, hash, previousHash, previousUntil }: ApiKey, nowMs: number): readonly string[] {
  if (status !== 'active') return [];
  return previousHash !== null && previousUntil !== null && nowMs < previousUntil ? [hash, previousHash] : [hash];
}
