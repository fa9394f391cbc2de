import rateLimit, { type FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import type { Redis } from 'ioredis';
import type { App } from './app-type.ts';
import { Problem } from './problems/problem.ts';
import { RateLeases } from './rate-leases.ts';

/** Settings of the rate limit. */
export interface Protection {
  /** Counts requests across gateways; null counts them in this process. */
  readonly redis: Redis | null;
  /** Requests per caller and minute. */
  readonly perMinute: number;
}

/** Adds a rate limit per caller (per address without a caller). Register it after `authenticate`. */
export async function protect(app: App, { redis, perMinute }: Protection): Promise<void> {
  await app.register(rateLimit, {
    global: true,
    max: perMinute,
    timeWindow: 60_000,
    enableDraftSpec: true,
    // Without Redis the gateway serves without a limit instead of refusing every request.
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

/** Returns a store class whose constructor returns `leases`: the plugin constructs its store itself. */
const storeOf = (leases: RateLeases): FastifyRateLimitStoreCtor =>
  function store() {
    return leases;
  } as unknown as FastifyRateLimitStoreCtor;
