import rateLimit, { type FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import type { Redis } from 'ioredis';
import type { App } from './app-type.ts';
import { Problem } from './problems/problem.ts';
import { RateLeases } from './rate-leases.ts';
import { securityHeaders } from './security-headers.ts';

export interface Protection {
  readonly redis: Redis | null;
  /** Requests a minute and caller. */
  readonly perMinute: number;
}

/** Security headers, and a rate limit per caller (per address for those who are not known). Register after `authenticate`. */
export async function protect(app: App, { redis, perMinute }: Protection): Promise<void> {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(securityHeaders);
    done();
  });
  await app.register(rateLimit, {
    global: true,
    max: perMinute,
    timeWindow: 60_000,
    enableDraftSpec: true,
    // Redis away: better to serve without a limit than not at all.
    skipOnError: true,
    ...(redis === null ? {} : { store: storeOf(new RateLeases(redis, 'khipu:rate:')) }),
    keyGenerator: (request) =>
      request.caller === null ? `address:${request.ip}` : `${request.caller.tenantId}:${request.caller.principal}`,
    allowList: (request) => request.url.startsWith('/health/') || request.url === '/metrics',
    errorResponseBuilder: (_request, { max, ttl }) =>
      new Problem('RATE_LIMITED', `This caller may make ${max} requests a minute`, {
        headers: { 'retry-after': String(Math.max(1, Math.ceil(ttl / 1000))) },
      }),
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.caller !== null && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    done(null, payload);
  });
}

/** The plugin makes its store itself, out of a class: this one gives what was made already. */
const storeOf = (leases: RateLeases): FastifyRateLimitStoreCtor =>
  function store() {
    return leases;
  } as unknown as FastifyRateLimitStoreCtor;
