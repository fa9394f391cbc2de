import { z } from 'zod';
import { countOf } from '../../../schemas/contexts/identity/directory.ts';
import { mayManage, mayManageTenant, TENANT_ID } from '../../../schemas/contexts/identity/entries.ts';
import type { Caller } from '../auth/caller.ts';
import { Problem } from '../problems/problem.ts';
import { requireCapability } from '../route/request.ts';
import type { GatewayServices } from '../services.ts';

/** Schema of a tenant id. */
export const tenantId = z
  .string()
  .regex(TENANT_ID, 'Expected lower-case letters, digits, dots, dashes and underscores')
  .meta({ examples: ['acme'] });

/** Query field of resources that belong to a tenant. Operators name another tenant with it. */
export const tenantQuery = {
  tenant: tenantId.optional().meta({
    description: "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
  }),
};

/** The caller, and the tenant that it acts on. */
export interface Scope {
  readonly caller: Caller;
  readonly tenantId: string;
}

/** Throws Problem CAPABILITY_MISSING unless the caller may manage roles, users, service accounts and keys of the tenant. */
export const requireManager = ({ caller, tenantId: managed }: Scope): void =>
  requireCapability(
    mayManage(caller.capabilities, caller.tenantId, managed),
    managed === caller.tenantId ? 'identity:manage' : `identity:manage:${managed}`,
  );

/** Throws Problem CAPABILITY_MISSING unless the caller may change the tenant itself, which its own managers may not. */
export const requireOperator = ({ caller, tenantId: managed }: Scope): void =>
  requireCapability(mayManageTenant(caller.capabilities, managed), `identity:manage:${managed}`);

/** Returns the fields of a command that describe its entry and its caller. */
export const askedBy = ({ caller }: Pick<Scope, 'caller'>, entryId: string) => ({
  entryId,
  principal: caller.principal,
  principalTenant: caller.tenantId,
  capabilities: caller.capabilities,
});

/** Entries of a tenant. Every gateway keeps every entry in memory, including removed ones: half a kilobyte each. */
const ENTRIES_MAX = 10_000;

/** Throws Problem DIRECTORY_FULL when the tenant has 10,000 entries. */
export function requireRoom({ tables }: Pick<GatewayServices, 'tables'>, { tenantId: managed }: Scope): void {
  if (countOf(tables.directory.value, managed) >= ENTRIES_MAX)
    throw new Problem('DIRECTORY_FULL', `The tenant has ${ENTRIES_MAX} entries, including removed ones`);
}
