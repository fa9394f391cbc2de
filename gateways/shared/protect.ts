import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { Redis } from 'ioredis';
import type { App } from './app-type.ts';
import { Problem } from './problems/problem.ts';

export interface Protection {
  readonly redis: Redis | null;
  /** Requests a minute and caller. */
  readonly perMinute: number;
}

/** Security headers, and a rate limit per caller (per address for those who are not known). Register after `authenticate`. */
export async function protect(app: App, { redis, perMinute }: Protection): Promise<void> {
  await app.register(helmet, {
    // Nothing here is a page of ours but the documentation, which sets its own policy.
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    hsts: { maxAge: 31_536_000, includeSubDomains: true },
  });
  await app.register(rateLimit, {
    global: true,
    max: perMinute,
    timeWindow: 60_000,
    enableDraftSpec: true,
    // Redis away: better to serve without a limit than not at all.
    skipOnError: true,
    ...(redis === null ? {} : { redis, nameSpace: 'khipu:rate:' }),
    keyGenerator: (request) =>
      request.caller === null ? `address:${request.ip}` : `${request.caller.tenantId}:${request.caller.principal}`,
    allowList: (request) => request.url.startsWith('/health/') || request.url === '/metrics',
    errorResponseBuilder: (_request, { max, ttl }) =>
      new Problem('RATE_LIMITED', `This caller may make ${max} requests a minute`, {
        headers: { 'retry-after': String(Math.max(1, Math.ceil(ttl / 1000))) },
      }),
  });
  app.addHook('onSend', async (request, reply) => {
    if (request.caller !== null) reply.header('cache-control', reply.getHeader('cache-control') ?? 'no-store');
  });
}
