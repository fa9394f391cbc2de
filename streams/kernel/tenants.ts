import type { Tenant } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { table } from '../kernel.ts';

/** By id. A tenant that nobody has set up is not there, and has no settings. */
export type Tenants = ReadonlyMap<string, Tenant>;

/** Every tenant as it stands: some 300 bytes each. */
export const tenants = table({
  name: 'tenants',
  topic: topics.identityTenants,
  initial: new Map() as Tenants,
  evolve: (known, { data }) => new Map(known).set(data.tenantId, data),
});
