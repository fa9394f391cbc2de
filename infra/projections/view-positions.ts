import type { CacheProjection } from '../../projections/kernel/cache.ts';
import type { Projection } from '../../projections/kernel.ts';
import type { Log, Position } from '../kafka/port.ts';
import type { Sql } from '../stores/postgres/client.ts';
import type { Redis } from '../stores/redis/client.ts';
import { livePositions } from './positions.ts';
import { RedisSink } from './sinks/redis.ts';

/** The next offset of a view for each partition that it reads. */
export interface ViewPositions {
  readonly view: string;
  readonly topics: readonly string[];
  /** Empty when the view does not exist yet. */
  readonly positions: readonly Position[];
}

/** Returns the positions of the live generation of every view, in Postgres and in Redis. */
export async function viewPositions(
  { sql, redis, log }: { readonly sql: Sql; readonly redis: Redis; readonly log: Log },
  projections: readonly Projection[],
  caches: readonly CacheProjection[],
): Promise<readonly ViewPositions[]> {
  const views: ViewPositions[] = [];
  for (const { name, inputs } of projections)
    views.push({ view: name, topics: inputs.map((topic) => topic.name), positions: await livePositions(sql, name) });
  for (const cache of caches) {
    const topics = cache.inputs.map((topic) => topic.name);
    const marks = await log.watermarks(topics);
    views.push({ view: cache.name, topics, positions: await new RedisSink(redis, cache, Date.now).positions(marks) });
  }
  return views;
}
