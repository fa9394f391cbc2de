import { setTimeout as pause } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import { all, type WorkerName } from '../../streams/all.ts';
import type { Worker } from '../../streams/kernel.ts';
import type { Config } from '../config.ts';
import type { EgressRecord } from '../egress/record.ts';
import type { BuiltInParts } from '../jobs/builtin/all.ts';
import type { PayloadFiles } from '../jobs/files/payloads.ts';
import { type JobQueue, queueWorker } from '../jobs/worker/module.ts';
import type { KafkaConnection } from '../kafka/connect.ts';
import { ConfigError } from '../kit/config-error.ts';
import type { Logger } from '../kit/logger.ts';
import type { Observer } from '../runner/observer/task.ts';
import {
  followTables,
  jobRunnerTables,
  modelTables,
  type WorkerTables,
  watcherTables,
} from '../runner/tables/followed.ts';
import type { WorkHandler } from '../runner/worker/attempts.ts';
import { trustedConstitutionKeys } from '../security/load-keys.ts';
import { replaceSecret } from '../security/secret-file.ts';
import { secretSource } from '../security/secret-source.ts';
import type { HealthCheck } from '../telemetry/admin-server.ts';
import { auditLog } from '../telemetry/audit-log.ts';
import type { ToolAdapter } from '../tools/adapters/port.ts';
import { needsOf } from './needs.ts';

/** The environment of a worker handler: its log, the tables that its process follows and the metrics that it exposes. */
export interface WorkerEnvironment extends Pick<KafkaConnection, 'log' | 'decoder'> {
  readonly logger: Logger;
  readonly tables: WorkerTables;
  readonly register: Registry;
}

/** A worker's handler with its health checks and its resources. */
export interface Bound {
  readonly handler: WorkHandler;
  readonly checks: Readonly<Record<string, HealthCheck>>;
  close(): Promise<void>;
}

/** How a worker is bound to its external service. */
export interface WorkerBinding {
  /** Heap bound of its process on a developer machine, in MB. */
  readonly heapMb: number;
  /**
   * True for a worker that calls no external service: it runs with the processors, in `khipu run stream`, and may do what
   * operators may.
   */
  readonly isOperator?: true;
  /** Environment variable without which no process of it is started; null when it always runs. */
  readonly runsWith: string | null;
  /** What its process connects to beside Kafka and the registry; nothing when left out. `outside`: hosts of others. */
  readonly reaches?: readonly ('postgres' | 'redis' | 'outside')[];
  /**
   * Loads the client of the external service; only this process loads it. Rejects with ConfigError when a setting is
   * missing.
   */
  readonly bind: (config: Config, environment: WorkerEnvironment) => Promise<Bound>;
}

/** Longest wait for the golden sets before models are compared, in ms; then the next start compares them. */
const MODELS_WAIT_MS = 60_000;
const MODELS_POLL_MS = 200;

