import { z } from 'zod';
import { type HealthCheck, runChecks } from '../../infra/telemetry/admin-server.ts';
import type { App } from './app-type.ts';
import type { LogAvailability } from './log/availability.ts';
import type { GatewayServices } from './services.ts';

const PING_MS = 1_500;
/** Lag, in records, at which a gateway is not ready: outcomes would come late. */
const TAIL_LAG_MAX = 50_000;

/** Returns the health checks of a gateway's dependencies by name, with `further` ones. */
export function healthChecks(
  { log, readModel, tail, tables }: GatewayServices,
  further: Readonly<Record<string, HealthCheck>>,
): Readonly<Record<string, HealthCheck>> {
  return {
    kafka: async () => {
      await log.ping(PING_MS);
      return { ok: true, detail: 'answers' };
    },
    postgres: async () => {
      await readModel.ping();
      return { ok: true, detail: 'answers' };
    },
    tail: async () => {
      if (!tail.positioned) return { ok: false, detail: 'not positioned in the log yet' };
      return { ok: tail.lag < TAIL_LAG_MAX, detail: `${tail.lag} events behind` };
    },
    ...tables.health(),
    ...further,
  };
}

const part = z.object({ ok: z.boolean(), detail: z.string() });
const readyBody = z
  .object({
    ok: z.boolean().meta({ description: 'True when all dependencies are ready' }),
    parts: z.record(z.string(), part).meta({ description: 'Dependencies by name' }),
  })
  .meta({ id: 'Ready', examples: [{ ok: true, parts: { kafka: { ok: true, detail: 'answers' } } }] });

const open = { auth: 'none' } as const;

/** Registers health, metrics and the public keys. These routes require no credentials: they show no data of any tenant. */
export function operationRoutes(
  app: App,
  { metrics, tokens }: GatewayServices & { readonly availability: LogAvailability },
  checks: Readonly<Record<string, HealthCheck>>,
): void {
  const tags = ['operations'];
  app.route({
    method: 'GET',
    url: '/health/live',
    config: open,
    schema: {
      operationId: 'live',
      summary: 'Liveness of the process',
      tags,
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async () => ({ ok: true as const }),
  });
  app.route({
    method: 'GET',
    url: '/health/ready',
    config: open,
    schema: {
      operationId: 'ready',
      summary: 'Readiness of the gateway, with each of its dependencies',
      tags,
      response: { 200: readyBody, 503: readyBody },
    },
    handler: async (_request, reply) => {
      const health = await runChecks(checks);
      return reply.code(health.ok ? 200 : 503).send(health);
    },
  });
  app.route({
    method: 'GET',
    url: '/metrics',
    config: { ...open, produces: 'text/plain' },
    schema: {
      operationId: 'metrics',
      summary: 'Metrics in the Prometheus text format',
      tags,
      response: { 200: { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } } },
    },
    handler: async (_request, reply) => {
      const text = await metrics.register.metrics();
      reply.type(metrics.register.contentType).serializer((payload: unknown) => String(payload));
      return reply.send(text);
    },
  });
  app.route({
    method: 'GET',
    url: '/.well-known/jwks.json',
    config: open,
    schema: {
      operationId: 'jwks',
      summary: 'Public keys that verify session tokens (RFC 7517)',
      tags,
      response: {
        200: z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) }).meta({ id: 'JwkSet' }),
      },
    },
    handler: async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=300');
      return { keys: tokens.jwks.keys.map((key) => ({ ...key, kty: key.kty ?? '', kid: key.kid ?? '' })) };
    },
  });
}
