import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { createGateway, type Gateway, type GatewayName, gatewayNames, routesOf } from '../../../../gateways/app.ts';
import type { Route } from '../../../../gateways/shared/route/route.ts';
import { bindings, bindWorker } from '../../../../infra/bin/bindings.ts';
import { needsOf } from '../../../../infra/bin/needs.ts';
import { declaredPlatform } from '../../../../infra/bin/roles/declared-platform.ts';
import { publishConstitution } from '../../../../infra/bin/setup/constitution.ts';
import { seedPersonas } from '../../../../infra/bin/setup/personas.ts';
import { createTopics } from '../../../../infra/bin/setup/topics.ts';
import { type Config, loadConfig } from '../../../../infra/config.ts';
import { defaultConstitution } from '../../../../infra/governance/constitution/default.ts';
import { signConstitution } from '../../../../infra/governance/constitution/signing.ts';
import { RecordDecoder } from '../../../../infra/kafka/decode.ts';
import { MemoryLog } from '../../../../infra/kafka/memory/log.ts';
import { systemClock } from '../../../../infra/kit/clock.ts';
import { createLogger } from '../../../../infra/kit/logger.ts';
import type { Runner } from '../../../../infra/runner/lives.ts';
import { createRunnerMetrics } from '../../../../infra/runner/metrics.ts';
import { runTopology } from '../../../../infra/runner/processor/runner.ts';
import { followTables, weighing, workerTables } from '../../../../infra/runner/tables/followed.ts';
import { runWorker } from '../../../../infra/runner/worker/runner.ts';
import { ApiKeyFile, createApiKey } from '../../../../infra/security/api-key-file.ts';
import { ensureDevelopmentKeys } from '../../../../infra/security/development-keys.ts';
import { constitutionSigner, loadKeys } from '../../../../infra/security/load-keys.ts';
import { MemoryExpiring } from '../../../../infra/stores/expiring/testing.ts';
import { MemorySingleUse } from '../../../../infra/stores/single-use/testing.ts';
import { configured, declaredTopologies, type WorkerName } from '../../../../streams/all.ts';
import { createLocalCodec } from '../../../../streams/kernel/local-codec.ts';
import { ApiClient, until } from '../../../support/api-client.ts';
import { MemoryReadModel } from './memory-read-model.ts';

/** A platform in this process, for contract tests. */
export interface Harness {
  readonly config: Config;
  readonly log: MemoryLog;
  readonly decoder: RecordDecoder;
  readonly readModel: MemoryReadModel;
  /** Stream tickets of all gateways. */
  readonly singleUse: MemorySingleUse;
  /** Sessions of the console of all gateways. */
  readonly consoleStore: MemoryExpiring;
  /** Client of tenant `demo`. */
  readonly api: ApiClient;
  /** Client of tenant `acme`, with one capability. */
  readonly acme: ApiClient;
  /** Resolves with a client that has its own key. */
  clientWith(tenantId: string, capabilities: readonly string[]): Promise<ApiClient>;
  readonly gateway: Gateway;
  readonly url: string;
  /** Starts another gateway on the same log. `partitions`: of the platform, as this gateway knows it. */
  another(
    names?: readonly GatewayName[],
    partitions?: number,
  ): Promise<{ readonly url: string; close(): Promise<void> }>;
  /** Starts a gateway with routes of a test. */
  serving(routes: readonly Route[]): Promise<{ readonly url: string; close(): Promise<void> }>;
  /** Starts another gateway, with these variables beside those of the harness. */
  configured(env: Readonly<Record<string, string>>): Promise<{ readonly url: string; close(): Promise<void> }>;
  close(): Promise<void>;
}

const logger = createLogger('test', process.env['KHIPU_LOG_LEVEL'] ?? 'silent');

