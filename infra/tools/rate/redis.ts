import type { Redis } from '../../stores/redis/client.ts';
import type { CallRate } from './port.ts';

/** Counts a call, except beyond the limit; the first one begins the minute. */
const TAKE = `
  local taken = tonumber(redis.call('GET', KEYS[1]) or '0')
  if taken >= tonumber(ARGV[1]) then return redis.call('PTTL', KEYS[1]) end
  if redis.call('INCR', KEYS[1]) == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
  return -1
`;

const MINUTE_MS = 60_000;

/** Returns the counts in Redis, exact for all workers. It connects at the first call of a tool with a limit. */
export function redisCallRate(connect: () => Redis, nameSpace: string): CallRate {
  let redis: Redis | null = null;
  return {
    async take(toolId, perMinute) {
      redis ??= connect();
      const left = Number(await redis.eval(TAKE, 1, nameSpace + toolId, perMinute, MINUTE_MS));
      return left < 0 ? null : left;
    },
    close: async () => redis?.disconnect(),
  };
}
