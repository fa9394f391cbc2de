/**
 * Names of directory entries, the principals that may manage them, and the capabilities that may be granted. How to use
 * it: docs/how-to/give-a-team-a-key.md.
 */
import { anyCovers, covers } from '../../capabilities.ts';

/** Pattern of a tenant id. It is part of entry ids, so it contains no colon. */
export const TENANT_ID = /^[a-z0-9][a-z0-9._-]{0,62}$/;
export const ROLE_NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;
/**
 * Pattern of a principal id. Visible ASCII, so that the sub of an access token, chosen by an identity provider, fits.
 */
export const PRINCIPAL_ID = /^[A-Za-z0-9][\x21-\x7e]{0,99}$/;
/** Pattern of a principal, `user:<id>` or `service_account:<id>`: the owner of an API key. */
export const PRINCIPAL = /^(?:user|service_account):[A-Za-z0-9][\x21-\x7e]{0,99}$/;
export const KEY_PREFIX = /^[a-z0-9]{8}$/;

/** Bound on the overlap of a rotation, during which the previous secret is valid, in s. */
export const OVERLAP_S_MAX = 7 * 24 * 60 * 60;

/** Largest weight of a tenant: so many keys it may begin in a row while others wait. The smallest, and the default, is 1. */
export const TENANT_WEIGHT_MAX = 100;

export type EntryKind = 'tenant' | 'role' | 'user' | 'service_account' | 'api_key';

/** Returns the entry id of a tenant. */
export const tenantEntry = (tenantId: string): string => `tenant:${tenantId}`;
/** Returns the entry id of a role. */
export const roleEntry = (tenantId: string, name: string): string => `role:${tenantId}:${name}`;
/** Returns the entry id of a principal `user:<id>` or `service_account:<id>`. */
export function principalEntry(tenantId: string, principal: string): string {
  const at = principal.indexOf(':');
  return `${principal.slice(0, at)}:${tenantId}${principal.slice(at)}`;
}
/** Returns the entry id of an API key, without its tenant: the prefix identifies the key before its tenant is known. */
export const apiKeyEntry = (prefix: string): string => `api_key:${prefix}`;

export interface EntryName {
  readonly kind: EntryKind;
  /** Tenant; null when the entry id does not contain it. */
  readonly tenantId: string | null;
  /** Name within tenant and kind. */
  readonly id: string;
}

/** Parses an entry id; null when it is invalid. */
export function parseEntry(entryId: string): EntryName | null {
  const [kind = '', second = '', ...rest] = entryId.split(':');
  const id = rest.join(':');
  switch (kind) {
    case 'tenant':
      return rest.length === 0 && TENANT_ID.test(second) ? { kind, tenantId: second, id: second } : null;
    case 'role':
      return TENANT_ID.test(second) && ROLE_NAME.test(id) ? { kind, tenantId: second, id } : null;
    case 'user':
    case 'service_account':
      return TENANT_ID.test(second) && PRINCIPAL_ID.test(id) ? { kind, tenantId: second, id } : null;
    case 'api_key':
      return rest.length === 0 && KEY_PREFIX.test(second) ? { kind, tenantId: null, id: second } : null;
    default:
      return null;
  }
}

/**
 * Returns true when the capabilities may manage a tenant and its settings. `identity:manage:<tenant>` manages a tenant
 * and everything in it. Settings restrict a tenant, so its own people cannot change them.
 */
export const mayManageTenant = (capabilities: readonly string[], tenantId: string): boolean =>
  anyCovers(capabilities, `identity:manage:${tenantId}`);

/**
 * Returns true when the capabilities may manage entries of a tenant. `identity:manage` manages roles, users, service
 * accounts and API keys of one's own tenant.
 */
export const mayManage = (capabilities: readonly string[], ownTenant: string, tenantId: string): boolean =>
  mayManageTenant(capabilities, tenantId) || (ownTenant === tenantId && anyCovers(capabilities, 'identity:manage'));

/** Returns the capabilities that both lists cover: of each pair the narrower one. */
export function inBoth(some: readonly string[], others: readonly string[]): readonly string[] {
  const both = some.flatMap((one) =>
    others.flatMap((other) => (covers(other, one) ? [one] : covers(one, other) ? [other] : [])),
  );
  return [...new Set(both)];
}