/** The binding of every worker. */
export const bindings: Readonly<Record<WorkerName, WorkerBinding>> = {
  slm: {
    heapMb: 256,
    runsWith: null,
    reaches: ['outside'],
    bind: async (config, environment) => {
      const { register } = environment;
      const { killSwitches: switches } = environment.tables;
      const { createModelServers } = await import('./model-servers.ts');
      const { createModelMetrics } = await import('../models/registry/model-metrics.ts');
      const { createSlmHandler } = await import('../models/worker/handler.ts');
      const { countFinding, createModerationMetrics } = await import('../governance/moderation/metrics.ts');
      const servers = await createModelServers(config.slm, secretSource(), createModelMetrics(register));
      const { ruleEngine } = needsOf(config);
      const tables = followTables(
        modelTables((published) => ruleEngine.verify(published)),
        environment,
      );
      const moderation = createModerationMetrics(register);
      const { answerClassifier } = await import('../governance/classifier/answers.ts');
      const { createClassifierClient, createClassifierMetrics } = await import('../governance/classifier/client.ts');
      const classifier =
        config.classifier && createClassifierClient(config.classifier, createClassifierMetrics(register));
      return {
        handler: createSlmHandler(servers, {
          ...{ switches, constitution: tables.constitution, now: Date.now },
          onFinding: (finding) => countFinding(moderation, finding),
          classify: classifier && answerClassifier(classifier, config.classifier?.onFailure ?? 'refuse'),
        }),
        checks: { provider: () => servers.health(), ...tables.health() },
        close: async () => {
          await tables.close();
          await servers.close();
        },
      };
    },
  },
  // It ignores kill switches: policy decides on the answer, by the switches of that time.
  'policy-engine': {
    heapMb: 128,
    runsWith: 'KHIPU_POLICY_ENGINE_URL',
    reaches: ['outside'],
    bind: async ({ policyEngine: settings }, { register }) => {
      const { createEngineClient } = await import('../governance/policy-engine/client.ts');
      const { createPolicyEngineHandler } = await import('../governance/policy-engine/handler.ts');
      const { createEngineMetrics } = await import('../governance/policy-engine/metrics.ts');
      if (settings === null)
        throw new ConfigError('KHIPU_POLICY_ENGINE_URL: expected the URL of an engine, as policy-engine is to run');
      const engine = createEngineClient(settings, createEngineMetrics(register));
      return {
        handler: createPolicyEngineHandler(engine),
        checks: { engine: () => engine.health() },
        close: async () => undefined,
      };
    },
  },
  // Like the policy engine.
  classifier: {
    heapMb: 128,
    runsWith: 'KHIPU_MODERATION_URL',
    reaches: ['outside'],
    bind: async ({ classifier: settings }, { register }) => {
      const { createClassifierClient, createClassifierMetrics } = await import('../governance/classifier/client.ts');
      const { createClassifierHandler } = await import('../governance/classifier/handler.ts');
      if (settings === null)
        throw new ConfigError('KHIPU_MODERATION_URL: expected the URL of a classifier, as classifier is to run');
      const classifier = createClassifierClient(settings, createClassifierMetrics(register));
      return {
        handler: createClassifierHandler(classifier, settings.onFailure),
        checks: { classifier: () => classifier.health() },
        close: async () => undefined,
      };
    },
  },
  operations: {
    heapMb: 128,
    isOperator: true,
    runsWith: null,
    bind: async (_config, { log }) => {
      const { createOperationsHandler } = await import('../workers/operations/handler.ts');
      return { handler: createOperationsHandler(log), checks: {}, close: async () => undefined };
    },
  },
  'tool-worker': {
    // A few outputs of 4 MiB at once, each as a value and as JSON.
    heapMb: 256,
    runsWith: null,
    reaches: ['postgres', 'redis', 'outside'],
    bind: async (config, environment) => {
      const { register, logger } = environment;
      const { killSwitches: switches } = environment.tables;
      const { contentsIn } = await import('../jobs/files/payloads.ts');
      const { adaptersOf } = await import('../tools/adapters/port.ts');
      const { declaredAdapter } = await import('../tools/adapters/declared.ts');
      const { codeRunAdapter } = await import('../tools/adapters/code-run.ts');
      const { httpFetchAdapter } = await import('../tools/adapters/http-fetch.ts');
      const { programAdapter } = await import('../tools/adapters/program.ts');
      const { mcpAdapter } = await import('../tools/adapters/mcp/adapter.ts');
      const { connectRedis } = await import('../stores/redis/client.ts');
      const { createToolMetrics } = await import('../tools/metrics.ts');
      const { redisCallRate } = await import('../tools/rate/redis.ts');
      const { createToolHandler } = await import('../tools/worker/handler.ts');
      const parts = {
        ...{ secretsDir: config.toolSecretsDir, secrets: secretSource(), allowPrivate: config.egressPrivateHosts },
        writeSecret: replaceSecret,
        onRequest: (egress: EgressRecord) => logger.info({ egress }, 'a request of a tool'),
      };
      const own = await ownToolParts(config, environment);
      const { ruleEngine } = needsOf(config);
      const tables = followTables(
        modelTables((published) => ruleEngine.verify(published)),
        environment,
      );
      const adapters = adaptersOf(
        ...[
          declaredAdapter(parts),
          httpFetchAdapter(parts),
          codeRunAdapter(),
          programAdapter(parts),
          mcpAdapter(parts),
          ...own.adapters,
        ],
      );
      const handler = createToolHandler({
        ...{ trusted: trustedConstitutionKeys(config), adapters, switches, metrics: createToolMetrics(register) },
        ...{ constitution: tables.constitution, contents: contentsIn(own.files) },
        rate: redisCallRate(() => connectRedis(config.redisUrl, 'khipu-tool-worker', logger), 'khipu:tool-calls:'),
        now: () => performance.now(),
      });
      return {
        handler,
        checks: {
          ...Object.fromEntries([...adapters].map(([name, { health }]) => [name, health])),
          ...tables.health(),
        },
        close: async () => {
          await tables.close();
          await handler.close();
          await own.close();
        },
      };
    },
  },
  'program-runner': {
    heapMb: 160,
    runsWith: null,
    bind: async ({ databaseUrl }, environment) => {
      const { createProgramRunner } = await import('../workers/program-runner/handler.ts');
      const { contentsIn } = await import('../jobs/files/payloads.ts');
      const { logFiles } = await import('../jobs/files/log-files.ts');
      const { connectPostgres } = await import('../stores/postgres/client.ts');
      const { postgresFileRows } = await import('./file-rows.ts');
      // It connects at the first snapshot that is a content.
      const sql = connectPostgres(databaseUrl, {
        ...{ applicationName: 'khipu-program-runner', connectionsMax: 2, statementTimeoutMs: 10_000 },
      });
      const files = logFiles({ ...environment, rows: postgresFileRows(sql) });
      return {
        handler: createProgramRunner({ contents: contentsIn(files), now: () => performance.now() }),
        checks: {},
        close: async () => {
          await files.close();
          await sql.end({ timeout: 2 });
        },
      };
    },
  },
  // It ignores kill switches: policy decides on the answer, by the switches of that time.
  'turn-recall': {
    heapMb: 128,
    runsWith: null,
    reaches: ['postgres'],
    bind: async (config) => {
      const { embedderOf } = await import('../memory/embedding/embedder.ts');
      const { MemoryRecall } = await import('../memory/recall.ts');
      const { connectPostgres } = await import('../stores/postgres/client.ts');
      const { createTurnRecall } = await import('../workers/turn-recall/handler.ts');
      const { postgresMemoryRows } = await import('./memory-rows.ts');
      // It connects at the first question.
      const sql = connectPostgres(config.databaseUrl, {
        ...{ applicationName: 'khipu-turn-recall', connectionsMax: 4, statementTimeoutMs: 4_000 },
      });
      const rows = postgresMemoryRows(sql);
      const recall = new MemoryRecall(rows, embedderOf(config));
      return {
        handler: createTurnRecall({ recall, byIds: rows.byIds }),
        checks: {},
        close: () => sql.end({ timeout: 2 }),
      };
    },
  },
  'approval-notifier': {
    heapMb: 160,
    runsWith: 'KHIPU_APPROVALS_WEBHOOK_URL',
    reaches: ['outside'],
    bind: async ({ approvalsWebhook: settings, egressPrivateHosts: allowPrivate }, { logger }) => {
      const { createEgress } = await import('../egress/broker.ts');
      const { createWebhookHandler, WEBHOOK_ANSWER_BYTES_MAX } = await import('../workers/approvals/webhook.ts');
      if (settings === null)
        throw new ConfigError('KHIPU_APPROVALS_WEBHOOK_URL: expected a URL, as approval-notifier is to run');
      const { host, protocol } = new URL(settings.url);
      const rule = {
        ...{ host, scheme: protocol === 'http:' ? ('http' as const) : ('https' as const), methods: ['POST'] },
        ...{ maxRequestBytes: 64 * 1024, maxResponseBytes: WEBHOOK_ANSWER_BYTES_MAX },
      };
      const egress = createEgress({
        ...{ allow: [rule], allowPrivate, secrets: secretSource() },
        onRequest: (record: EgressRecord) => logger.info({ egress: record }, 'a message to the webhook of approvals'),
      });
      return { handler: createWebhookHandler(egress, settings), checks: {}, close: () => egress.close() };
    },
  },
  'job-runner': {
    heapMb: 256,
    runsWith: null,
    reaches: ['postgres'],
    bind: async (config, environment) => {
      const { builtInJobs } = await import('../jobs/builtin/all.ts');
      return bindJobs(builtInJobs, config, environment);
    },
  },
  'evaluation-watcher': {
    heapMb: 160,
    runsWith: null,
    bind: async ({ slm }, environment) => {
      const { createWatcher } = await import('../workers/evaluations/handler.ts');
      const { ModelRegistry } = await import('../models/registry/model-registry.ts');
      const tables = followTables(watcherTables, environment);
      const { goldenSets, personas } = tables;
      let isClosed = false;
      const watcher = createWatcher({
        ...{ log: environment.log, decoder: environment.decoder, models: new ModelRegistry(slm.providers) },
        ...{ goldenSets: () => goldenSets.value, personas: () => personas.value, now: Date.now },
      });
      // The models of a platform change with its configuration, and so with a start of its processes.
      const isKnown = async (): Promise<boolean> => {
        for (const stop = Date.now() + MODELS_WAIT_MS; !isClosed && Date.now() < stop; ) {
          if (goldenSets.known && personas.known) return true;
          await pause(MODELS_POLL_MS, undefined, { ref: false });
        }
        return false;
      };
      const begun = isKnown()
        .then((known) => (known ? watcher.modelsChanged() : undefined))
        .catch((error: unknown) => environment.logger.warn({ error }, 'no run was started for changed models'));
      return {
        ...{ handler: watcher, checks: tables.health() },
        close: async () => {
          isClosed = true;
          await begun;
          await tables.close();
          await watcher.close();
        },
      };
    },
  },
};

