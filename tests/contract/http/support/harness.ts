import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { createGateway, type Gateway, type GatewayName, gatewayNames } from '../../../../gateways/app.ts';
import { type ProcessorName, processors, workers } from '../../../../infra/bin/roles/processors.ts';
import { type Config, loadConfig } from '../../../../infra/config.ts';
import { signConstitution } from '../../../../infra/governance/constitution-signing.ts';
import { defaultConstitution } from '../../../../infra/governance/default-constitution.ts';
import { systemClock } from '../../../../infra/kafka/clock.ts';
import { RecordDecoder } from '../../../../infra/kafka/decode.ts';
import { MemoryLog } from '../../../../infra/kafka/memory/log.ts';
import { createRunnerMetrics } from '../../../../infra/kafka/runner/metrics.ts';
import { type Runner, runProcessor } from '../../../../infra/kafka/runner/processor-runner.ts';
import { runWorker } from '../../../../infra/kafka/runner/worker-runner.ts';
import { ApiKeyFile, createApiKey } from '../../../../infra/keys/api-key-file.ts';
import { ensureDevelopmentKeys } from '../../../../infra/keys/development.ts';
import { constitutionSigner, loadKeys } from '../../../../infra/keys/load.ts';
import { SwitchBoard } from '../../../../infra/killswitch/switch-board.ts';
import { publishConstitution } from '../../../../infra/setup/constitution.ts';
import { createTopics } from '../../../../infra/setup/topics.ts';
import { createLogger } from '../../../../infra/telemetry/logger.ts';
import { createLocalCodec } from '../../../../streams/kernel/local-codec.ts';
import { ApiClient, until } from '../../../support/api-client.ts';
import { MemoryReadModel } from './memory-read-model.ts';

export interface Harness {
  readonly config: Config;
  readonly log: MemoryLog;
  readonly decoder: RecordDecoder;
  readonly readModel: MemoryReadModel;
  /** Of tenant `demo`. */
  readonly api: ApiClient;
  /** Of tenant `acme`, with one capability. */
  readonly acme: ApiClient;
  /** A client with a key of its own. */
  clientWith(tenantId: string, capabilities: readonly string[]): Promise<ApiClient>;
  readonly gateway: Gateway;
  readonly url: string;
  /** One more gateway process on the same log. */
  another(names?: readonly GatewayName[]): Promise<{ readonly url: string; close(): Promise<void> }>;
  close(): Promise<void>;
}

const logger = createLogger('test', process.env['KHIPU_LOG_LEVEL'] ?? 'silent');

/** All processors on a log in memory, the deterministic model, and real gateways over real HTTP. */
export async function startHarness(
  env: Readonly<Record<string, string>> = {},
  gatewayLogger = logger,
): Promise<Harness> {
  const home = mkdtempSync(join(tmpdir(), 'khipu-http-'));
  const config = loadConfig({
    KHIPU_HOME: home,
    KAFKA_BROKERS: 'memory:1',
    SCHEMA_REGISTRY_URL: 'http://memory',
    DATABASE_URL: 'postgres://memory/none',
    REDIS_URL: 'redis://memory',
    KHIPU_LOG_LEVEL: 'silent',
    ...env,
  });
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
  const readModel = new MemoryReadModel();
  await readModel.start(log, decoder);
  const runners = await startRunners(config, log, decoder);

  const closers: (() => Promise<void>)[] = [];
  const start = async (names: readonly GatewayName[]) => {
    const keys = new ApiKeyFile({ keysDir: config.keysDir, production: false });
    const gateway = await createGateway(names, {
      config,
      logger: gatewayLogger,
      log,
      decoder,
      appender: await log.appender(),
      readModel,
      jwtKeys: loadKeys(config),
      apiKeyFile: keys,
      redis: null,
      register: new Registry(),
    });
    const url = await gateway.app.listen({ host: '127.0.0.1', port: 0 });
    closers.push(gateway.close);
    const { tail, directory, revocations } = gateway.checks;
    await until(
      () =>
        Promise.all([tail, directory, revocations].map((check) => check?.() ?? Promise.reject(new Error('no check')))),
      (health) => health.every(({ ok }) => ok),
    );
    return { gateway, url };
  };
  const { gateway, url } = await start(gatewayNames);
  return {
    config,
    log,
    decoder,
    readModel,
    gateway,
    url,
    api: new ApiClient({ url, apiKey: readFileSync(join(config.keysDir, 'api-key'), 'utf8').trim() }),
    acme: new ApiClient({ url, apiKey: acmeKey }),
    clientWith: async (tenantId, capabilities) => {
      const { key } = createApiKey({ keysDir: config.keysDir, tenantId, name: 'further', capabilities });
      const client = new ApiClient({ url, apiKey: key });
      // A gateway looks for new keys once a second, and counts those that it does not know.
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      await until(
        () => client.call('GET', '/v1/sessions'),
        ({ status }) => status === 200,
      );
      return client;
    },
    another: async (names = gatewayNames) => {
      const more = await start(names);
      return { url: more.url, close: more.gateway.close };
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

async function startRunners(
  config: Config,
  log: MemoryLog,
  decoder: RecordDecoder,
): Promise<readonly Pick<Runner, 'close'>[]> {
  const dependencies = {
    log,
    decoder,
    metrics: createRunnerMetrics(new Registry()),
    logger,
    clock: systemClock,
    onFatal: (error: unknown) => logger.fatal({ err: error }, 'a runner cannot go on'),
  };
  const switches = new SwitchBoard({ log, decoder, logger });
  const place = { switches, register: new Registry() };
  const bound = [
    await workers.slm(config, place),
    ...(config.policyEngine === null ? [] : [await workers['policy-engine'](config, place)]),
  ];
  const names = Object.keys(processors) as ProcessorName[];
  const runners = [
    ...names.map((name) => runProcessor(processors[name](config), dependencies)),
    ...bound.map(({ worker, handler }) => runWorker(worker, handler, dependencies)),
  ];
  await until(
    () => Promise.all(runners.map((runner) => runner.health())),
    (health) => health.every(({ ok }) => ok),
  );
  return [...runners, switches];
}
