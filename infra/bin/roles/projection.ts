import { collectDefaultMetrics, Registry } from 'prom-client';
import { allCaches, allProjections } from '../../../projections/all.ts';
import type { CacheProjection } from '../../../projections/kernel/cache.ts';
import type { Projection } from '../../../projections/kernel.ts';
import type { Config } from '../../config.ts';
import { connectKafka } from '../../kafka/connect.ts';
import { connectPostgres } from '../../postgres/client.ts';
import { postgresHealth } from '../../postgres/health.ts';
import { prepareViewsOn } from '../../projections/generation.ts';
import { watchLag } from '../../projections/lag.ts';
import { loadViews } from '../../projections/load-view.ts';
import { createProjectionMetrics } from '../../projections/metrics.ts';
import { PostgresSink } from '../../projections/postgres-sink.ts';
import { RedisSink } from '../../projections/redis-sink.ts';
import { runView, type ViewRunner } from '../../projections/run-view.ts';
import { connectRedis, type Redis, redisHealth } from '../../redis/client.ts';
import { type HealthCheck, startAdminServer } from '../../telemetry/admin-server.ts';
import { createLogger } from '../../telemetry/logger.ts';

const all: readonly (Projection | CacheProjection)[] = [...allProjections, ...allCaches];
export const viewNames: readonly string[] = all.map(({ name }) => name);

export interface ProjectionRole {
  readonly adminPort: number;
  /** Ends the transactions under way, leaves the groups; at most ten seconds. */
  close(): Promise<void>;
}

/** Keeps the named read models up to date in this process, with one admin server. Migrates their tables first. */
export async function startProjection(names: readonly string[], config: Config): Promise<ProjectionRole> {
  const role = `projection-${names.length === all.length ? 'all' : names.join('+')}`;
  const logger = createLogger(role, config.logLevel);
  const register = new Registry();
  register.setDefaultLabels({ role });
  collectDefaultMetrics({ register });
  const metrics = createProjectionMetrics(register);
  const projections = allProjections.filter(({ name }) => names.includes(name));
  const caches = allCaches.filter(({ name }) => names.includes(name));

  const sql = connectPostgres(config.databaseUrl, {
    applicationName: `khipu-${role}`,
    connectionsMax: projections.length + 2,
  });
  if (projections.length > 0) await prepareViewsOn(sql, await loadViews(projections));
  const kafka = await connectKafka(config, role, logger);
  const redis: Redis | null = caches.length === 0 ? null : connectRedis(config.redisUrl, `khipu-${role}`, logger);
  const dependencies = {
    log: kafka.log,
    decoder: kafka.decoder,
    metrics,
    logger,
    now: Date.now,
    onFatal: (error: unknown) => {
      logger.fatal({ error }, 'cannot go on');
      process.exitCode = 1;
      process.kill(process.pid, 'SIGTERM');
    },
  };
  const runners: ViewRunner[] = [
    ...projections.map((view) => runView({ ...view, sink: new PostgresSink(sql, view) }, dependencies)),
    ...(redis === null
      ? []
      : caches.map((view) =>
          runView({ ...view, sink: new RedisSink(redis, view, Date.now) }, { ...dependencies, batchRecordsMax: 1_000 }),
        )),
  ];
  const lag = watchLag(
    kafka.log,
    runners.map((runner) => ({ ...runner, topics: topicsOf(runner.name) })),
    (view, partitions) => {
      for (const { topic, partition, records } of partitions)
        metrics.lagRecords.set({ view, topic, partition: String(partition) }, records);
    },
  );
  const checks: Record<string, HealthCheck> = {
    kafka: async () => kafka.log.ping(1_500).then(() => ({ ok: true, detail: 'answers' })),
    ...(projections.length === 0 ? {} : { postgres: () => postgresHealth(sql) }),
    ...(redis === null ? {} : { redis: () => redisHealth(redis) }),
    ...Object.fromEntries(runners.map((runner) => [runner.name, () => runner.health()])),
  };
  const admin = await startAdminServer({ port: config.adminPort, role, checks, register });
  logger.info({ adminPort: admin.port, names }, 'started');
  return {
    adminPort: admin.port,
    close: async () => {
      lag.close();
      await Promise.all(runners.map((runner) => runner.close()));
      await admin.close();
      // What is still under way after this is cut off, and rolled back by the server.
      await sql.end({ timeout: 1 });
      redis?.disconnect();
      await kafka.close();
      logger.info('stopped');
    },
  };
}

const topicsOf = (name: string): readonly string[] =>
  all.find((view) => view.name === name)?.inputs.map((topic) => topic.name) ?? [];
