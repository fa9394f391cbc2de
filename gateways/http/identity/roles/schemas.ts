import { z } from 'zod';
import { page } from '../../../shared/paging.ts';
import { capabilities, roleName, version } from '../fields.ts';

const roleChange = {
  description: z.string().max(500).default('').meta({ description: 'Purpose of the role' }),
  capabilities: capabilities.meta({
    description: 'Each one must be covered by a capability of the caller',
    examples: [['slm:invoke:*']],
  }),
};
/** Body of a creation. */
export const createRoleBody = z
  .strictObject({ name: roleName, ...roleChange })
  .meta({ id: 'CreateRole', examples: [{ name: 'reader', capabilities: ['slm:invoke:*'] }] });
/** Body of a change. */
export const changeRoleBody = z
  .strictObject(roleChange)
  .meta({ id: 'ChangeRole', examples: [{ capabilities: ['slm:invoke:*', 'slm:embed:*'] }] });
/** Schema of a role. */
export const roleBody = z
  .object({
    name: z.string().meta({ description: 'Name of the role' }),
    tenant_id: z.string().meta({ description: 'Tenant of the role' }),
    version,
    description: z.string().meta({ description: 'Purpose of the role' }),
    capabilities: z.array(z.string()).meta({ description: 'Capabilities of the role' }),
  })
  .meta({ id: 'Role' });
/** Schema of a page of roles. */
export const rolePage = page(roleBody, 'RolePage');
