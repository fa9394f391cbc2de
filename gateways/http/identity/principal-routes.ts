import { z } from 'zod';
import type { Directory } from '../../../schemas/directory.ts';
import type { Principal, PrincipalKind } from '../../../schemas/generated/records.ts';
import { type App, security } from '../../shared/app-type.ts';
import { etagOf, expectedVersion, ifMatchHeaders } from '../../shared/etag.ts';
import { problemResponses } from '../../shared/problems/openapi.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { type PrincipalChange, Principals } from './principals.ts';
import {
  accountBody,
  accountPage,
  accountParams,
  changePrincipalBody,
  createAccountBody,
  createUserBody,
  identityPending,
  PENDING,
  tenantPageQuery,
  tenantQuery,
  userBody,
  userPage,
  userParams,
} from './schemas.ts';
import { accountView, type PrincipalView, userView } from './views.ts';
import { changeProblems, createProblems, placeOf, readProblems, removeProblems } from './write.ts';

type IdName = 'user_id' | 'service_account_id';
/** The schemas of a kind have the id of that kind, and no other. */
type Named = Partial<Readonly<Record<IdName, string>>>;

/** A kind of principal over HTTP: its words and its schemas. All else is the same. */
interface Kind {
  readonly kind: PrincipalKind;
  readonly url: string;
  readonly idName: IdName;
  /** As in `createUser`. */
  readonly operation: string;
  readonly one: string;
  readonly many: string;
  readonly params: z.ZodType<Named>;
  readonly createBody: z.ZodType<PrincipalChange & Named>;
  readonly body: z.ZodType<PrincipalView>;
  readonly page: z.ZodType<{ readonly items: PrincipalView[]; readonly next_cursor: string | null }>;
  readonly view: (directory: Directory, principal: Principal) => PrincipalView;
}

const users: Kind = {
  kind: 'user',
  url: '/v1/users',
  idName: 'user_id',
  operation: 'User',
  one: 'user',
  many: 'Users',
  params: userParams,
  createBody: createUserBody,
  body: userBody,
  page: userPage,
  view: userView,
};

const serviceAccounts: Kind = {
  kind: 'service_account',
  url: '/v1/service-accounts',
  idName: 'service_account_id',
  operation: 'ServiceAccount',
  one: 'service account',
  many: 'Service accounts',
  params: accountParams,
  createBody: createAccountBody,
  body: accountBody,
  page: accountPage,
  view: accountView,
};

const common = { tags: ['identity'], security: security.api_key };

/** `/v1/users`: people, with the id that their identity provider calls them by, if there is one. `/v1/service-accounts`: programs that act by themselves. */
export function principalRoutes(app: App, services: GatewayServices): void {
  for (const kind of [users, serviceAccounts]) {
    const principals = new Principals(services, kind.kind);
    readRoutes(app, services, principals, kind);
    writeRoutes(app, services, principals, kind);
    removeRoute(app, principals, kind);
  }
}

const idOf = ({ idName }: Kind, named: Named): string => named[idName] ?? '';

function readRoutes(app: App, { directory }: GatewayServices, principals: Principals, kind: Kind): void {
  const { url, idName, operation, one, many, params, body, page: pageBody, view } = kind;
  app.route({
    method: 'GET',
    url,
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: `list${operation}s`,
      summary: `${many} of the tenant, by id`,
      description: 'Takes `identity:manage`.',
      querystring: tenantPageQuery,
      response: { 200: pageBody, ...problemResponses(...readProblems) },
    },
    handler: async (request) => {
      const page = principals.list(placeOf(request, request.query.tenant), request.query);
      return {
        items: page.items.map((each) => view(directory.directory, each)),
        next_cursor: page.nextCursor,
      };
    },
  });

  app.route({
    method: 'GET',
    url: `${url}/:${idName}`,
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: `get${operation}`,
      summary: `A ${one}, and what it may do`,
      description: 'Takes `identity:manage`.',
      params,
      querystring: tenantQuery,
      response: { 200: body, ...problemResponses(...readProblems, 'PRINCIPAL_UNKNOWN') },
    },
    handler: async (request, reply) => {
      const found = principals.get(placeOf(request, request.query.tenant), idOf(kind, request.params));
      return reply.header('etag', etagOf(found.version)).send(view(directory.directory, found));
    },
  });
}

function writeRoutes(app: App, { directory }: GatewayServices, principals: Principals, kind: Kind): void {
  const { url, idName, operation, one, params, createBody, body, view } = kind;
  app.route({
    method: 'POST',
    url,
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: `create${operation}`,
      summary: `Create a ${one}`,
      description: 'Takes `identity:manage`, and each capability that its roles give.',
      querystring: tenantQuery,
      body: createBody,
      response: { 201: body, 202: identityPending, ...problemResponses(...createProblems) },
    },
    handler: async (request, reply) => {
      const place = placeOf(request, request.query.tenant);
      const id = idOf(kind, request.body);
      const held = await principals.create(place, id, request.body, request);
      reply.header('location', `${url}/${encodeURIComponent(id)}`);
      if (held === undefined) return reply.code(202).send(PENDING);
      return reply.code(201).header('etag', etagOf(held.version)).send(view(directory.directory, held));
    },
  });

  app.route({
    method: 'PUT',
    url: `${url}/:${idName}`,
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: `change${operation}`,
      summary: `Change a ${one} as a whole: its name, its roles, whether it may act`,
      description:
        'Takes `identity:manage`, each capability of the roles that are added, and `If-Match`. A disabled one is refused at every gateway with any credentials, and its streams end.',
      params,
      querystring: tenantQuery,
      headers: ifMatchHeaders,
      body: changePrincipalBody,
      response: { 200: body, 202: identityPending, ...problemResponses(...changeProblems, 'PRINCIPAL_UNKNOWN') },
    },
    handler: async (request, reply) => {
      const place = placeOf(request, request.query.tenant);
      const expected = expectedVersion(request.headers['if-match']);
      const held = await principals.change(place, idOf(kind, request.params), request.body, expected, request);
      if (held === undefined) return reply.code(202).send(PENDING);
      return reply.header('etag', etagOf(held.version)).send(view(directory.directory, held));
    },
  });
}

function removeRoute(app: App, principals: Principals, kind: Kind): void {
  const { url, idName, operation, one, params } = kind;
  app.route({
    method: 'DELETE',
    url: `${url}/:${idName}`,
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: `remove${operation}`,
      summary: `Remove a ${one}: its keys and tokens are refused everywhere`,
      description: 'Takes `identity:manage`, and `If-Match`.',
      params,
      querystring: tenantQuery,
      headers: ifMatchHeaders,
      response: {
        202: identityPending,
        204: z.undefined().describe('It is removed'),
        ...problemResponses(...removeProblems, 'PRINCIPAL_UNKNOWN'),
      },
    },
    handler: async (request, reply) => {
      const place = placeOf(request, request.query.tenant);
      const expected = expectedVersion(request.headers['if-match']);
      const isHeld = await principals.remove(place, idOf(kind, request.params), expected, request);
      return isHeld ? reply.code(204).send() : reply.code(202).send(PENDING);
    },
  });
}
