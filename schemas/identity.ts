/** Names of what stands in the directory, who may manage it, and what may be given. How it is used: docs/how-to/give-a-team-a-key.md. */
import { anyCovers, covers } from './capabilities.ts';

/** A tenant's id stands in the keys of entries, so it holds no colon. */
export const TENANT_ID = /^[a-z0-9][a-z0-9._-]{0,62}$/;
export const ROLE_NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;
/** Visible ASCII: the sub of an access token, which an identity provider chose, must fit. */
export const PRINCIPAL_ID = /^[A-Za-z0-9][\x21-\x7e]{0,99}$/;
/** `user:<id>` or `service_account:<id>`: what an API key belongs to, and what acts with it. */
export const PRINCIPAL = /^(?:user|service_account):[A-Za-z0-9][\x21-\x7e]{0,99}$/;
export const KEY_PREFIX = /^[a-z0-9]{8}$/;

/** The secret before a rotation counts for no longer than this, s. */
export const OVERLAP_S_MAX = 7 * 24 * 60 * 60;

export type EntryKind = 'tenant' | 'role' | 'user' | 'service_account' | 'api_key';

export const tenantEntry = (tenantId: string): string => `tenant:${tenantId}`;
export const roleEntry = (tenantId: string, name: string): string => `role:${tenantId}:${name}`;
/** Of a principal: `user:<id>` or `service_account:<id>`. */
export function principalEntry(tenantId: string, principal: string): string {
  const at = principal.indexOf(':');
  return `${principal.slice(0, at)}:${tenantId}${principal.slice(at)}`;
}
/** One for all tenants: the prefix finds the key before anybody knows whose it is. */
export const apiKeyEntry = (prefix: string): string => `api_key:${prefix}`;

export interface EntryName {
  readonly kind: EntryKind;
  /** Null where the entry's id does not tell it. */
  readonly tenantId: string | null;
  /** Within tenant and kind. */
  readonly id: string;
}

/** Null for what names no entry. */
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

/** `identity:manage:<tenant>` manages a tenant itself and all in it. Settings bind a tenant, so its own people do not change them. */
export const mayManageTenant = (capabilities: readonly string[], tenantId: string): boolean =>
  anyCovers(capabilities, `identity:manage:${tenantId}`);

/** `identity:manage` manages roles, users, service accounts and API keys of one's own tenant. */
export const mayManage = (capabilities: readonly string[], ownTenant: string, tenantId: string): boolean =>
  mayManageTenant(capabilities, tenantId) || (ownTenant === tenantId && anyCovers(capabilities, 'identity:manage'));

/** What two lists of capabilities both cover: of each pair the narrower one. */
export function inBoth(some: readonly string[], others: readonly string[]): readonly string[] {
  const both = some.flatMap((one) =>
    others.flatMap((other) => (covers(other, one) ? [one] : covers(one, other) ? [other] : [])),
  );
  return [...new Set(both)];
}
