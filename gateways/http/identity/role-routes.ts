import { z } from 'zod';
import { roleOf } from '../../../schemas/directory.ts';
import { defineRole, removeRole } from '../../../schemas/generated/records.ts';
import { roleEntry } from '../../../schemas/identity.ts';
import { type App, security } from '../../shared/app-type.ts';
import { requireGranted } from '../../shared/auth/require-granted.ts';
import { etagOf, expectedVersion, ifMatchHeaders } from '../../shared/etag.ts';
import { heldPage } from '../../shared/held-page.ts';
import { problemResponses } from '../../shared/problems/openapi.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { GatewayServices } from '../../shared/services.ts';
import {
  changeRoleBody,
  createRoleBody,
  identityPending,
  PENDING,
  roleBody,
  rolePage,
  roleParams,
  tenantPageQuery,
  tenantQuery,
} from './schemas.ts';
import { roleView } from './views.ts';
import {
  askedBy,
  changeProblems,
  changes,
  createProblems,
  placeOf,
  readProblems,
  removeProblems,
  requireRoom,
} from './write.ts';

const common = { tags: ['identity'], security: security.api_key };

/** `/v1/roles`: names for capabilities. */
export function roleRoutes(app: App, services: GatewayServices): void {
  readRoutes(app, services);
  writeRoutes(app, services);
  removeRoute(app, services);
}

function readRoutes(app: App, { directory }: GatewayServices): void {
  app.route({
    method: 'GET',
    url: '/v1/roles',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'listRoles',
      summary: 'Roles of the tenant, by name',
      description: 'Takes `identity:manage`.',
      querystring: tenantPageQuery,
      response: { 200: rolePage, ...problemResponses(...readProblems) },
    },
    handler: async (request) => {
      const { tenantId } = placeOf(request, request.query.tenant);
      const roles = directory
        .entries(tenantId)
        .flatMap((entry) => (entry.type === 'Role' && entry.data.status === 'active' ? [entry.data] : []));
      const page = heldPage(roles, ({ name }) => name, request.query);
      return { items: page.items.map(roleView), next_cursor: page.nextCursor };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/roles/:role',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'getRole',
      summary: 'A role, and what it gives',
      description: 'Takes `identity:manage`.',
      params: roleParams,
      querystring: tenantQuery,
      response: { 200: roleBody, ...problemResponses(...readProblems, 'ROLE_UNKNOWN') },
    },
    handler: async (request, reply) => {
      const { tenantId } = placeOf(request, request.query.tenant);
      const found = roleOf(directory.directory, tenantId, request.params.role);
      if (found === undefined) throw new Problem('ROLE_UNKNOWN', `There is no role ${request.params.role}`);
      return reply.header('etag', etagOf(found.version)).send(roleView(found));
    },
  });
}

function writeRoutes(app: App, services: GatewayServices): void {
  const { directory } = services;
  app.route({
    method: 'POST',
    url: '/v1/roles',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'createRole',
      summary: 'Create a role',
      description:
        'Takes `identity:manage`, and each capability that the role gives: nobody gives what they do not have.',
      querystring: tenantQuery,
      body: createRoleBody,
      response: { 201: roleBody, 202: identityPending, ...problemResponses(...createProblems) },
    },
    handler: async (request, reply) => {
      const place = placeOf(request, request.query.tenant);
      const { name, description, capabilities } = request.body;
      requireGranted(place.caller.capabilities, capabilities, 'The caller');
      requireRoom(services, place);
      const who = askedBy(place, roleEntry(place.tenantId, name));
      const command = defineRole({ ...who, expectedVersion: 0, description, roleCapabilities: capabilities });
      const isHeld = await changes(services, place, command, request);
      const held = isHeld ? roleOf(directory.directory, place.tenantId, name) : undefined;
      reply.header('location', `/v1/roles/${name}`);
      if (held === undefined) return reply.code(202).send(PENDING);
      return reply.code(201).header('etag', etagOf(held.version)).send(roleView(held));
    },
  });

  app.route({
    method: 'PUT',
    url: '/v1/roles/:role',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'changeRole',
      summary: 'Change what a role gives, at once for all who have it',
      description: 'Takes `identity:manage`, each capability that is added, and `If-Match`.',
      params: roleParams,
      querystring: tenantQuery,
      headers: ifMatchHeaders,
      body: changeRoleBody,
      response: { 200: roleBody, 202: identityPending, ...problemResponses(...changeProblems, 'ROLE_UNKNOWN') },
    },
    handler: async (request, reply) => {
      const place = placeOf(request, request.query.tenant);
      const { role: name } = request.params;
      const { description, capabilities } = request.body;
      // What it gives already may stay; the processor looks again, at the role as it stands in the log.
      const given = roleOf(directory.directory, place.tenantId, name)?.capabilities ?? [];
      requireGranted([...place.caller.capabilities, ...given], capabilities, 'The caller');
      const expected = expectedVersion(request.headers['if-match']);
      const who = askedBy(place, roleEntry(place.tenantId, name));
      const command = defineRole({ ...who, expectedVersion: expected, description, roleCapabilities: capabilities });
      const isHeld = await changes(services, place, command, request);
      const held = isHeld ? roleOf(directory.directory, place.tenantId, name) : undefined;
      if (held === undefined) return reply.code(202).send(PENDING);
      return reply.header('etag', etagOf(held.version)).send(roleView(held));
    },
  });
}

function removeRoute(app: App, services: GatewayServices): void {
  app.route({
    method: 'DELETE',
    url: '/v1/roles/:role',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'removeRole',
      summary: 'Remove a role: whoever has it loses what it gave',
      description: 'Takes `identity:manage`, and `If-Match`.',
      params: roleParams,
      querystring: tenantQuery,
      headers: ifMatchHeaders,
      response: {
        202: identityPending,
        204: z.undefined().describe('It is removed'),
        ...problemResponses(...removeProblems, 'ROLE_UNKNOWN'),
      },
    },
    handler: async (request, reply) => {
      const place = placeOf(request, request.query.tenant);
      const expected = expectedVersion(request.headers['if-match']);
      const who = askedBy(place, roleEntry(place.tenantId, request.params.role));
      const isHeld = await changes(services, place, removeRole({ ...who, expectedVersion: expected }), request);
      return isHeld ? reply.code(204).send() : reply.code(202).send(PENDING);
    },
  });
}
