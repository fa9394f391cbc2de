import { entriesOf, roleOf } from '../../../../schemas/contexts/identity/directory.ts';
import { roleEntry } from '../../../../schemas/contexts/identity/entries.ts';
import { defineRole, removeRole } from '../../../../schemas/generated/records.ts';
import { requireGranted } from '../../../shared/auth/require-granted.ts';
import { resource } from '../../../shared/resource/resource.ts';
import { askedBy } from '../../../shared/resource/scope.ts';
import { roleName } from '../fields.ts';
import { changeRoleBody, createRoleBody, roleBody, rolePage } from './schemas.ts';
import { roleView } from './views.ts';

const roles = resource({
  tag: 'identity',
  name: 'Role',
  url: '/v1/roles',
  idName: 'role',
  id: roleName,
  unknown: 'ROLE_UNKNOWN',
  schema: roleBody,
  page: rolePage,
  belongsTo: 'tenant',
  items: ({ services: { tables }, tenantId }) =>
    entriesOf(tables.directory.value, tenantId).flatMap((entry) =>
      entry.type === 'Role' && entry.data.status === 'active' ? [entry.data] : [],
    ),
  find: ({ services: { tables }, tenantId }, name) => roleOf(tables.directory.value, tenantId, name),
  idOf: ({ name }) => name,
  entryOf: (role) => role,
  view: roleView,
  list: { summary: 'List the roles of the tenant', description: 'Requires `identity:manage`. Ordered by name.' },
  get: { summary: 'Get a role with its capabilities', description: 'Requires `identity:manage`.' },
});

/** Routes of roles, which are names for sets of capabilities. */
export const roleRoutes = [
  ...roles.reads,
  roles.create({
    summary: 'Create a role',
    description: 'Requires `identity:manage`, and each capability of the role.',
    body: createRoleBody,
    id: ({ name }) => name,
    takes: ({ caller, body }) => requireGranted(caller.capabilities, body.capabilities, 'The caller'),
    appends: ['DefineRole'],
    command: (request, name) => {
      const { description, capabilities: roleCapabilities } = request.body;
      const asked = askedBy(request, roleEntry(request.tenantId, name));
      return defineRole({ ...asked, expectedVersion: 0, description, roleCapabilities });
    },
    event: 'RoleDefined',
    item: ({ role }) => role,
  }),
  roles.change({
    summary: 'Replace the description and the capabilities of a role',
    description: 'Requires `identity:manage`, each added capability, and `If-Match`.',
    body: changeRoleBody,
    takes: ({ caller, body, services, tenantId }, name) => {
      // Capabilities that the role already has may stay; the processor checks again against the role in the log.
      const given = roleOf(services.tables.directory.value, tenantId, name)?.capabilities ?? [];
      requireGranted([...caller.capabilities, ...given], body.capabilities, 'The caller');
    },
    appends: ['DefineRole'],
    command: (request, name) => {
      const { description, capabilities: roleCapabilities } = request.body;
      const asked = askedBy(request, roleEntry(request.tenantId, name));
      return defineRole({ ...asked, expectedVersion: request.expectedVersion, description, roleCapabilities });
    },
    event: 'RoleDefined',
    item: ({ role }) => role,
    problems: ['CAPABILITY_MISSING'],
  }),
  roles.remove({
    summary: 'Remove a role; its principals lose its capabilities',
    description: 'Requires `identity:manage` and `If-Match`.',
    appends: ['RemoveRole'],
    command: (request, name) =>
      removeRole({
        ...askedBy(request, roleEntry(request.tenantId, name)),
        expectedVersion: request.expectedVersion,
      }),
    event: 'RoleRemoved',
    item: ({ role }) => role,
  }),
];
