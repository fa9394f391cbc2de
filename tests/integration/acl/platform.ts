import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { createGateway, gatewayNames, routesOf } from '../../../gateways/app.ts';
import { bindWorker, observers } from '../../../infra/bin/bindings.ts';
import { needsOf } from '../../../infra/bin/needs.ts';
import { declaredPlatform } from '../../../infra/bin/roles/declared-platform.ts';
import { apply, grantsOfRoles, grantsOfTeam, principalOf, rightsByRole } from '../../../infra/bin/roles/grants.ts';
import { publishConstitution } from '../../../infra/bin/setup/constitution.ts';
import { seedPersonas } from '../../../infra/bin/setup/personas.ts';
import { createTopics } from '../../../infra/bin/setup/topics.ts';
import { type Config, loadConfig } from '../../../infra/config.ts';
import { defaultConstitution } from '../../../infra/governance/constitution/default.ts';
import { signConstitution } from '../../../infra/governance/constitution/signing.ts';
import { openLog } from '../../../infra/kafka/connect.ts';
import { RecordDecoder } from '../../../infra/kafka/decode.ts';
import type { Log } from '../../../infra/kafka/port.ts';
import { systemClock } from '../../../infra/kit/clock.ts';
import { createLogger } from '../../../infra/kit/logger.ts';
import { alone } from '../../../infra/projections/run/bound-view.ts';
import { createProjectionMetrics } from '../../../infra/projections/run/metrics.ts';
import { runViews } from '../../../infra/projections/run/run-views.ts';
import type { Runner } from '../../../infra/runner/lives.ts';
import { createRunnerMetrics } from '../../../infra/runner/metrics.ts';
import { runObserver } from '../../../infra/runner/observer/runner.ts';
import { runTopology } from '../../../infra/runner/processor/runner.ts';
import { followTables, workerTables } from '../../../infra/runner/tables/followed.ts';
import { runWorker } from '../../../infra/runner/worker/runner.ts';
import { ApiKeyFile } from '../../../infra/security/api-key-file.ts';
import { ensureDevelopmentKeys } from '../../../infra/security/development-keys.ts';
import { constitutionSigner, loadKeys } from '../../../infra/security/load-keys.ts';
import { MemoryExpiring } from '../../../infra/stores/expiring/testing.ts';
import { MemorySingleUse } from '../../../infra/stores/single-use/testing.ts';
import { sessions } from '../../../projections/sessions/projection.ts';
import { configured, declaredTopologies } from '../../../streams/all.ts';
import { createLocalCodec } from '../../../streams/kernel/local-codec.ts';
import { MemoryReadModel } from '../../contract/http/support/memory-read-model.ts';
import { ApiClient, until } from '../../support/api-client.ts';
import { makeDataFolder } from '../../support/data-folder.ts';
import { ADMIN, passwordOf, startSecuredBroker } from '../../support/secured-broker.ts';

export const TEAM = 'billing';
const READY_MS = 60_000;

/**
 * Every role with its own login and no permission but its ACLs, on a broker that enforces them. The read models are in
 * memory.
 */
export interface GuardedPlatform {
  readonly address: string;
  readonly api: ApiClient;
  readonly decoder: RecordDecoder;
  readonly runners: readonly Pick<Runner, 'name' | 'health'>[];
  /** Returns the number of rows written to the view of sessions. */
  viewed(): number;
  logAs(user: string, env?: Readonly<Record<string, string>>): Log;
  close(): Promise<void>;
}

const logger = createLogger('test', process.env['KHIPU_LOG_LEVEL'] ?? 'silent');
const areReady = (health: readonly { readonly ok: boolean }[]): boolean => health.every(({ ok }) => ok);
const onFatal = (error: unknown): void => logger.fatal({ err: error }, 'a runner cannot go on');

