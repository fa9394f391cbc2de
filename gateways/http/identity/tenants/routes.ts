import { mayManage, tenantEntry } from '../../../../schemas/contexts/identity/entries.ts';
import { defineTenant, type Tenant } from '../../../../schemas/generated/records.ts';
import { resource } from '../../../shared/resource/resource.ts';
import { askedBy, tenantId } from '../../../shared/resource/scope.ts';
import { requireCapability } from '../../../shared/route/request.ts';
import { changeTenantBody, createTenantBody, tenantBody, tenantPage } from './schemas.ts';
import { settingsFrom, tenantView } from './views.ts';

const tenants = resource({
  tag: 'identity',
  name: 'Tenant',
  url: '/v1/tenants',
  idName: 'tenant_id',
  id: tenantId,
  unknown: 'TENANT_UNKNOWN',
  schema: tenantBody,
  page: tenantPage,
  belongsTo: 'itself',
  items: ({ caller, services: { tables } }) =>
    [...tables.tenants.value.values()].filter((each) => mayManage(caller.capabilities, caller.tenantId, each.tenantId)),
  find: ({ services: { tables } }, id) => tables.tenants.value.get(id),
  idOf: (tenant: Tenant) => tenant.tenantId,
  entryOf: (tenant: Tenant) => ({ ...tenant, entryId: tenantEntry(tenant.tenantId) }),
  view: tenantView,
  list: {
    summary: 'List the tenants that the caller may manage',
    description:
      'Requires an `identity:` capability. With `identity:manage` alone the list has only the caller’s own tenant. Ordered by id.',
    takes: ({ caller: { capabilities } }) =>
      requireCapability(
        capabilities.some((capability) => capability === '*' || capability.startsWith('identity:')),
        'identity:manage',
      ),
  },
  get: {
    summary: 'Get a tenant with its settings',
    description: 'Requires `identity:manage` for the caller’s own tenant, `identity:manage:<tenant>` for another.',
  },
});

/** Routes of tenants: their names, their status and their settings. */
export const tenantRoutes = [
  ...tenants.reads,
  tenants.create({
    summary: 'Create a tenant',
    description:
      'Requires `identity:manage:<tenant>`. A tenant that has keys but was never created is active, with the default of each setting.',
    body: createTenantBody,
    id: ({ tenant_id: id }) => id,
    appends: ['DefineTenant'],
    command: (request, id) => {
      const { name, status, settings } = request.body;
      const asked = askedBy(request, tenantEntry(id));
      return defineTenant({ ...asked, expectedVersion: 0, name, status, settings: settingsFrom(settings) });
    },
    event: 'TenantDefined',
    item: ({ tenant }) => tenant,
  }),
  tenants.change({
    summary: 'Replace the name, the status and the settings of a tenant',
    description:
      'Requires `identity:manage:<tenant>` and `If-Match`. An omitted setting gets its default. Every gateway refuses a suspended tenant and ends its streams.',
    body: changeTenantBody,
    appends: ['DefineTenant'],
    command: (request, id) => {
      const { name, status, settings } = request.body;
      const asked = { ...askedBy(request, tenantEntry(id)), expectedVersion: request.expectedVersion };
      return defineTenant({ ...asked, name, status, settings: settingsFrom(settings) });
    },
    event: 'TenantDefined',
    item: ({ tenant }) => tenant,
    problems: ['TENANT_IS_OWN'],
  }),
];
