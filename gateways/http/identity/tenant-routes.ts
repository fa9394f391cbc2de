import { defineTenant } from '../../../schemas/generated/records.ts';
import { mayManage, tenantEntry } from '../../../schemas/identity.ts';
import { type App, security } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import { etagOf, expectedVersion, ifMatchHeaders } from '../../shared/etag.ts';
import { heldPage } from '../../shared/held-page.ts';
import { problemResponses } from '../../shared/problems/openapi.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { GatewayServices } from '../../shared/services.ts';
import {
  changeTenantBody,
  createTenantBody,
  identityPending,
  PENDING,
  plainPageQuery,
  tenantBody,
  tenantPage,
  tenantParams,
} from './schemas.ts';
import { settingsFrom, tenantView } from './views.ts';
import { askedBy, changeProblems, changes, createProblems, placeOf, readProblems, tenantPlaceOf } from './write.ts';

const common = { tags: ['identity'], security: security.api_key };
const unknown = (tenantId: string): Problem => new Problem('TENANT_UNKNOWN', `There is no tenant ${tenantId}`);

/** `/v1/tenants`: what each tenant is called, whether it may act, and what its work is bound to. */
export function tenantRoutes(app: App, services: GatewayServices): void {
  readRoutes(app, services);
  writeRoutes(app, services);
}

function readRoutes(app: App, { directory }: GatewayServices): void {
  app.route({
    method: 'GET',
    url: '/v1/tenants',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'listTenants',
      summary: 'Tenants that the caller may manage, by id',
      description: 'Takes an `identity:` capability: with `identity:manage` one sees one’s own.',
      querystring: plainPageQuery,
      response: { 200: tenantPage, ...problemResponses(...readProblems) },
    },
    handler: async (request) => {
      const { capabilities, tenantId } = callerOf(request);
      if (!capabilities.some((capability) => capability === '*' || capability.startsWith('identity:')))
        throw new Problem('CAPABILITY_MISSING', 'This takes identity:manage');
      const own = [...directory.tenants.values()].filter((each) => mayManage(capabilities, tenantId, each.tenantId));
      const page = heldPage(own, (each) => each.tenantId, request.query);
      return { items: page.items.map(tenantView), next_cursor: page.nextCursor };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/tenants/:tenant_id',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'getTenant',
      summary: 'A tenant with its settings',
      description: 'Takes `identity:manage` for one’s own, `identity:manage:<tenant>` for another.',
      params: tenantParams,
      response: { 200: tenantBody, ...problemResponses(...readProblems, 'TENANT_UNKNOWN') },
    },
    handler: async (request, reply) => {
      const { tenantId } = placeOf(request, request.params.tenant_id);
      const found = directory.tenant(tenantId);
      if (found === undefined) throw unknown(tenantId);
      return reply.header('etag', etagOf(found.version)).send(tenantView(found));
    },
  });
}

function writeRoutes(app: App, services: GatewayServices): void {
  const { directory } = services;
  app.route({
    method: 'POST',
    url: '/v1/tenants',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'createTenant',
      summary: 'Create a tenant',
      description:
        'Takes `identity:manage:<tenant>`. A tenant that has keys and was never created is active, with the default of each setting.',
      body: createTenantBody,
      response: { 201: tenantBody, 202: identityPending, ...problemResponses(...createProblems) },
    },
    handler: async (request, reply) => {
      const { tenant_id: tenantId, name, status, settings } = request.body;
      const place = tenantPlaceOf(request, tenantId);
      const command = defineTenant({
        ...{ ...askedBy(place, tenantEntry(tenantId)), expectedVersion: 0 },
        ...{ name, status, settings: settingsFrom(settings) },
      });
      const held = (await changes(services, place, command, request)) ? directory.tenant(tenantId) : undefined;
      reply.header('location', `/v1/tenants/${tenantId}`);
      if (held === undefined) return reply.code(202).send(PENDING);
      return reply.code(201).header('etag', etagOf(held.version)).send(tenantView(held));
    },
  });

  app.route({
    method: 'PUT',
    url: '/v1/tenants/:tenant_id',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'changeTenant',
      summary: 'Change a tenant as a whole: its name, its settings, whether it may act',
      description:
        'Takes `identity:manage:<tenant>`, and `If-Match`. A setting that is left out gets its default. A suspended tenant is refused at every gateway, and its streams end.',
      params: tenantParams,
      headers: ifMatchHeaders,
      body: changeTenantBody,
      response: {
        200: tenantBody,
        202: identityPending,
        ...problemResponses(...changeProblems, 'TENANT_UNKNOWN', 'TENANT_IS_OWN'),
      },
    },
    handler: async (request, reply) => {
      const tenantId = request.params.tenant_id;
      const place = tenantPlaceOf(request, tenantId);
      const { name, status, settings } = request.body;
      const expected = expectedVersion(request.headers['if-match']);
      const command = defineTenant({
        ...{ ...askedBy(place, tenantEntry(tenantId)), expectedVersion: expected },
        ...{ name, status, settings: settingsFrom(settings) },
      });
      const held = (await changes(services, place, command, request)) ? directory.tenant(tenantId) : undefined;
      if (held === undefined) return reply.code(202).send(PENDING);
      return reply.header('etag', etagOf(held.version)).send(tenantView(held));
    },
  });
}