/** Tools that use this platform: memories, and databases beside its own; with the contents of the log. */
interface OwnToolParts {
  readonly adapters: readonly ToolAdapter[];
  readonly files: PayloadFiles;
  close(): Promise<void>;
}

async function ownToolParts(config: Config, environment: WorkerEnvironment): Promise<OwnToolParts> {
  const { logFiles } = await import('../jobs/files/log-files.ts');
  const { embedderOf } = await import('../memory/embedding/embedder.ts');
  const { MemoryRecall } = await import('../memory/recall.ts');
  const { ownMemory } = await import('../memory/own-memory.ts');
  const { outsideMemory } = await import('../memory/outside-memory.ts');
  const { createSomaBrain } = await import('../memory/somabrain/client.ts');
  const { filesAdapter } = await import('../tools/adapters/files.ts');
  const { memoryAdapter } = await import('../tools/adapters/memory.ts');
  const { OwnDatabase } = await import('../tools/adapters/sql/database.ts');
  const { sqlQueryAdapter } = await import('../tools/adapters/sql/sql-query.ts');
  const { connectPostgres } = await import('../stores/postgres/client.ts');
  const { postgresFileRows, postgresWorkspaceRows } = await import('./file-rows.ts');
  const { postgresMemoryRows } = await import('./memory-rows.ts');
  const options = { applicationName: 'khipu-tool-worker', connectionsMax: 4 };
  // They connect at the first call that needs them.
  const sql = connectPostgres(config.databaseUrl, { ...options, statementTimeoutMs: 10_000 });
  const rows = postgresMemoryRows(sql);
  const memory =
    config.somabrain === null
      ? ownMemory({ recall: new MemoryRecall(rows, embedderOf(config)), byIds: rows.byIds, now: Date.now })
      : outsideMemory(createSomaBrain(config.somabrain));
  const queries = sqlQueryAdapter({
    ...{ secrets: secretSource(), fileOf: (variable) => process.env[`${variable}_FILE`] },
    connect: (url) => connectPostgres(url, options),
    own: new OwnDatabase(sql),
  });
  const files = logFiles({ ...environment, rows: postgresFileRows(sql) });
  return {
    ...{ adapters: [memoryAdapter(memory), queries, filesAdapter(postgresWorkspaceRows(sql))], files },
    close: async () => {
      await files.close();
      await queries.close();
      await sql.end({ timeout: 2 });
    },
  };
}

