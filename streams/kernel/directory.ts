import { type Directory, emptyDirectory, type Tenants, withEntry } from '../../schemas/directory.ts';
import { topics } from '../../schemas/topics.ts';
import { table } from '../kernel.ts';

/** Every tenant that was created, as it stands. One that was not is active, with the default of each setting. */
export const tenants = table({
  name: 'tenants',
  topic: topics.identityTenants,
  initial: new Map() as Tenants,
  evolve: (known, { data }) => new Map(known).set(data.tenantId, data),
});

/** Every role, user, service account and API key as it stands. */
export const directory = table({
  name: 'directory',
  topic: topics.identityDirectory,
  initial: emptyDirectory as Directory,
  evolve: withEntry,
});
