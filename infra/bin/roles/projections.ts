import { Registry } from 'prom-client';
import { allCaches, allProjections } from '../../../projections/all.ts';
import type { Config } from '../../config.ts';
import { connectKafka } from '../../kafka/connect.ts';
import { createLogger } from '../../kit/logger.ts';
import { prepareViewsOn } from '../../projections/generation.ts';
import { listViews, type ViewStatus } from '../../projections/list.ts';
import { loadView, loadViews } from '../../projections/load-view.ts';
import { rebuildCache } from '../../projections/rebuild/cache.ts';
import { type RebuildOptions, type RebuildReport, rebuildView } from '../../projections/rebuild/rebuild.ts';
import { createProjectionMetrics } from '../../projections/run/metrics.ts';
import { connectPostgres } from '../../stores/postgres/client.ts';
import { connectRedis } from '../../stores/redis/client.ts';
import { configuredProjections } from './configured-views.ts';

/** Returns the error VIEW_UNKNOWN, with the known names. */
export const unknownView = (name: string): Error =>
  Object.assign(
    new Error(
      `unknown view: ${name}; known views: ${[...allProjections, ...allCaches].map((view) => view.name).join(', ')}`,
    ),
    { code: 'VIEW_UNKNOWN' },
  );

/** Creates or migrates the tables of every view in Postgres. Resolves with the number of migrations run. */
export async function migrate(config: Config): Promise<number> {
  const sql = connectPostgres(config.databaseUrl, { applicationName: 'khipu-projections', connectionsMax: 1 });
  try {
    return await prepareViewsOn(sql, await loadViews(allProjections));
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Returns the status of every view. Migrates their tables first. */
export async function list(config: Config): Promise<readonly ViewStatus[]> {
  const sql = connectPostgres(config.databaseUrl, { applicationName: 'khipu-projections', connectionsMax: 2 });
  const redis = connectRedis(config.redisUrl, 'khipu-projections');
  const kafka = await connectKafka(config, 'projections', createLogger('projections', 'silent'));
  try {
    await prepareViewsOn(sql, await loadViews(allProjections));
    return await listViews({ sql, redis, log: kafka.log }, allProjections, allCaches);
  } finally {
    redis.disconnect();
    await kafka.close();
    await sql.end({ timeout: 5 });
  }
}

/** Rebuilds a view in Postgres, or compares it with the result of a rebuild. Rejects with VIEW_UNKNOWN. */
export async function rebuild(config: Config, name: string, goal: RebuildOptions['goal']): Promise<RebuildReport> {
  const projection = configuredProjections(config).find((candidate) => candidate.name === name);
  if (projection === undefined) throw unknownView(name);
  // Connections: one holds the lock, one swaps, one fills; two are spare.
  const sql = connectPostgres(config.databaseUrl, { applicationName: 'khipu-projections', connectionsMax: 5 });
  const logger = createLogger('projections', 'silent');
  const kafka = await connectKafka(config, 'projections', logger);
  try {
    const dependencies = {
      log: kafka.log,
      decoder: kafka.decoder,
      metrics: createProjectionMetrics(new Registry()),
      logger,
      now: Date.now,
      onFatal: () => undefined,
    };
    return await rebuildView({ sql, view: await loadView(projection), dependencies, goal });
  } finally {
    await kafka.close();
    await sql.end({ timeout: 5 });
  }
}

/** Drops a view in Redis. Resolves with the number of dropped keys, or undefined when it is not a view in Redis. */
export async function dropCache(config: Config, name: string): Promise<number | undefined> {
  const cache = allCaches.find((candidate) => candidate.name === name);
  if (cache === undefined) return undefined;
  const redis = connectRedis(config.redisUrl, 'khipu-projections');
  try {
    return await rebuildCache(redis, cache);
  } finally {
    redis.disconnect();
  }
}