/** Binds the jobs of a queue, with the contents of the log and the read models of their tenant. */
async function bindJobs(
  queueWith: (parts: BuiltInParts) => JobQueue,
  config: Config,
  environment: WorkerEnvironment,
): Promise<Bound> {
  const { databaseUrl } = config;
  const { bindQueue } = await import('../jobs/worker/bind.ts');
  const { logFiles } = await import('../jobs/files/log-files.ts');
  const { connectPostgres } = await import('../stores/postgres/client.ts');
  const { postgresAnomalyHistory } = await import('./anomaly-history.ts');
  const { postgresAuditRows } = await import('./audit-rows.ts');
  const { postgresFileRows } = await import('./file-rows.ts');
  const { postgresRunCalls } = await import('./run-calls.ts');
  const { postgresPastRuns } = await import('./past-runs.ts');
  const { capsuleJobs } = await import('../capsules/jobs.ts');
  const { checkLog } = await import('../jobs/capsule-checks.ts');
  const { verdictLog } = await import('../jobs/evaluations.ts');
  const { embedderOf } = await import('../memory/embedding/embedder.ts');
  // It connects at the first content that a job reads.
  const sql = connectPostgres(databaseUrl, {
    ...{ applicationName: 'khipu-job-runner', connectionsMax: 4, statementTimeoutMs: 10_000 },
  });
  const files = logFiles({ ...environment, rows: postgresFileRows(sql) });
  const tables = followTables(jobRunnerTables, environment);
  const { killSwitches: switches } = environment.tables;
  const verdicts = verdictLog(environment);
  const checks = checkLog(environment);
  const evaluations = {
    ...{ embedder: embedderOf(config), calledTools: postgresRunCalls(sql), keepVerdict: verdicts.keepVerdict },
  };
  const upgrades = { pastRuns: postgresPastRuns(sql), keepCheck: checks.keepCheck };
  const parts = {
    ...{ files, audit: postgresAuditRows(sql), anomalies: postgresAnomalyHistory(sql), evaluations },
    further: capsuleJobs({ files, evaluations, upgrades }),
  };
  const handler = await bindQueue(queueWith(parts), {
    ...environment,
    types: tables.jobTypes,
    switches,
    files,
  });
  return {
    ...{ handler, checks: tables.health() },
    close: async () => {
      await tables.close();
      await verdicts.close();
      await checks.close();
      await files.close();
      await sql.end({ timeout: 5 });
    },
  };
}

/** A worker with its handler, ready to run. */
export interface BoundWorker extends Bound {
  readonly worker: Worker;
}

/** Binds a worker to its handler. Rejects with ConfigError when a setting is missing. */
export const bindWorker = async (
  name: WorkerName,
  config: Config,
  environment: WorkerEnvironment,
): Promise<BoundWorker> => ({
  ...(await bindings[name].bind(config, environment)),
  worker: all.workers[name],
});

/**
 * Binds a queue of jobs of a user: the job runner under a name of its own, so that it has its own consumer group and
 * transactional ids.
 */
export const bindJobQueue = async (
  queue: JobQueue,
  config: Config,
  environment: WorkerEnvironment,
): Promise<BoundWorker> => ({
  ...(await bindJobs(() => queue, config, environment)),
  worker: { ...all.workers['job-runner'], name: queueWorker(queue.queue) },
});

/** Every observer, by name. */
export const observers = { 'audit-log': auditLog } satisfies Readonly<Record<string, (logger: Logger) => Observer>>;
