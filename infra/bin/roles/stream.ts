import { collectDefaultMetrics, Registry } from 'prom-client';
import { configured, declaredTopologies, type WorkerName } from '../../../streams/all.ts';
import type { Processor } from '../../../streams/kernel.ts';

import type { Config } from '../../config.ts';
import { moderated } from '../../governance/moderation/metrics.ts';
import { meteredPolicy } from '../../governance/policy-metrics.ts';
import { meteredJobs, meteredSlots } from '../../jobs/metrics.ts';
import { type JobQueue, queueWorker } from '../../jobs/worker/module.ts';
import { connectRole } from '../../kafka/connect.ts';
import { expectEpoch } from '../../kafka/layout.ts';
import { countRequests } from '../../kafka/request-count.ts';
import { systemClock } from '../../kit/clock.ts';
import { createLogger } from '../../kit/logger.ts';
import { sharedRead } from '../../kit/shared-read.ts';
import { type InFlight, stuckOf } from '../../runner/in-flight.ts';
import type { Runner } from '../../runner/lives.ts';
import { createRunnerMetrics } from '../../runner/metrics.ts';
import { runObserver } from '../../runner/observer/runner.ts';
import { runTopology } from '../../runner/processor/runner.ts';
import { followTables, weighing, workerTables } from '../../runner/tables/followed.ts';
import { runWorker } from '../../runner/worker/runner.ts';
import { startAdminServer } from '../../telemetry/admin-server.ts';
import { meterCertificates } from '../../telemetry/certificates.ts';
import { statePage } from '../../telemetry/state-page.ts';
import { startWatchdog } from '../../telemetry/watchdog.ts';
import { meteredAgents } from '../../tools/agent-metrics.ts';
import { startTracing } from '../../tracing/start.ts';
import { type BoundWorker, bindJobQueue, bindWorker, observers, type WorkerEnvironment } from '../bindings.ts';
import { needsOf } from '../needs.ts';
import { expand, isObserver, isWorker } from './names.ts';
import { topicsOfProcess } from './topics-of-process.ts';

/** A running process of processors, workers and observers. */
export interface StreamRole {
  readonly adminPort: number;
  /** Finishes and commits the work under way, then leaves the groups, within ten seconds. */
  close(): Promise<void>;
}

/** Processors with metrics of their own. */
const meters: Readonly<Record<string, (processor: Processor, register: Registry) => Processor>> = {
  policy: (processor, register) => moderated(meteredPolicy(processor, register), register),
  jobs: meteredJobs,
  'job-admission': meteredSlots,
  agents: meteredAgents,
  tools: moderated,
};

const bindWorkers = (
  names: readonly WorkerName[],
  queues: readonly JobQueue[],
  config: Config,
  environment: WorkerEnvironment,
): Promise<readonly BoundWorker[]> =>
  Promise.all([
    ...names.map((name) => bindWorker(name, config, environment)),
    ...queues.map((queue) => bindJobQueue(queue, config, environment)),
  ]);

/**
 * Runs the named processors, workers and observers, and the workers of users' queues, in this process, with one admin
 * server. Rejects with ConfigError when a setting is missing, or when the log is unavailable.
 */
export async function startStream(
  kind: 'stream' | 'worker',
  given: readonly string[],
  config: Config,
  queues: readonly JobQueue[] = [],
): Promise<StreamRole> {
  const role = `${kind}-${[...given, ...queues.map(({ queue }) => queueWorker(queue))].join('+')}`;
  const logger = createLogger(role, config.logLevel);
  const register = new Registry();
  register.setDefaultLabels({ role });
  collectDefaultMetrics({ register });
  meterCertificates(register, config);
  const tracing = startTracing(config.tracing, role, register);
  const kafka = await connectRole(config, role, logger, {
    onRequest: countRequests(register),
    topicsOf: ({ topologies }) => topicsOfProcess(expand(given, topologies), topologies, queues.length > 0),
  });
  const { log, decoder } = kafka;
  const { epoch, topologies: layout } = kafka.layout;
  const names = expand(given, layout);
  const working = names.filter(isWorker);
  const worksHere = working.length + queues.length > 0;
  const tables = worksHere ? followTables(workerTables, { ...kafka, logger }) : null;
  const weights = tables === null ? {} : { weightOf: weighing(tables) };
  const bound =
    tables === null ? [] : await bindWorkers(working, queues, config, { log, decoder, logger, tables, register });
  // A promise that the code of a user has left alone must not end the runs of other jobs.
  if (queues.length > 0)
    process.on('unhandledRejection', (error) => logger.error({ err: error }, 'a promise of a job was rejected unseen'));
  const watchdog = startWatchdog({ role, stuckAfterMs: config.stuckAfterMs });
  const dependencies = {
    log: kafka.log,
    decoder: kafka.decoder,
    metrics: createRunnerMetrics(register),
    logger,
    clock: systemClock,
    beacon: watchdog.beacon,
    // All topologies take over at the start: they share a read of the layout.
    mayTakeOver: sharedRead(() => expectEpoch(kafka.log, epoch)),
    onFatal: (error: unknown) => {
      logger.fatal({ error }, 'fatal error; stopping');
      process.exitCode = 1;
      process.kill(process.pid, 'SIGTERM');
    },
  };
  const needs = needsOf(config);
  const metered = (processor: Processor): Processor => meters[processor.name]?.(processor, register) ?? processor;
  const topologyRunners = declaredTopologies(layout)
    .filter(({ name }) => names.includes(name))
    .map((declared) => runTopology(configured(declared, needs, metered), dependencies));
  const runners: Runner[] = [
    ...topologyRunners,
    ...bound.map(({ worker, handler }) => runWorker(worker, handler, { ...dependencies, ...weights })),
    ...names.filter(isObserver).map((name) => runObserver(observers[name](logger), dependencies)),
  ];
  const checks = Object.assign(
    { kafka: async () => kafka.log.ping(1_500).then(() => ({ ok: true, detail: 'answers' })) },
    ...runners.map((runner) => ({ [runner.name]: () => runner.health() })),
    ...bound.map((worker) => worker.checks),
  );
  const inFlight = (): readonly InFlight[] => runners.flatMap((runner) => runner.inFlight());
  const admin = await startAdminServer({
    ...{ host: config.adminHost, port: config.adminPort, role, checks, register },
    stuck: () => stuckOf(inFlight(), systemClock.now(), config.stuckAfterMs),
    pages: { '/state': statePage(topologyRunners) },
  });
  logger.info({ adminPort: admin.port, names }, 'started');
  return {
    adminPort: admin.port,
    close: async () => {
      await Promise.all(runners.map((runner) => runner.close()));
      await Promise.all(bound.map((worker) => worker.close()));
      await tables?.close();
      await admin.close();
      await kafka.close();
      await watchdog.close();
      await tracing.close();
      logger.info('stopped');
    },
  };
}
