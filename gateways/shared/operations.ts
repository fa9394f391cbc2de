import { z } from 'zod';
import { type HealthCheck, runChecks } from '../../infra/telemetry/admin-server.ts';
import type { App } from './app-type.ts';
import type { LogAvailability } from './log/availability.ts';
import type { GatewayServices } from './services.ts';

const PING_MS = 1_500;
/** Records behind the log at which a gateway should get no new requests: outcomes would come late. */
const TAIL_LAG_MAX = 50_000;

/** Every part that a gateway stands on, by name. */
export function healthChecks(
  { log, readModel, tail, switches, revocations, directory, constitutions }: GatewayServices,
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
    kill_switches: async () =>
      switches.following ? { ok: true, detail: 'followed' } : { ok: false, detail: 'not read from the log' },
    revocations: async () =>
      revocations.following ? { ok: true, detail: 'followed' } : { ok: false, detail: 'not read from the log' },
    directory: async () =>
      directory.following ? { ok: true, detail: 'followed' } : { ok: false, detail: 'not read from the log' },
    constitutions: async () =>
      constitutions.following ? { ok: true, detail: 'followed' } : { ok: false, detail: 'not read from the log' },
    ...further,
  };
}

const part = z.object({ ok: z.boolean(), detail: z.string() });
const readyBody = z
  .object({ ok: z.boolean(), parts: z.record(z.string(), part) })
  .meta({ id: 'Ready', examples: [{ ok: true, parts: { kafka: { ok: true, detail: 'answers' } } }] });

const open = { auth: 'none' } as const;

/** Health, metrics and the public keys. Open to all: they hold nothing of any tenant. */
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
      summary: 'This process runs',
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
      summary: 'Each part that this gateway stands on, and why it is not ready',
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
      summary: 'Prometheus text',
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
      summary: 'Public keys of session tokens (RFC 7517)',
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
