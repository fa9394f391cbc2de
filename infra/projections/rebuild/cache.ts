import { type CacheProjection, cacheKey } from '../../../projections/kernel/cache.ts';
import type { Redis } from '../../stores/redis/client.ts';

const SCAN_COUNT = 500;

/**
 * Drops a view in Redis; its role finds its offsets gone and builds it again from the beginning of the log. Not blue/green,
 * because readers of a cache must handle its absence at any time. Resolves with the number of dropped keys.
 */
export async function rebuildCache(redis: Redis, view: CacheProjection): Promise<number> {
  const offsets = cacheKey(view, 'offsets');
  let dropped = 0;
  // The offsets first: all later writes of the role are then repeated.
  await redis.del(offsets);
  for await (const keys of redis.scanStream({ match: cacheKey(view, '*'), count: SCAN_COUNT })) {
    const others = (keys as string[]).filter((key) => key !== offsets);
    if (others.length > 0) dropped += await redis.unlink(...others);
  }
  return dropped;
}
