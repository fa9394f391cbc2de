import { z } from 'zod';
import { type App, security } from '../../shared/app-type.ts';
import { etagOf, expectedVersion, ifMatchHeaders } from '../../shared/etag.ts';
import { problemResponses } from '../../shared/problems/openapi.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { Principals } from './principals.ts';
import {
  accountBody,
  accountPage,
  accountParams,
  changePrincipalBody,
  createAccountBody,
  identityPending,
  PENDING,
  tenantPageQuery,
  tenantQuery,
} from './schemas.ts';
import { accountView } from './views.ts';
import { changeProblems, createProblems, placeOf, readProblems, removeProblems } from './write.ts';

const common = { tags: ['identity'], security: security.api_key };

/** `/v1/service-accounts`: programs that act by themselves. */
export function serviceAccountRoutes(app: App, services: GatewayServices): void {
  const principals = new Principals(services, 'service_account');
  readRoutes(app, services, principals);
  writeRoutes(app, services, principals);
  removeRoute(app, principals);
}

function readRoutes(app: App, { directory }: GatewayServices, principals: Principals): void {
  app.route({
    method: 'GET',
    url: '/v1/service-accounts',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'listServiceAccounts',
      summary: 'Service accounts of the tenant, by id',
      description: 'Takes `identity:manage`.',
      querystring: tenantPageQuery,
      response: { 200: accountPage, ...problemResponses(...readProblems) },
    },
    handler: async (request) => {
      const page = principals.list(placeOf(request, request.query.tenant), request.query);
      return {
        items: page.items.map((each) => accountView(directory.directory, each)),
        next_cursor: page.nextCursor,
      };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/service-accounts/:service_account_id',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'getServiceAccount',
      summary: 'A service account, and what it may do',
      description: 'Takes `identity:manage`.',
      params: accountParams,
      querystring: tenantQuery,
      response: { 200: accountBody, ...problemResponses(...readProblems, 'PRINCIPAL_UNKNOWN') },
    },
    handler: async (request, reply) => {
      const found = principals.get(placeOf(request, request.query.tenant), request.params.service_account_id);
      return reply.header('etag', etagOf(found.version)).send(accountView(directory.directory, found));
    },
  });
}

function writeRoutes(app: App, { directory }: GatewayServices, principals: Principals): void {
  app.route({
    method: 'POST',
    url: '/v1/service-accounts',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'createServiceAccount',
      summary: 'Create a service account',
      description: 'Takes `identity:manage`, and each capability that its roles give.',
      querystring: tenantQuery,
      body: createAccountBody,
      response: { 201: accountBody, 202: identityPending, ...problemResponses(...createProblems) },
    },
    handler: async (request, reply) => {
      const place = placeOf(request, request.query.tenant);
      const { service_account_id: id, ...change } = request.body;
      const held = await principals.create(place, id, change, request);
      reply.header('location', `/v1/service-accounts/${encodeURIComponent(id)}`);
      if (held === undefined) return reply.code(202).send(PENDING);
      return reply.code(201).header('etag', etagOf(held.version)).send(accountView(directory.directory, held));
    },
  });

  app.route({
    method: 'PUT',
    url: '/v1/service-accounts/:service_account_id',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'changeServiceAccount',
      summary: 'Change a service account as a whole: its name, its roles, whether it may act',
      description:
        'Takes `identity:manage`, each capability of the roles that are added, and `If-Match`. A disabled one is refused at every gateway with any credentials, and its streams end.',
      params: accountParams,
      querystring: tenantQuery,
      headers: ifMatchHeaders,
      body: changePrincipalBody,
      response: { 200: accountBody, 202: identityPending, ...problemResponses(...changeProblems, 'PRINCIPAL_UNKNOWN') },
    },
    handler: async (request, reply) => {
      const place = placeOf(request, request.query.tenant);
      const expected = expectedVersion(request.headers['if-match']);
      const held = await principals.change(place, request.params.service_account_id, request.body, expected, request);
      if (held === undefined) return reply.code(202).send(PENDING);
      return reply.header('etag', etagOf(held.version)).send(accountView(directory.directory, held));
    },
  });
}

function removeRoute(app: App, principals: Principals): void {
  app.route({
    method: 'DELETE',
    url: '/v1/service-accounts/:service_account_id',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'removeServiceAccount',
      summary: 'Remove a service account: its keys and tokens are refused everywhere',
      description: 'Takes `identity:manage`, and `If-Match`.',
      params: accountParams,
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
      const isHeld = await principals.remove(place, request.params.service_account_id, expected, request);
      return isHeld ? reply.code(204).send() : reply.code(202).send(PENDING);
    },
  });
}