/** Starts the broker and every role on it; ready when this resolves. */
export async function startGuardedPlatform(): Promise<GuardedPlatform> {
  const roles = Object.keys(rightsByRole());
  const broker = await startSecuredBroker([...roles.map(principalOf), TEAM]);
  const home = makeDataFolder('khipu-acl-');
  const configAs = (user: string, env: Readonly<Record<string, string>> = {}): Config =>
    loadConfig({
      KHIPU_HOME: home,
      KAFKA_BROKERS: broker.address,
      KAFKA_SASL_MECHANISM: 'scram-sha-256',
      KAFKA_SASL_USERNAME: user,
      KAFKA_SASL_PASSWORD: passwordOf(user),
      SCHEMA_REGISTRY_URL: 'http://none',
      DATABASE_URL: 'postgres://none/none',
      REDIS_URL: 'redis://none',
      ...env,
    });
  const closers: (() => Promise<unknown>)[] = [];
  const logAs: GuardedPlatform['logAs'] = (user, env) => {
    const log = openLog(configAs(user, env), user, logger);
    closers.push(() => log.close());
    return log;
  };
  const logOf = (role: string): Log => logAs(principalOf(role));
  await apply([...grantsOfRoles(), ...grantsOfTeam(TEAM, ['slm.metrics'])], configAs(ADMIN));

  const config = configAs(principalOf('setup'));
  ensureDevelopmentKeys(config.keysDir);
  const decoder = new RecordDecoder(createLocalCodec(), () => Promise.reject(new Error('no registry')));
  const setup = logOf('setup');
  await createTopics(setup);
  await publishConstitution(
    setup,
    decoder,
    signConstitution(defaultConstitution, constitutionSigner(config)),
    Date.now(),
  );
  await seedPersonas(setup, decoder, Date.now());

  const dependencies = { decoder, logger, clock: systemClock, metrics: createRunnerMetrics(new Registry()), onFatal };
  const worker = logOf('slm');
  const tables = followTables(workerTables, { log: worker, decoder, logger });
  const place = { log: worker, decoder, logger, tables, register: new Registry() };
  const slm = await bindWorker('slm', config, place);
  // Receives no requests: it needs its permissions to take over its partitions.
  const engineConfig = configAs(principalOf('policy-engine'), { KHIPU_POLICY_ENGINE_URL: 'http://127.0.0.1:9' });
  const engine = await bindWorker('policy-engine', engineConfig, place);
  const operator = await bindWorker('operations', config, { ...place, log: logOf('operations') });
  const rows: unknown[] = [];
  const sink = {
    positions: async (marks: readonly { topic: string; partition: number }[]) =>
      marks.map(({ topic, partition }) => ({ topic, partition, offset: 0 })),
    holds: async () => true,
    commit: async (items: readonly unknown[]) => void rows.push(...items),
  };
  const projection = logOf('projection');
  const needs = needsOf(config);
  const runners = [
    ...declaredTopologies('chained').map((declared) =>
      runTopology(configured(declared, needs), { ...dependencies, log: logOf(declared.name) }),
    ),
    runWorker(slm.worker, slm.handler, { ...dependencies, log: worker }),
    runWorker(engine.worker, engine.handler, { ...dependencies, log: logOf('policy-engine') }),
    runWorker(operator.worker, operator.handler, { ...dependencies, log: logOf('operations') }),
    runObserver(observers['audit-log'](logger), { ...dependencies, log: logOf('audit-log') }),
  ];
  const views = runViews([alone({ ...sessions, sink }, { store: 'memory' })], {
    ...{ log: projection, decoder, logger, metrics: createProjectionMetrics(new Registry()), now: Date.now, onFatal },
  });
  const members = [...runners, ...views.views];
  // The first runner waits, under supervision, until Kafka has created the offsets topic.
  await until(() => Promise.all(members.map((member) => member.health())), areReady, READY_MS);
  const readModel = new MemoryReadModel();
  await readModel.start(projection, decoder);
  const log = logOf('gateway');
  const gateway = await createGateway(routesOf(gatewayNames), {
    ...{
      config,
      logger,
      log,
      decoder,
      readModel,
      redis: null,
      singleUse: new MemorySingleUse(),
      consoleStore: new MemoryExpiring(),
      platform: declaredPlatform(),
      register: new Registry(),
    },
    appender: await log.appender(),
    jwtKeys: loadKeys(config),
    apiKeyFile: new ApiKeyFile({ keysDir: config.keysDir, production: false }),
  });
  const url = await gateway.app.listen({ host: '127.0.0.1', port: 0 });
  await until(async () => [(await gateway.checks['tail']?.()) ?? { ok: false }], areReady, READY_MS);
  return {
    ...{ address: broker.address, decoder, runners: members, logAs },
    api: new ApiClient({ url, apiKey: readFileSync(join(config.keysDir, 'api-key'), 'utf8').trim() }),
    viewed: () => rows.length,
    close: async () => {
      await gateway.close();
      await Promise.all([...runners, views].map((runner) => runner.close()));
      await Promise.all([tables.close(), slm.close(), readModel.close()]);
      await Promise.allSettled(closers.map((close) => close()));
      await broker.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
