import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { createGateway, gatewayNames } from '../../../gateways/app.ts';
import { auditLog } from '../../../infra/audit/audit-log.ts';
import { apply, grantsOfRoles, grantsOfTeam, principalOf, rightsByRole } from '../../../infra/bin/roles/grants.ts';
import { type ProcessorName, processors, workers } from '../../../infra/bin/roles/processors.ts';
import { type Config, loadConfig } from '../../../infra/config.ts';
import { signConstitution } from '../../../infra/governance/constitution-signing.ts';
import { defaultConstitution } from '../../../infra/governance/default-constitution.ts';
import { systemClock } from '../../../infra/kafka/clock.ts';
import { openLog } from '../../../infra/kafka/connect.ts';
import { RecordDecoder } from '../../../infra/kafka/decode.ts';
import type { Log } from '../../../infra/kafka/log.ts';
import { createRunnerMetrics } from '../../../infra/kafka/runner/metrics.ts';
import { runObserver } from '../../../infra/kafka/runner/observer-runner.ts';
import { type Runner, runProcessor } from '../../../infra/kafka/runner/processor-runner.ts';
import { runWorker } from '../../../infra/kafka/runner/worker-runner.ts';
import { ApiKeyFile } from '../../../infra/keys/api-key-file.ts';
import { ensureDevelopmentKeys } from '../../../infra/keys/development.ts';
import { constitutionSigner, loadKeys } from '../../../infra/keys/load.ts';
import { SwitchBoard } from '../../../infra/killswitch/switch-board.ts';
import { createProjectionMetrics } from '../../../infra/projections/metrics.ts';
import { runView } from '../../../infra/projections/run-view.ts';
import { publishConstitution } from '../../../infra/setup/constitution.ts';
import { createTopics } from '../../../infra/setup/topics.ts';
import { createLogger } from '../../../infra/telemetry/logger.ts';
import { sessions } from '../../../projections/sessions/projection.ts';
import { createLocalCodec } from '../../../streams/kernel/local-codec.ts';
import { MemoryReadModel } from '../../contract/http/support/memory-read-model.ts';
import { ApiClient, until } from '../../support/api-client.ts';
import { ADMIN, passwordOf, startSecuredBroker } from '../../support/secured-broker.ts';

export const TEAM = 'billing';
const READY_MS = 60_000;

/** Every role with a login of its own and no right but its ACLs, on a broker that asks. The read models are in memory. */
export interface GuardedPlatform {
  readonly address: string;
  readonly api: ApiClient;
  readonly decoder: RecordDecoder;
  readonly runners: readonly Pick<Runner, 'name' | 'health'>[];
  /** How many rows the view of sessions was given. */
  viewed(): number;
  logAs(user: string, env?: Readonly<Record<string, string>>): Log;
  close(): Promise<void>;
}

const logger = createLogger('test', process.env['KHIPU_LOG_LEVEL'] ?? 'silent');
const areReady = (health: readonly { readonly ok: boolean }[]): boolean => health.every(({ ok }) => ok);
const onFatal = (error: unknown): void => logger.fatal({ err: error }, 'a runner cannot go on');

export async function startGuardedPlatform(): Promise<GuardedPlatform> {
  const roles = Object.keys(rightsByRole());
  const broker = await startSecuredBroker([...roles.map(principalOf), TEAM]);
  const home = mkdtempSync(join(tmpdir(), 'khipu-acl-'));
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

  const dependencies = { decoder, logger, clock: systemClock, metrics: createRunnerMetrics(new Registry()), onFatal };
  const worker = logOf('slm');
  const switches = new SwitchBoard({ log: worker, decoder, logger });
  const place = { switches, register: new Registry() };
  const slm = await workers.slm(config, place);
  // Nobody asks it: taking its partitions over is what it needs its rights for.
  const engineConfig = configAs(principalOf('policy-engine'), { KHIPU_POLICY_ENGINE_URL: 'http://127.0.0.1:9' });
  const engine = await workers['policy-engine'](engineConfig, place);
  const rows: unknown[] = [];
  const sink = {
    positions: async (marks: readonly { topic: string; partition: number }[]) =>
      marks.map(({ topic, partition }) => ({ topic, partition, offset: 0 })),
    holds: async () => true,
    commit: async (items: readonly unknown[]) => void rows.push(...items),
  };
  const projection = logOf('projection');
  const names = Object.keys(processors) as ProcessorName[];
  const runners = [
    ...names.map((name) => runProcessor(processors[name](config), { ...dependencies, log: logOf(name) })),
    runWorker(slm.worker, slm.handler, { ...dependencies, log: worker }),
    runWorker(engine.worker, engine.handler, { ...dependencies, log: logOf('policy-engine') }),
    runObserver(auditLog(logger), { ...dependencies, log: logOf('audit-log') }),
    runView(
      { ...sessions, sink },
      { log: projection, decoder, logger, metrics: createProjectionMetrics(new Registry()), now: Date.now, onFatal },
    ),
  ];
  // Whoever comes first waits, under supervision, for Kafka to make the topic of its groups.
  await until(() => Promise.all(runners.map((runner) => runner.health())), areReady, READY_MS);
  const readModel = new MemoryReadModel();
  await readModel.start(projection, decoder);
  const log = logOf('gateway');
  const gateway = await createGateway(gatewayNames, {
    ...{ config, logger, log, decoder, readModel, redis: null, register: new Registry() },
    appender: await log.appender(),
    jwtKeys: loadKeys(config),
    apiKeyFile: new ApiKeyFile({ keysDir: config.keysDir, production: false }),
  });
  const url = await gateway.app.listen({ host: '127.0.0.1', port: 0 });
  await until(async () => [(await gateway.checks['tail']?.()) ?? { ok: false }], areReady, READY_MS);
  return {
    ...{ address: broker.address, decoder, runners, logAs },
    api: new ApiClient({ url, apiKey: readFileSync(join(config.keysDir, 'api-key'), 'utf8').trim() }),
    viewed: () => rows.length,
    close: async () => {
      await gateway.close();
      await Promise.all(runners.map((runner) => runner.close()));
      await Promise.all([switches.close(), slm.close(), readModel.close()]);
      await Promise.allSettled(closers.map((close) => close()));
      await broker.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
