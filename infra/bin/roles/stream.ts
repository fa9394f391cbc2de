import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Config } from '../../config.ts';
import { meteredPolicy } from '../../governance/policy-metrics.ts';
import { systemClock } from '../../kafka/clock.ts';
import { connectKafka } from '../../kafka/connect.ts';
import { type Held, stuckOf } from '../../kafka/runner/held.ts';
import { createRunnerMetrics } from '../../kafka/runner/metrics.ts';
import { runObserver } from '../../kafka/runner/observer-runner.ts';
import { type Runner, runProcessor } from '../../kafka/runner/processor-runner.ts';
import { runWorker } from '../../kafka/runner/worker-runner.ts';
import { SwitchBoard } from '../../killswitch/switch-board.ts';
import { startAdminServer } from '../../telemetry/admin-server.ts';
import { createLogger } from '../../telemetry/logger.ts';
import { statePage } from '../../telemetry/state-page.ts';
import { startWatchdog } from '../../telemetry/watchdog.ts';
import { type BoundWorker, isObserver, isProcessor, isWorker, observers, processors, workers } from './processors.ts';

/** Names that are no processor and no worker. */
export const unknownNames = (names: readonly string[]): string[] =>
  names.filter((name) => !isProcessor(name) && !isWorker(name) && !isObserver(name));

export interface StreamRole {
  readonly adminPort: number;
  /** Drains, commits, leaves; at most ten seconds. */
  close(): Promise<void>;
}

/** Runs the named processors and workers in this process, with one admin server. */
export async function startStream(names: readonly string[], config: Config): Promise<StreamRole> {
  const role = `stream-${names.join('+')}`;
  const logger = createLogger(role, config.logLevel);
  const register = new Registry();
  register.setDefaultLabels({ role });
  collectDefaultMetrics({ register });
  const kafka = await connectKafka(config, role, logger);
  const working = names.filter(isWorker);
  const switches = working.length === 0 ? null : new SwitchBoard({ ...kafka, logger });
  const bound: BoundWorker[] =
    switches === null ? [] : await Promise.all(working.map((name) => workers[name](config, { switches, register })));
  const watchdog = startWatchdog({ role, stuckAfterMs: config.stuckAfterMs });
  const dependencies = {
    log: kafka.log,
    decoder: kafka.decoder,
    metrics: createRunnerMetrics(register),
    logger,
    clock: systemClock,
    whereabouts: watchdog.whereabouts,
    onFatal: (error: unknown) => {
      logger.fatal({ error }, 'cannot go on');
      process.exitCode = 1;
      process.kill(process.pid, 'SIGTERM');
    },
  };
  const processorRunners = names.filter(isProcessor).map((name) => {
    const processor = processors[name](config);
    return runProcessor(name === 'policy' ? meteredPolicy(processor, register) : processor, dependencies);
  });
  const runners: Runner[] = [
    ...processorRunners,
    ...bound.map(({ worker, handler }) => runWorker(worker, handler, dependencies)),
    ...names.filter(isObserver).map((name) => runObserver(observers[name](logger), dependencies)),
  ];
  const checks = Object.assign(
    { kafka: async () => kafka.log.ping(1_500).then(() => ({ ok: true, detail: 'answers' })) },
    ...runners.map((runner) => ({ [runner.name]: () => runner.health() })),
    ...bound.map((worker) => worker.checks),
  );
  const held = (): readonly Held[] => runners.flatMap((runner) => runner.held());
  const admin = await startAdminServer({
    ...{ port: config.adminPort, role, checks, register },
    stuck: () => stuckOf(held(), systemClock.now(), config.stuckAfterMs),
    pages: { '/state': statePage(processorRunners) },
  });
  logger.info({ adminPort: admin.port, names }, 'started');
  return {
    adminPort: admin.port,
    close: async () => {
      await Promise.all(runners.map((runner) => runner.close()));
      await Promise.all(bound.map((worker) => worker.close()));
      await switches?.close();
      await admin.close();
      await kafka.close();
      await watchdog.close();
      logger.info('stopped');
    },
  };
}
