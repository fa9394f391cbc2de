import { type CacheProjection, cacheKey } from '../../projections/kernel/cache.ts';
import type { Redis } from '../redis/client.ts';

const SCAN_COUNT = 500;

/**
 * Drops a view in Redis; its role finds its offsets gone and makes it again from the beginning of the log. Not blue/green:
 * readers of a cache must do without it at any time anyway. Resolves with the number of keys that were dropped.
 */
export async function rebuildCache(redis: Redis, view: CacheProjection): Promise<number> {
  const offsets = cacheKey(view, 'offsets');
  let dropped = 0;
  // The offsets first: whatever the role writes from now on, it writes again.
  await redis.del(offsets);
  for await (const keys of redis.scanStream({ match: cacheKey(view, '*'), count: SCAN_COUNT })) {
    const others = (keys as string[]).filter((key) => key !== offsets);
    if (others.length > 0) dropped += await redis.unlink(...others);
  }
  return dropped;
}
