import { Redis } from 'ioredis';
import { type Backoff, pauseMs } from '../../kit/backoff.ts';
import { messageOf } from '../../kit/errors.ts';
import type { Logger } from '../../kit/logger.ts';

export type { Redis };

const RECONNECT: Backoff = { firstMs: 100, maxMs: 2_000 };

/**
 * Returns a connection that fails fast while Redis is unavailable, so that the caller decides about a retry, and that
 * reconnects by itself. For one server, replicated or not: the writes of a projection span keys, which a Redis Cluster
 * rejects.
 */
export function connectRedis(url: string, clientName: string, logger?: Logger): Redis {
  const redis = new Redis(url, {
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
