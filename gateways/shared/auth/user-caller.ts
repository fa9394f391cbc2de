import type { OutsideUser } from '../../../infra/security/identity-provider.ts';
import { capabilitiesOf, capabilitiesOfRoles, type Directory } from '../../../schemas/contexts/identity/directory.ts';
import type { UserCaller } from './caller.ts';

/** Returns the caller with the capabilities of the roles in its token and of the roles that it has in the directory. */
export function userWith({ tenantId, principal, roles, expiresAtMs }: OutsideUser, directory: Directory): UserCaller {
  const capabilities = [
    ...capabilitiesOfRoles(directory, tenantId, roles),
    ...capabilitiesOf(directory, tenantId, principal),
  ];
  return { kind: 'user', tenantId, principal, capabilities: [...new Set(capabilities)], expiresAtMs };
}
