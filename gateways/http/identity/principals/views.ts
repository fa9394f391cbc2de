import type { z } from 'zod';
import { capabilitiesOfRoles, type Directory } from '../../../../schemas/contexts/identity/directory.ts';
import type { Principal } from '../../../../schemas/generated/records.ts';
import type { accountBody, userBody } from './schemas.ts';

const principalFacts = (directory: Directory, principal: Principal) => ({
  tenant_id: principal.tenantId,
  principal: `${principal.kind}:${principal.principalId}`,
  version: principal.version,
  name: principal.name,
  // Removed principals are not shown at all.
  status: principal.status === 'active' ? ('active' as const) : ('disabled' as const),
  roles: [...principal.roles],
  capabilities: [...capabilitiesOfRoles(directory, principal.tenantId, principal.roles)],
});

/** Returns the body of a user. */
export const userView = (directory: Directory, user: Principal): z.infer<typeof userBody> => ({
  user_id: user.principalId,
  ...principalFacts(directory, user),
});

/** Returns the body of a service account. */
export const accountView = (directory: Directory, account: Principal): z.infer<typeof accountBody> => ({
  service_account_id: account.principalId,
  ...principalFacts(directory, account),
});
