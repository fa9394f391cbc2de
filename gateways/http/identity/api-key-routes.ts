import { z } from 'zod';
import { type App, security } from '../../shared/app-type.ts';
import { etagOf, expectedVersion, ifMatchHeaders, optionalVersion } from '../../shared/etag.ts';
import { heldPage } from '../../shared/held-page.ts';
import { idempotencyKeySchema } from '../../shared/idempotency.ts';
import { problemResponses } from '../../shared/problems/openapi.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { ApiKeys } from './api-keys.ts';
import {
  createKeyBody,
  identityPending,
  keyBody,
  keyPage,
  keyParams,
  keyTextBody,
  PENDING,
  rotateKeyBody,
  tenantPageQuery,
  tenantQuery,
} from './schemas.ts';
import { keyView } from './views.ts';
import { changeProblems, createProblems, placeOf, readProblems, removeProblems } from './write.ts';

const common = { tags: ['identity'], security: security.api_key };
const writeHeaders = z.looseObject({ 'idempotency-key': idempotencyKeySchema });
const LOST = {
  status: 'pending',
  detail: 'The log has the command. The key cannot be shown any more: rotate it for another secret, or revoke it',
} as const;

/** `/v1/api-keys`: what programs and people prove themselves with. */
export function apiKeyRoutes(app: App, services: GatewayServices): void {
  const keys = new ApiKeys(services);
  readRoutes(app, services, keys);
  issueRoute(app, keys);
  rotateRoute(app, keys);
  revokeRoute(app, keys);
}

function readRoutes(app: App, { directory }: GatewayServices, keys: ApiKeys): void {
  app.route({
    method: 'GET',
    url: '/v1/api-keys',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'listApiKeys',
      summary: 'API keys of the tenant, revoked ones too',
      description:
        'Takes `identity:manage`. The first key of a tenant stands in a file of the operators, and not here.',
      querystring: tenantPageQuery,
      response: { 200: keyPage, ...problemResponses(...readProblems) },
    },
    handler: async (request) => {
      const { tenantId } = placeOf(request, request.query.tenant);
      const found = directory.entries(tenantId).flatMap((entry) => (entry.type === 'ApiKey' ? [entry.data] : []));
      const page = heldPage(found, ({ prefix }) => prefix, request.query);
      return { items: page.items.map(keyView), next_cursor: page.nextCursor };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/api-keys/:key_id',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'getApiKey',
      summary: 'An API key: whose it is, and whether it counts',
      description: 'Takes `identity:manage`.',
      params: keyParams,
      querystring: tenantQuery,
      response: { 200: keyBody, ...problemResponses(...readProblems, 'API_KEY_UNKNOWN') },
    },
    handler: async (request, reply) => {
      const found = keys.get(placeOf(request, request.query.tenant), request.params.key_id);
      return reply.header('etag', etagOf(found.version)).send(keyView(found));
    },
  });
}

function issueRoute(app: App, keys: ApiKeys): void {
  app.route({
    method: 'POST',
    url: '/v1/api-keys',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'createApiKey',
      summary: 'Make an API key, and show it this once',
      description:
        'Takes `identity:manage`, and whatever can be done with the key. 201 has the key; only its slow hash is kept. Repeated with its `Idempotency-Key` it makes no other one: 200, without the key’s text, which is gone. When that was lost, rotate the key, or revoke it and make another.',
      querystring: tenantQuery,
      headers: writeHeaders,
      body: createKeyBody,
      response: {
        200: keyBody,
        201: keyTextBody,
        202: identityPending,
        ...problemResponses(...createProblems, 'IDEMPOTENCY_KEY_REUSED'),
      },
    },
    handler: async (request, reply) => {
      const place = placeOf(request, request.query.tenant);
      const { name, owner, capabilities = null } = request.body;
      const asked = { name, owner, capabilities };
      const { held, prefix, key } = await keys.issue(place, asked, request.headers['idempotency-key'], request);
      reply.header('location', `/v1/api-keys/${prefix}`);
      if (held === undefined) return reply.code(202).send(LOST);
      reply.header('etag', etagOf(held.version));
      return key === null ? reply.code(200).send(keyView(held)) : reply.code(201).send({ ...keyView(held), key });
    },
  });
}

function rotateRoute(app: App, keys: ApiKeys): void {
  app.route({
    method: 'POST',
    url: '/v1/api-keys/:key_id/rotate',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'rotateApiKey',
      summary: 'Give an API key another secret, and show it this once',
      description:
        'Takes `identity:manage`, whatever can be done with the key, and `If-Match`: a request that is repeated would throw away the secret that it gave. The former secret counts for `overlap_seconds` more.',
      params: keyParams,
      querystring: tenantQuery,
      headers: ifMatchHeaders,
      body: rotateKeyBody,
      response: {
        200: keyTextBody,
        202: identityPending,
        ...problemResponses(...changeProblems, 'API_KEY_UNKNOWN', 'API_KEY_REVOKED'),
      },
    },
    handler: async (request, reply) => {
      const place = placeOf(request, request.query.tenant);
      const expected = expectedVersion(request.headers['if-match']);
      const overlapS = request.body.overlap_seconds;
      const rotated = await keys.rotate(place, request.params.key_id, { overlapS, expected }, request);
      if (rotated === null) return reply.code(202).send(LOST);
      const { held, key } = rotated;
      return reply.header('etag', etagOf(held.version)).send({ ...keyView(held), key });
    },
  });
}

function revokeRoute(app: App, keys: ApiKeys): void {
  app.route({
    method: 'DELETE',
    url: '/v1/api-keys/:key_id',
    config: { auth: 'api_key' },
    schema: {
      ...common,
      operationId: 'revokeApiKey',
      summary: 'Revoke an API key, at once and for ever',
      description:
        'Takes `identity:manage`. Every gateway refuses it within moments, its former secret too, and streams that were opened with it end. `If-Match` is taken and not asked for: whoever must stop a key need not read it first.',
      params: keyParams,
      querystring: tenantQuery,
      headers: ifMatchHeaders,
      response: {
        202: identityPending,
        204: z.undefined().describe('This gateway refuses it'),
        ...problemResponses(...removeProblems, 'API_KEY_UNKNOWN'),
      },
    },
    handler: async (request, reply) => {
      const place = placeOf(request, request.query.tenant);
      const expected = optionalVersion(request.headers['if-match']);
      const isHeld = await keys.revoke(place, request.params.key_id, expected, request);
      return isHeld ? reply.code(204).send() : reply.code(202).send(PENDING);
    },
  });
}
