import { apiKey, principal, role, tenant } from '../../schemas/generated/records.ts';
import type { topics } from '../../schemas/topics.ts';
import { assertNever, type RecordOf, type RecordsOf } from '../kernel.ts';

/** The aggregate: one tenant, role, user, service account or API key, as its followed tables hold it. */
export type Entry = RecordOf<'Tenant' | 'Role' | 'Principal' | 'ApiKey'>;

/**
 * absent ──Defined, Issued──▶ there ──Defined, Rotated, Removed, Revoked──▶ there
 * A removed or revoked entry stays, so that its version continues when it is created again: no ETag has two meanings.
 */
export type IdentityState = { readonly status: 'absent' } | { readonly status: 'there'; readonly entry: Entry };

export const absent: IdentityState = { status: 'absent' };

export type IdentityEvent = RecordsOf<readonly [typeof topics.identityEvents]>;

/** Returns the entry after an event; null when the event changes nothing. */
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

/** Folds one event into the state; entries and refusals change nothing. */
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