/** Starts all processors on a log in memory, the deterministic model, and real gateways over real HTTP. */
export async function startHarness(
  env: Readonly<Record<string, string>> = {},
  gatewayLogger = logger,
): Promise<Harness> {
  const home = mkdtempSync(join(tmpdir(), 'khipu-http-'));
  const variables = {
    KHIPU_HOME: home,
    KAFKA_BROKERS: 'memory:1',
    SCHEMA_REGISTRY_URL: 'http://memory',
    DATABASE_URL: 'postgres://memory/none',
    REDIS_URL: 'redis://memory',
    KHIPU_LOG_LEVEL: 'silent',
    ...(env['KHIPU_SLM_PROVIDERS'] === undefined && { KHIPU_SLM_MODELS: 'small,large' }),
    ...env,
  };
  const config = loadConfig(variables);
  ensureDevelopmentKeys(config.keysDir);
  const acmeKey = createApiKey({
    keysDir: config.keysDir,
    tenantId: 'acme',
    name: 'acme',
    capabilities: ['slm:invoke:default'],
  }).key;
  const log = new MemoryLog();
  await createTopics(log);
  const decoder = new RecordDecoder(createLocalCodec(), () => Promise.reject(new Error('no registry')));
  await publishConstitution(
    log,
    decoder,
    signConstitution(defaultConstitution, constitutionSigner(config)),
    Date.now(),
  );
  await seedPersonas(log, decoder, Date.now());
  const readModel = new MemoryReadModel();
  await readModel.start(log, decoder);
  const runners = await startRunners(config, log, decoder, boundIn(env));

  const singleUse = new MemorySingleUse();
  const consoleStore = new MemoryExpiring();
  const closers: (() => Promise<void>)[] = [];
  const start = async (routes: readonly Route[], seen = log, own = config) => {
    const keys = new ApiKeyFile({ keysDir: config.keysDir, production: false });
    const gateway = await createGateway(routes, {
      config: own,
      logger: gatewayLogger,
      log: seen,
      decoder,
      appender: await log.appender(),
      readModel,
      jwtKeys: loadKeys(config),
      apiKeyFile: keys,
      redis: null,
      singleUse,
      consoleStore,
      platform: declaredPlatform(),
      register: new Registry(),
    });
    const url = await gateway.app.listen({ host: '127.0.0.1', port: 0 });
    closers.push(gateway.close);
    const { tail, directory, revocations, personas, job_types: jobTypes } = gateway.checks;
    await until(
      () =>
        Promise.all(
          [tail, directory, revocations, personas, jobTypes].map(
            (check) => check?.() ?? Promise.reject(new Error('no check')),
          ),
        ),
      (health) => health.every(({ ok }) => ok),
    );
    return { gateway, url };
  };
  const { gateway, url } = await start(routesOf(gatewayNames));
  return {
    config,
    log,
    decoder,
    readModel,
    singleUse,
    consoleStore,
    gateway,
    url,
    api: new ApiClient({ url, apiKey: readFileSync(join(config.keysDir, 'api-key'), 'utf8').trim() }),
    acme: new ApiClient({ url, apiKey: acmeKey }),
    clientWith: async (tenantId, capabilities) => {
      const { key } = createApiKey({ keysDir: config.keysDir, tenantId, name: 'further', capabilities });
      const client = new ApiClient({ url, apiKey: key });
      // A gateway looks for new keys once a second, and counts unknown ones.
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      await until(
        () => client.call('GET', '/v1/sessions'),
        ({ status }) => status === 200,
      );
      return client;
    },
    another: async (names = gatewayNames, partitions) => {
      const more = await start(routesOf(names), partitions === undefined ? log : withPartitions(log, partitions));
      return { url: more.url, close: more.gateway.close };
    },
    serving: async (routes) => {
      const more = await start(routes);
      return { url: more.url, close: more.gateway.close };
    },
    configured: async (more) => {
      const gateway = await start(routesOf(gatewayNames), log, loadConfig({ ...variables, ...more }));
      return { url: gateway.url, close: gateway.gateway.close };
    },
    close: async () => {
      log.away = false;
      await Promise.all(closers.map((close) => close()));
      await Promise.all(runners.map((runner) => runner.close()));
      await readModel.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Starts a harness whose gateways log from level `debug`. `lines` has their lines so far, as JSON. */
export async function startLoggedHarness(
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly platform: Harness; readonly lines: string[] }> {
  const lines: string[] = [];
  const log = createLogger('gateway', 'debug', { write: (line) => lines.push(line) });
  return { platform: await startHarness({ KHIPU_LOG_LEVEL: 'debug', ...env }, log), lines };
}

/** Workers that an environment gives something to do. */
const boundIn = (env: Readonly<Record<string, string>>): readonly WorkerName[] =>
  (Object.keys(bindings) as WorkerName[]).filter((name) => {
    const { runsWith } = bindings[name];
    return runsWith === null || env[runsWith] !== undefined;
  });

async function startRunners(
  config: Config,
  log: MemoryLog,
  decoder: RecordDecoder,
  workers: readonly WorkerName[],
): Promise<readonly Pick<Runner, 'close'>[]> {
  const dependencies = {
    log,
    decoder,
    metrics: createRunnerMetrics(new Registry()),
    logger,
    clock: systemClock,
    onFatal: (error: unknown) => logger.fatal({ err: error }, 'a runner cannot go on'),
  };
  const tables = followTables(workerTables, { log, decoder, logger });
  const place = { log, decoder, logger, tables, register: new Registry() };
  const bound = await Promise.all(workers.map((name) => bindWorker(name, config, place)));
  const needs = needsOf(config);
  const runners = [
    ...declaredTopologies('chained').map((declared) => runTopology(configured(declared, needs), dependencies)),
    ...bound.map(({ worker, handler }) => runWorker(worker, handler, { ...dependencies, weightOf: weighing(tables) })),
  ];
  await until(
    () => Promise.all(runners.map((runner) => runner.health())),
    (health) => health.every(({ ok }) => ok),
  );
  return [...runners, ...bound, tables];
}

/** Returns the log as one whose topics have another number of partitions; it is written and read as before. */
const withPartitions = (log: MemoryLog, partitions: number): MemoryLog =>
  new Proxy(log, {
    get: (target, name: keyof MemoryLog) =>
      name === 'partitionCounts'
        ? async (topics: readonly string[]) => new Map(topics.map((topic) => [topic, partitions]))
        : (target[name] as () => unknown).bind(target),
  });
