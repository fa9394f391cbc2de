import { z } from 'zod';
import { type App, security } from '../../shared/app-type.ts';
import { etagOf, expectedVersion, ifMatchHeaders } from '../../shared/etag.ts';
import { problemResponses } from '../../shared/problems/openapi.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { Principals } from './principals.ts';
import {
  changePrincipalBody,
  createUserBody,
  identityPending,
  PENDING,
  tenantPageQuery,
  tenantQuery,
  userBody,
  userPage,
  userParams,
} from './schemas.ts';
import { userView } from './views.ts';
import { changeProblems, createProblems, placeOf, readProblems, removeProblems } from './write.ts';

const common = { tags: ['identity'], security: security.api_key };

/** `/v1/users`: people, with the id that their identity provider calls them by, if there is one. */
export function userRoutes(app: App, services: GatewayServices): void {
  const principals = new Principals(services, 'user');
  readRoutes(app, services, principals);
  writeRoutes(app, services, principals);
  removeRoute(app, principals);
}

function readRoutes(app: App, { directory }: GatewayServices, principals: Principals): void {
  app.route({
    method: 'GET',
    url: '/v1/users',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'listUsers',
      summary: 'Users of the tenant, by id',
      description: 'Takes `identity:manage`.',
      querystring: tenantPageQuery,
      response: { 200: userPage, ...problemResponses(...readProblems) },
    },
    handler: async (request) => {
      const page = principals.list(placeOf(request, request.query.tenant), request.query);
      return {
        items: page.items.map((each) => userView(directory.directory, each)),
        next_cursor: page.nextCursor,
      };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/users/:user_id',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'getUser',
      summary: 'A user, and what it may do',
      description: 'Takes `identity:manage`.',
      params: userParams,
      querystring: tenantQuery,
      response: { 200: userBody, ...problemResponses(...readProblems, 'PRINCIPAL_UNKNOWN') },
    },
    handler: async (request, reply) => {
      const found = principals.get(placeOf(request, request.query.tenant), request.params.user_id);
      return reply.header('etag', etagOf(found.version)).send(userView(directory.directory, found));
    },
  });
}

function writeRoutes(app: App, { directory }: GatewayServices, principals: Principals): void {
  app.route({
    method: 'POST',
    url: '/v1/users',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'createUser',
      summary: 'Create a user',
      description: 'Takes `identity:manage`, and each capability that its roles give.',
      querystring: tenantQuery,
      body: createUserBody,
      response: { 201: userBody, 202: identityPending, ...problemResponses(...createProblems) },
    },
    handler: async (request, reply) => {
      const place = placeOf(request, request.query.tenant);
      const { user_id: id, ...change } = request.body;
      const held = await principals.create(place, id, change, request);
      reply.header('location', `/v1/users/${encodeURIComponent(id)}`);
      if (held === undefined) return reply.code(202).send(PENDING);
      return reply.code(201).header('etag', etagOf(held.version)).send(userView(directory.directory, held));
    },
  });

  app.route({
    method: 'PUT',
    url: '/v1/users/:user_id',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'changeUser',
      summary: 'Change a user as a whole: its name, its roles, whether it may act',
      description:
        'Takes `identity:manage`, each capability of the roles that are added, and `If-Match`. A disabled one is refused at every gateway with any credentials, and its streams end.',
      params: userParams,
      querystring: tenantQuery,
      headers: ifMatchHeaders,
      body: changePrincipalBody,
      response: { 200: userBody, 202: identityPending, ...problemResponses(...changeProblems, 'PRINCIPAL_UNKNOWN') },
    },
    handler: async (request, reply) => {
      const place = placeOf(request, request.query.tenant);
      const expected = expectedVersion(request.headers['if-match']);
      const held = await principals.change(place, request.params.user_id, request.body, expected, request);
      if (held === undefined) return reply.code(202).send(PENDING);
      return reply.header('etag', etagOf(held.version)).send(userView(directory.directory, held));
    },
  });
}

function removeRoute(app: App, principals: Principals): void {
  app.route({
    method: 'DELETE',
    url: '/v1/users/:user_id',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'removeUser',
      summary: 'Remove a user: its keys and tokens are refused everywhere',
      description: 'Takes `identity:manage`, and `If-Match`.',
      params: userParams,
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
      const isHeld = await principals.remove(place, request.params.user_id, expected, request);
      return isHeld ? reply.code(204).send() : reply.code(202).send(PENDING);
    },
  });
}
