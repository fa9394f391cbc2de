import { Redis } from 'ioredis';
import { messageOf } from '../kafka/errors.ts';
import type { Logger } from '../telemetry/logger.ts';

export type { Redis };

/**
 * A connection that fails fast while Redis is away, so that whoever asks decides about trying again, and that comes back
 * by itself. One server, replicated or not: the writes of a projection span keys, which a Redis Cluster refuses.
 */
export function connectRedis(url: string, clientName: string, logger?: Logger): Redis {
  const redis = new Redis(url, {
    connectionName: clientName,
    connectTimeout: 2_000,
    commandTimeout: 5_000,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: true,
    retryStrategy: (attempts) => Math.min(50 * 2 ** Math.min(attempts, 6), 2_000),
  });
  // Without a listener an outage would end the process.
  redis.on('error', (error: unknown) => logger?.debug({ detail: messageOf(error) }, 'redis'));
  return redis;
}

/** For `startAdminServer`. */
export async function redisHealth(redis: Redis): Promise<{ ok: boolean; detail: string }> {
  try {
    return { ok: (await redis.ping()) === 'PONG', detail: 'answers' };
  } catch (error) {
    return { ok: false, detail: messageOf(error) };
  }
}
