import type { z } from 'zod';
import type { Role } from '../../../../schemas/generated/records.ts';
import type { roleBody } from './schemas.ts';

/** Returns the body of a role. */
export const roleView = ({ name, tenantId, version, description, capabilities }: Role): z.infer<typeof roleBody> => ({
  name,
  tenant_id: tenantId,
  version,
  description,
  capabilities: [...capabilities],
});
