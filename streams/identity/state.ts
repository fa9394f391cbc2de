import { apiKey, principal, role, tenant } from '../../schemas/generated/records.ts';
import type { topics } from '../../schemas/topics.ts';
import { assertNever, type RecordOf, type RecordsOf } from '../kernel.ts';

/** What an aggregate is: one tenant, role, user, service account or API key, as those hold it who look things up. */
export type Entry = RecordOf<'Tenant' | 'Role' | 'Principal' | 'ApiKey'>;

/**
 * absent ──Defined, Issued──▶ there ──Defined, Rotated, Removed, Revoked──▶ there
 * What was removed or revoked stays, so that its version goes on when it is created again: no ETag means two things.
 */
export type IdentityState = { readonly status: 'absent' } | { readonly status: 'there'; readonly entry: Entry };

export const absent: IdentityState = { status: 'absent' };

export type IdentityEvent = RecordsOf<readonly [typeof topics.identityEvents]>;

/** The entry as an event leaves it; null when it changes nothing. */
export function entryAfter(event: IdentityEvent): Entry | null {
  switch (event.type) {
    case 'TenantDefined':
      return tenant(event.data.tenant);
    case 'RoleDefined':
    case 'RoleRemoved':
      return role(event.data.role);
    case 'PrincipalDefined':
    case 'PrincipalRemoved':
      return principal(event.data.subject);
    case 'ApiKeyIssued':
    case 'ApiKeyRotated':
    case 'ApiKeyRevoked':
      return apiKey(event.data.apiKey);
    case 'IdentityRefused':
      return null;
    default:
      return assertNever(event);
  }
}

export function evolve(state: IdentityState, record: IdentityEvent | Entry): IdentityState {
  switch (record.type) {
    case 'Tenant':
    case 'Role':
    case 'Principal':
    case 'ApiKey':
      return state;
    default: {
      const entry = entryAfter(record);
      return entry === null ? state : { status: 'there', entry };
    }
  }
}
