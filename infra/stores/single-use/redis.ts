import type { Redis } from 'ioredis';
import type { SingleUseStore } from './port.ts';

/** Returns a store in Redis 6.2 or newer, which has GETDEL. Keys get the prefix `nameSpace`. */
export const redisSingleUse = (redis: Redis, nameSpace: string): SingleUseStore => ({
  put: async (key, value, ttlMs) => {
    await redis.set(nameSpace + key, value, 'PX', ttlMs);
  },
  take: (key) => redis.getdel(nameSpace + key),
});
