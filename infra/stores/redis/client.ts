import { Redis, type RedisOptions } from 'ioredis';
import { type Backoff, pauseMs } from '../../kit/backoff.ts';
import { messageOf } from '../../kit/errors.ts';
import type { Logger } from '../../kit/logger.ts';
import { keptOptions } from '../../tls/live-context.ts';
import { targetOf } from '../../tls/tls-url.ts';

export type { Redis };

/**
 * Returns a client. `rediss:` uses TLS, with the files that the URL names (`sslrootcert`, `sslcert`, `sslkey`), read again
 * when they change.
 */
export function redisAt(url: string, options: Omit<RedisOptions, 'replyMapping'>): Redis {
  const target = targetOf(url);
  return new Redis(target.url, {
    ...options,
    ...(target.tls !== null && { tls: keptOptions(target.tls, target.host) }),
  });
}

const RECONNECT: Backoff = { firstMs: 100, maxMs: 2_000 };

/**
 * Returns a connection that fails fast while Redis is unavailable, so that the caller decides about a retry, and that
 * reconnects by itself. For one server, replicated or not: the writes of a projection span keys, which a Redis Cluster
 * rejects.
 */
export function connectRedis(url: string, clientName: string, logger?: Logger): Redis {
  const redis = redisAt(url, {
    connectionName: clientName,
    connectTimeout: 2_000,
    commandTimeout: 5_000,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: true,
    retryStrategy: (attempts) => pauseMs(attempts, RECONNECT),
  });
  // Without a listener an outage would end the process.
  redis.on('error', (error: unknown) => logger?.debug({ detail: messageOf(error) }, 'redis'));
  return redis;
}

/** Pings Redis. For `startAdminServer`, which bounds its time. */
export async function redisHealth(redis: Redis): Promise<{ ok: boolean; detail: string }> {
  try {
    return { ok: (await redis.ping()) === 'PONG', detail: 'answers' };
  } catch (error) {
    return { ok: false, detail: messageOf(error) };
  }
}
