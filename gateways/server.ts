import type { Redis } from 'ioredis';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Config } from '../infra/config.ts';
import { connectRole } from '../infra/kafka/connect.ts';
import { registryRequest } from '../infra/kafka/registry-request.ts';
import { countRequests } from '../infra/kafka/request-count.ts';
import { messageOf } from '../infra/kit/errors.ts';
import { createLogger, type Logger } from '../infra/kit/logger.ts';
import { ApiKeyFile } from '../infra/security/api-key-file.ts';
import { loadKeys } from '../infra/security/load-keys.ts';
import { redisExpiring } from '../infra/stores/expiring/redis.ts';
import { connectPostgres } from '../infra/stores/postgres/client.ts';
import { redisAt, redisHealth } from '../infra/stores/redis/client.ts';
import { redisSingleUse } from '../infra/stores/single-use/redis.ts';
import { type HealthCheck, startAdminServer } from '../infra/telemetry/admin-server.ts';
import { meterCertificates } from '../infra/telemetry/certificates.ts';
import { startTracing } from '../infra/tracing/start.ts';
import { createGateway, type GatewayName, routesOf } from './app.ts';
import type { DeclaredPlatform } from './shared/declared-platform.ts';
import { COMMANDS_PENDING_MAX } from './shared/log/command-appender.ts';
import { PostgresReadModel } from './shared/postgres-read-model.ts';
import type { TopicsOfView } from './shared/read-model.ts';

/** A running gateway process. */
export interface GatewayRole {
  readonly url: string;
  readonly adminPort: number;
  /** Ends streams, answers requests in flight and closes all connections. */
  close(): Promise<void>;
}

/** Time for which an append waits for others, to share one produce request. */
const APPEND_LINGER_MS = 1;
/** Maximum time of a query; its client has given up by then. */
const STATEMENT_TIMEOUT_MS = 5_000;
const CONNECTIONS_MAX = 10;

/** Returns a Redis client for rate limits, stream tickets and sessions of the console. Commands fail after 150 ms without a retry, so that Redis cannot slow requests down. */
function connectLimits(config: Config, logger: Logger): Redis {
  const redis = redisAt(config.redisUrl, {
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
    const { status } = await registryRequest(url, 'subjects', 1_500);
    return { ok: status >= 200 && status < 300, detail: `answers ${status}` };
  };

/**
 * Runs the named gateways in this process, on one public port, with an admin server. `topicsOfView` returns the topics of a
 * read model; `platform` has the declarations to show. Rejects when the log, the keys or a port is not available.
 */
export async function startGateway(
  names: readonly GatewayName[],
  config: Config,
  topicsOfView: TopicsOfView,
  platform: DeclaredPlatform,
): Promise<GatewayRole> {
  const role = `gateway-${names.join('+')}`;
  const logger = createLogger(role, config.logLevel);
  const register = new Registry();
  register.setDefaultLabels({ role });
  collectDefaultMetrics({ register });
  meterCertificates(register, config);
  const tracing = startTracing(config.tracing, role, register);
  const jwtKeys = loadKeys(config);
  const apiKeyFile = new ApiKeyFile({ keysDir: config.keysDir, production: config.mode === 'production' });
  const kafka = await connectRole(config, role, logger, { onRequest: countRequests(register) });
  const appender = await kafka.log.appender({ lingerMs: APPEND_LINGER_MS, pendingMax: COMMANDS_PENDING_MAX });
  const sql = connectPostgres(config.databaseUrl, {
    applicationName: `khipu-${role}`,
    connectionsMax: CONNECTIONS_MAX,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  const redis = connectLimits(config, logger);
  const gateway = await createGateway(routesOf(names), {
    config,
    logger,
    log: kafka.log,
    decoder: kafka.decoder,
    appender,
    platform,
    readModel: new PostgresReadModel(sql, topicsOfView),
    jwtKeys,
    apiKeyFile,
    redis,
    singleUse: redisSingleUse(redis, 'khipu:stream-ticket:'),
    consoleStore: redisExpiring(redis, 'khipu:console-session:'),
    register,
    checks: { registry: registryCheck(config.registryUrl), redis: () => redisHealth(redis) },
  });
  const url = await gateway.app.listen({ host: config.http.host, port: config.http.port });
  const { adminHost: host, adminPort: port } = config;
  const admin = await startAdminServer({ host, port, role, checks: gateway.checks, register });
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
      await tracing.close();
      logger.info('stopped');
    },
  };
}
