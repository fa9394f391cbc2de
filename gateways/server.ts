import { Redis } from 'ioredis';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Config } from '../infra/config.ts';
import { connectKafka } from '../infra/kafka/connect.ts';
import { messageOf } from '../infra/kafka/errors.ts';
import { ApiKeyFile } from '../infra/keys/api-key-file.ts';
import { loadKeys } from '../infra/keys/load.ts';
import { connectPostgres } from '../infra/postgres/client.ts';
import { redisHealth } from '../infra/redis/client.ts';
import { type HealthCheck, startAdminServer } from '../infra/telemetry/admin-server.ts';
import { createLogger, type Logger } from '../infra/telemetry/logger.ts';
import { createGateway, type GatewayName } from './app.ts';
import { COMMANDS_PENDING_MAX } from './shared/log/command-appender.ts';
import { PostgresReadModel } from './shared/postgres-read-model.ts';

export interface GatewayRole {
  readonly url: string;
  readonly adminPort: number;
  /** Ends streams, answers what is in flight, leaves. */
  close(): Promise<void>;
}

/** A command may wait one millisecond for others to share its request. */
const APPEND_LINGER_MS = 1;
/** A query that takes longer helps nobody who waits for it. */
const STATEMENT_TIMEOUT_MS = 5_000;
const CONNECTIONS_MAX = 10;

/** Rate limits may not slow a request down: without an answer at once there is no limit. */
function connectRateLimits(config: Config, logger: Logger): Redis {
  const redis = new Redis(config.redisUrl, {
    connectionName: 'khipu-gateway',
    connectTimeout: 2_000,
    commandTimeout: 150,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
  });
  redis.on('error', (error: unknown) => logger.debug({ detail: messageOf(error) }, 'redis'));
  return redis;
}

const registryCheck =
  (url: string): HealthCheck =>
  async () => {
    const response = await fetch(new URL('subjects', url.endsWith('/') ? url : `${url}/`), {
      signal: AbortSignal.timeout(1_500),
    });
    await response.body?.cancel();
    return { ok: response.ok, detail: `answers ${response.status}` };
  };

/** Runs the named gateways in this process, on one public port, with an admin server beside it. */
export async function startGateway(names: readonly GatewayName[], config: Config): Promise<GatewayRole> {
  const role = `gateway-${names.join('+')}`;
  const logger = createLogger(role, config.logLevel);
  const register = new Registry();
  register.setDefaultLabels({ role });
  collectDefaultMetrics({ register });
  const jwtKeys = loadKeys(config);
  const apiKeyFile = new ApiKeyFile({ keysDir: config.keysDir, production: config.mode === 'production' });
  const kafka = await connectKafka(config, role, logger);
  const appender = await kafka.log.appender({ lingerMs: APPEND_LINGER_MS, pendingMax: COMMANDS_PENDING_MAX });
  const sql = connectPostgres(config.databaseUrl, {
    applicationName: `khipu-${role}`,
    connectionsMax: CONNECTIONS_MAX,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  const redis = connectRateLimits(config, logger);
  const gateway = await createGateway(names, {
    config,
    logger,
    log: kafka.log,
    decoder: kafka.decoder,
    appender,
    readModel: new PostgresReadModel(sql),
    jwtKeys,
    apiKeyFile,
    redis,
    register,
    checks: { registry: registryCheck(config.registryUrl), redis: () => redisHealth(redis) },
  });
  const url = await gateway.app.listen({ host: config.http.host, port: config.http.port });
  const admin = await startAdminServer({ port: config.adminPort, role, checks: gateway.checks, register });
  logger.info({ url, adminPort: admin.port, names }, 'started');
  return {
    url,
    adminPort: admin.port,
    close: async () => {
      await gateway.close();
      await admin.close();
      await appender.close();
      await kafka.close();
      redis.disconnect();
      await sql.end({ timeout: 2 });
      logger.info('stopped');
    },
  };
}
