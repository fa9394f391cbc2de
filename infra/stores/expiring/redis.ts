import type { Redis } from 'ioredis';
import type { ExpiringStore } from './port.ts';

/** Returns a store in Redis 6.2 or newer, which has GETEX. Keys get the prefix `nameSpace`. */
export const redisExpiring = (redis: Redis, nameSpace: string): ExpiringStore => ({
  put: async (key, value, ttlMs) => {
    await redis.set(nameSpace + key, value, 'PX', ttlMs);
  },
  touch: (key, ttlMs) => redis.getex(nameSpace + key, 'PX', ttlMs),
  missing: async (keys) => {
    if (keys.length === 0) return [];
    const values = await redis.mget(keys.map((key) => nameSpace + key));
    return keys.filter((_, at) => values[at] === null);
  },
  remove: async (key) => {
    await redis.del(nameSpace + key);
  },
});
