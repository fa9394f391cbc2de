import { z } from 'zod';
import { PRINCIPAL_ID } from '../../../../schemas/contexts/identity/entries.ts';
import { page } from '../../../shared/paging.ts';
import { displayName, roleName, version } from '../fields.ts';

/** Schema of a principal's id. */
export const principalId = z
  .string()
  .regex(PRINCIPAL_ID, 'Expected 1 to 100 visible ASCII characters that begin with a letter or digit')
  .meta({ examples: ['ana'] });
/** Schema of a service account's id. */
export const accountId = principalId.meta({ examples: ['search'] });
const status = z.enum(['active', 'disabled']);
const roles = z
  .array(roleName)
  .max(32)
  .meta({ description: 'Names of roles of the tenant', examples: [['reader']] });

const principalChange = {
  name: displayName,
  status: status.default('active').meta({ description: 'Every gateway refuses a disabled principal' }),
  roles: roles.default([]),
};
const principalFacts = {
  tenant_id: z.string().meta({ description: 'Tenant of the principal' }),
  principal: z.string().meta({ description: 'Name of the principal in `owner` and in events' }),
  version,
  name: z.string().meta({ description: 'Display name' }),
  status,
  roles: z.array(z.string()).meta({ description: 'Names of its roles' }),
  capabilities: z.array(z.string()).meta({ description: 'Current capabilities of its roles' }),
};
/** Body of a change. */
export const changePrincipalBody = z
  .strictObject(principalChange)
  .meta({ id: 'ChangePrincipal', examples: [{ name: 'Search in production', roles: ['reader'] }] });

/** Body of a user's creation. */
export const createUserBody = z
  .strictObject({ user_id: principalId, ...principalChange })
  .meta({ id: 'CreateUser', examples: [{ user_id: 'ana', name: 'Ana', roles: ['reader'] }] });
/** Schema of a user. */
export const userBody = z
  .object({ user_id: z.string().meta({ description: 'Id of the user' }), ...principalFacts })
  .meta({ id: 'User' });
/** Schema of a page of users. */
export const userPage = page(userBody, 'UserPage');

/** Body of a service account's creation. */
export const createAccountBody = z.strictObject({ service_account_id: accountId, ...principalChange }).meta({
  id: 'CreateServiceAccount',
  examples: [{ service_account_id: 'search', name: 'Search', roles: ['reader'] }],
});
/** Schema of a service account. */
export const accountBody = z
  .object({ service_account_id: z.string().meta({ description: 'Id of the service account' }), ...principalFacts })
  .meta({ id: 'ServiceAccount' });
/** Schema of a page of service accounts. */
export const accountPage = page(accountBody, 'ServiceAccountPage');

/** The body of a user or of a service account. */
export type PrincipalView = z.infer<typeof userBody> | z.infer<typeof accountBody>;
