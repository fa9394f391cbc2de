import { type Directory, emptyDirectory, type Tenants, withEntry } from '../../schemas/contexts/identity/directory.ts';
import { topics } from '../../schemas/topics.ts';
import { table } from '../kernel.ts';

/** The current state of every tenant. A tenant without one is active, with the default of each setting. */
export const tenants = table({
  name: 'tenants',
  topic: topics.identityTenants,
  initial: new Map() as Tenants,
  evolve: (known, { data }) => new Map(known).set(data.tenantId, data),
});

/** The current state of every role, user, service account and API key. */
export const directory = table({
  name: 'directory',
  topic: topics.identityDirectory,
  initial: emptyDirectory as Directory,
  evolve: withEntry,
});
