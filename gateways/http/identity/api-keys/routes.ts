import { apiKeyOfTenant, entriesOf } from '../../../../schemas/contexts/identity/directory.ts';
import { resource } from '../../../shared/resource/resource.ts';
import { createApiKey, revokeKey, rotateKey } from './commands.ts';
import { keyBody, keyId, keyPage } from './schemas.ts';
import { keyView } from './views.ts';

const apiKeys = resource({
  tag: 'identity',
  name: 'ApiKey',
  url: '/v1/api-keys',
  idName: 'key_id',
  id: keyId,
  unknown: 'API_KEY_UNKNOWN',
  schema: keyBody,
  page: keyPage,
  belongsTo: 'tenant',
  items: ({ services: { tables }, tenantId }) =>
    entriesOf(tables.directory.value, tenantId).flatMap((entry) => (entry.type === 'ApiKey' ? [entry.data] : [])),
  find: ({ services: { tables }, tenantId }, prefix) => apiKeyOfTenant(tables.directory.value, tenantId, prefix),
  idOf: ({ prefix }) => prefix,
  entryOf: (apiKey) => apiKey,
  view: keyView,
  list: {
    summary: 'List the API keys of the tenant, including revoked ones',
    description:
      'Requires `identity:manage`. Keys in the key file of the operators, such as the first key of a tenant, are not listed.',
  },
  get: { summary: 'Get an API key with its owner and its status', description: 'Requires `identity:manage`.' },
});

/** Routes of API keys. The text of a key is shown once. */
export const apiKeyRoutes = [...apiKeys.reads, createApiKey, rotateKey, revokeKey];
