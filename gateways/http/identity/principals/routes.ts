import type { z } from 'zod';
import { type Directory, entriesOf, principalOf } from '../../../../schemas/contexts/identity/directory.ts';
import { principalEntry } from '../../../../schemas/contexts/identity/entries.ts';
import {
  definePrincipal,
  type Principal,
  type PrincipalKind,
  removePrincipal,
} from '../../../../schemas/generated/records.ts';
import type { TableServices } from '../../../shared/resource/outcomes.ts';
import { resource } from '../../../shared/resource/resource.ts';
import { askedBy, type Scope } from '../../../shared/resource/scope.ts';
import { grantsOf } from './grants.ts';
import {
  accountBody,
  accountId,
  accountPage,
  changePrincipalBody,
  createAccountBody,
  createUserBody,
  principalId,
  userBody,
  userPage,
} from './schemas.ts';
import { accountView, userView } from './views.ts';

type Change = z.output<typeof changePrincipalBody>;

/** A kind of principal: its OpenAPI texts and its schemas. Everything else is shared. */
interface Kind<S extends z.ZodType, B extends z.ZodType<Change>> {
  readonly kind: PrincipalKind;
  readonly url: string;
  readonly idName: string;
  readonly idSchema: z.ZodType<string>;
  /** Name in operation ids: `User` in `createUser`. */
  readonly name: string;
  readonly one: string;
  readonly many: string;
  readonly schema: S;
  readonly page: z.ZodType;
  readonly view: (directory: Directory, principal: Principal) => z.output<S>;
  readonly createBody: B;
  readonly id: (body: z.output<B>) => string;
}

function principalRoutesOf<S extends z.ZodType, B extends z.ZodType<Change>>(of: Kind<S, B>) {
  const { kind, one, many, view } = of;
  const existing = ({ tables }: TableServices, tenantId: string, id: string): Principal | undefined => {
    const found = principalOf(tables.directory.value, tenantId, `${kind}:${id}`);
    return found?.status === 'removed' ? undefined : found;
  };
  const asked = (scope: Scope, id: string) => askedBy(scope, principalEntry(scope.tenantId, `${kind}:${id}`));
  const define = (
    scope: Scope & { readonly services: TableServices },
    id: string,
    { name, status, roles }: Change,
    expectedVersion: number | null,
    kept: readonly string[],
  ) => {
    const added = roles.filter((role) => !kept.includes(role));
    const grants = grantsOf(scope, scope.services.tables.directory.value, roles, added);
    return definePrincipal({ ...asked(scope, id), expectedVersion, name, enabled: status === 'active', roles, grants });
  };

  const principals = resource({
    tag: 'identity',
    name: of.name,
    url: of.url,
    idName: of.idName,
    id: of.idSchema,
    unknown: 'PRINCIPAL_UNKNOWN',
    schema: of.schema,
    page: of.page,
    belongsTo: 'tenant',
    items: ({ services: { tables }, tenantId }) =>
      entriesOf(tables.directory.value, tenantId).flatMap((entry) => {
        const isOne = entry.type === 'Principal' && entry.data.kind === kind && entry.data.status !== 'removed';
        return isOne ? [entry.data] : [];
      }),
    find: ({ services, tenantId }, id) => existing(services, tenantId, id),
    idOf: (principal: Principal) => principal.principalId,
    entryOf: (principal: Principal) => principal,
    view: (principal: Principal, { tables }) => view(tables.directory.value, principal),
    list: { summary: `List the ${many} of the tenant`, description: 'Requires `identity:manage`. Ordered by id.' },
    get: { summary: `Get a ${one} with its capabilities`, description: 'Requires `identity:manage`.' },
  });

  return [
    ...principals.reads,
    principals.create({
      summary: `Create a ${one}`,
      description: 'Requires `identity:manage`, and each capability of its roles.',
      body: of.createBody,
      id: of.id,
      appends: ['DefinePrincipal'],
      command: (request, id) => define(request, id, request.body, 0, []),
      event: 'PrincipalDefined',
      item: ({ subject }) => subject,
    }),
    principals.change({
      summary: `Replace the name, the status and the roles of a ${one}`,
      description: `Requires \`identity:manage\`, each capability of the added roles, and \`If-Match\`. Every gateway refuses a disabled ${one} with any credentials and ends its streams.`,
      body: changePrincipalBody,
      appends: ['DefinePrincipal'],
      command: (request, id) => {
        const { services, tenantId, expectedVersion: expected } = request;
        const found = existing(services, tenantId, id);
        // Roles that it already has may stay, but only those of the version that the command expects.
        const kept = found !== undefined && found.version === expected ? found.roles : [];
        return define(request, id, request.body, expected, kept);
      },
      event: 'PrincipalDefined',
      item: ({ subject }) => subject,
    }),
    principals.remove({
      summary: `Remove a ${one}; its keys and tokens are refused`,
      description: 'Requires `identity:manage` and `If-Match`.',
      appends: ['RemovePrincipal'],
      command: (request, id) => removePrincipal({ ...asked(request, id), expectedVersion: request.expectedVersion }),
      event: 'PrincipalRemoved',
      item: ({ subject }) => subject,
    }),
  ];
}

/** Routes of users (people, by the id of their identity provider) and of service accounts (programs). */
export const principalRoutes = [
  ...principalRoutesOf({
    kind: 'user',
    url: '/v1/users',
    idName: 'user_id',
    idSchema: principalId,
    name: 'User',
    one: 'user',
    many: 'users',
    schema: userBody,
    page: userPage,
    view: userView,
    createBody: createUserBody,
    id: ({ user_id: id }) => id,
  }),
  ...principalRoutesOf({
    kind: 'service_account',
    url: '/v1/service-accounts',
    idName: 'service_account_id',
    idSchema: accountId,
    name: 'ServiceAccount',
    one: 'service account',
    many: 'service accounts',
    schema: accountBody,
    page: accountPage,
    view: accountView,
    createBody: createAccountBody,
    id: ({ service_account_id: id }) => id,
  }),
];
