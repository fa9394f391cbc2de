import { collectDefaultMetrics, Registry } from 'prom-client';
import { allCaches, allProjections } from '../../../projections/all.ts';
import type { CacheProjection } from '../../../projections/kernel/cache.ts';
import type { Projection } from '../../../projections/kernel.ts';
import type { Config } from '../../config.ts';
import { connectRole } from '../../kafka/connect.ts';
import { countRequests } from '../../kafka/request-count.ts';
import { createLogger } from '../../kit/logger.ts';
import { prepareViewsOn } from '../../projections/generation.ts';
import { loadViews } from '../../projections/load-view.ts';
import type { StoreViews } from '../../projections/run/bound-view.ts';
import { watchLag } from '../../projections/run/lag.ts';
import { createProjectionMetrics } from '../../projections/run/metrics.ts';
import { runViews } from '../../projections/run/run-views.ts';
import { postgresViews } from '../../projections/sinks/postgres.ts';
import { redisView } from '../../projections/sinks/redis.ts';
import { connectPostgres } from '../../stores/postgres/client.ts';
import { postgresHealth } from '../../stores/postgres/health.ts';
import { connectRedis, type Redis, redisHealth } from '../../stores/redis/client.ts';
import { type HealthCheck, startAdminServer } from '../../telemetry/admin-server.ts';
import { meterCertificates } from '../../telemetry/certificates.ts';
import { startTracing } from '../../tracing/start.ts';
import { configuredProjections } from './configured-views.ts';

const all: readonly (Projection | CacheProjection)[] = [...allProjections, ...allCaches];

/** A running process of projections. */
export interface ProjectionRole {
  readonly adminPort: number;
  /** Finishes the transactions under way and leaves the groups, within ten seconds. */
  close(): Promise<void>;
}

/**
 * Keeps the named read models up to date in this process, with one admin server. Migrates their tables first. Rejects
 * when a store or the log is unavailable.
 */
export async function startProjection(names: readonly string[], config: Config): Promise<ProjectionRole> {
  const role = `projection-${names.length === all.length ? 'all' : names.join('+')}`;
  const logger = createLogger(role, config.logLevel);
  const register = new Registry();
  register.setDefaultLabels({ role });
  collectDefaultMetrics({ register });
  meterCertificates(register, config);
  const metrics = createProjectionMetrics(register);
  const projections = configuredProjections(config).filter(({ name }) => names.includes(name));
  const caches = allCaches.filter(({ name }) => names.includes(name));

  const tracing = startTracing(config.tracing, role, register);
  const kafka = await connectRole(config, role, logger, {
    onRequest: countRequests(register),
    topicsOf: () => names.flatMap(topicsOf),
  });
  const sql = connectPostgres(config.databaseUrl, {
    applicationName: `khipu-${role}`,
    connectionsMax: projections.length + 2,
  });
  if (projections.length > 0) await prepareViewsOn(sql, await loadViews(projections));
  const redis: Redis | null = caches.length === 0 ? null : connectRedis(config.redisUrl, `khipu-${role}`, logger);
  const dependencies = {
    log: kafka.log,
    decoder: kafka.decoder,
    metrics,
    logger,
    now: Date.now,
    onFatal: (error: unknown) => {
      logger.fatal({ error }, 'fatal error; stopping');
      process.exitCode = 1;
      process.kill(process.pid, 'SIGTERM');
    },
  };
  const stores: StoreViews[] = [
    ...(projections.length === 0 ? [] : [postgresViews(sql, projections)]),
    ...(redis === null ? [] : caches.map((view) => redisView(redis, view, Date.now))),
  ];
  const runner = runViews(stores, dependencies);
  const lag = watchLag(
    kafka.log,
    runner.views.map((view) => ({ ...view, topics: topicsOf(view.name) })),
    (view, partitions) => {
      for (const { topic, partition, records } of partitions)
        metrics.lagRecords.set({ view, topic, partition: String(partition) }, records);
    },
  );
  const checks: Record<string, HealthCheck> = {
    kafka: async () => kafka.log.ping(1_500).then(() => ({ ok: true, detail: 'answers' })),
    ...(projections.length === 0 ? {} : { postgres: () => postgresHealth(sql) }),
    ...(redis === null ? {} : { redis: () => redisHealth(redis) }),
    ...Object.fromEntries(runner.views.map((view) => [view.name, () => view.health()])),
  };
  const { adminHost: host, adminPort: port } = config;
  const admin = await startAdminServer({ host, port, role, checks, register });
  logger.info({ adminPort: admin.port, names }, 'started');
  return {
    adminPort: admin.port,
    close: async () => {
      lag.close();
      await runner.close();
      await admin.close();
      // A transaction still open after this is cut off, and rolled back by the server.
      await sql.end({ timeout: 1 });
      redis?.disconnect();
      await kafka.close();
      await tracing.close();
      logger.info('stopped');
    },
  };
}

const topicsOf = (name: string): readonly string[] =>
  all.find((view) => view.name === name)?.inputs.map((topic) => topic.name) ?? [];
