import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { loadConfig } from '../../infra/config.ts';
import { openLog } from '../../infra/kafka/connect.ts';
import { createLogger } from '../../infra/kit/logger.ts';
import { projectRoot } from '../../infra/local/home.ts';
import { type BrokerCount, type BrokerName, brokerNames } from '../../infra/local/parts/part.ts';
import { startParts } from '../../infra/local/parts/parts.ts';
import { claimPort } from '../../infra/local/parts/ports.ts';
import { readJson } from '../../infra/local/process/state-file.ts';
import { prepareViewsOn } from '../../infra/projections/generation.ts';
import { connectPostgres } from '../../infra/stores/postgres/client.ts';
import { postgres } from '../../infra/stores/postgres/driver.ts';
import { PROJECTOR_ROLE } from '../../infra/stores/postgres/roles.ts';
import { plainEnvironment } from '../support/environment.ts';
import type { Act } from './faults/fault-triggers.ts';
import { planOf } from './faults/plan.ts';
import { type PlanOutcome, runPlan } from './run-plan.ts';
import { awaitIsr } from './subject/await-isr.ts';
import { type LoadReport, startLoad } from './subject/load.ts';
import { Processes } from './subject/processes.ts';
import { tallyView, topicConfigs } from './subject/topology.ts';
import { GroupProgress } from './verdict/progress.ts';
import { drained, type Verdict, verdictOf } from './verdict/verdict.ts';
import { KafkaProxy } from './wire/proxy.ts';

export interface ChaosOptions {
  readonly seed: string;
  readonly faults: number;
  readonly driver: 'kafkajs' | 'platformatic';
  /** Number of brokers. Default: 1. */
  readonly brokers?: BrokerCount | undefined;
  /** Only faults with this act. */
  readonly only?: Act | undefined;
  /** Modules that every process under test loads first: see tests/chaos/plants. */
  readonly plants?: readonly string[];
  readonly onLine?: (line: string) => void;
  /** Ends the run: all started processes are stopped, then it rejects with the reason. */
  readonly signal?: AbortSignal;
}

export interface ChaosReport extends PlanOutcome {
  readonly seed: string;
  readonly driver: string;
  readonly seconds: number;
  readonly load: Omit<LoadReport, 'keys'>;
  readonly processesStarted: number;
  readonly verdict: Verdict;
  /** Folder with the logs of every process and of the broker; kept when the run failed. */
  readonly dir: string;
}

const DRAIN_MS_MAX = 120_000;
const LOOK_MS = 250;

/**
 * Starts Kafka, Postgres and the processes under test, injects the planned faults, waits until all groups have drained,
 * and counts with an external client.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, driver, onLine = () => undefined } = options;
  const began = Date.now();
  const dir = path.join(projectRoot, '.khipu', 'chaos', `${seed}-${process.pid}`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  // As root, Postgres runs under its own user and needs access to its folder.
  chmodSync(dir, 0o755);
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const names = brokerNames.slice(0, options.brokers ?? 1);
    const fronts: number[] = [];
    for (const name of names) fronts.push(await claimPort(dir, `${name}-proxy`));
    const environment = { ...plainEnvironment(), KAFKA_BROKERS: undefined, DATABASE_URL: undefined };
    const parts = await startParts({
      dir,
      only: ['kafka', 'postgres'],
      brokers: options.brokers,
      fronts,
      env: environment,
    });
    closing.push(() => parts.stop());
    const ports = readJson<Record<string, number>>(path.join(dir, 'state', 'ports.json')) ?? {};
    const progress = new GroupProgress();
    const places = fronts.map((port, at) => ({ port, brokerPort: ports[`${names[at]}-front`] ?? 0 }));
    const proxy = await KafkaProxy.listen(places, (message) => progress.seen(message));
    closing.push(() => proxy.close());

    const variables = {
      ...environment,
      KHIPU_KAFKA_CLIENT: driver,
      DATABASE_URL: parts.env.DATABASE_URL,
      // Never called: schema ids are known, and nothing is cached.
      SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1/none',
      REDIS_URL: 'redis://127.0.0.1:1',
    };
    const direct = { ...variables, KAFKA_BROKERS: parts.env.KAFKA_BROKERS };
    const log = openLog(loadConfig(direct), 'chaos', createLogger('chaos', 'silent'));
    closing.push(() => log.close());
    await log.createTopics(topicConfigs);
    const owner = connectPostgres(parts.env.DATABASE_URL, { applicationName: 'chaos', connectionsMax: 2 });
    await prepareViewsOn(owner, [tallyView]);
    await owner.end();
    const sql = postgres(parts.env.DATABASE_URL, { max: 2, connection: { role: PROJECTOR_ROLE } });
    closing.push(() => sql.end({ timeout: 1 }));
    const looking = setInterval(() => void progress.look(sql).catch(() => undefined), LOOK_MS);
    closing.push(async () => clearInterval(looking));

    const members = new Processes({
      dir,
      env: { ...variables, KAFKA_BROKERS: fronts.map((port) => `127.0.0.1:${port}`).join(',') },
      ...(options.plants && { imports: options.plants }),
    });
    closing.push(() => members.stopAll());
    await members.startAll();
    onLine(`${((Date.now() - began) / 1_000).toFixed(1)} s: parts and processes started`);
    const load = await startLoad(log);
    const restartBroker = async (at: number): Promise<void> => {
      const name = names[at] as BrokerName;
      const broker = parts.parts.get(name)?.child;
      if (broker === undefined) throw new Error(`there is no broker ${name} in this run`);
      process.kill(broker.pid, 'SIGKILL');
      await broker.exited;
      await parts.startPart(name);
      if (names.length > 1) await awaitIsr(parts.env.KAFKA_BROKERS, names.length);
    };
    const plan = planOf(seed, options.faults, options.only);
    const striking = runPlan(plan, {
      ...{ proxy, members, progress, onLine },
      brokers: names.length,
      restartBroker,
    });
    const lived = await unlessAborted(striking, options.signal);
    const { keys, ...loaded } = await load.stop();
    onLine(`${lived.struck} faults; draining`);
    await unlessAborted(drained(log, sql, DRAIN_MS_MAX, onLine), options.signal);
    const ended = members.ended();
    if (ended.length > 0) throw new Error(`ended unexpectedly: ${ended.join(', ')}`);
    await members.stopAll();
    const verdict = await verdictOf(dir, parts.env.KAFKA_BROKERS, { keys, ...loaded }, sql);
    return {
      ...lived,
      ...{ seed, driver, seconds: (Date.now() - began) / 1_000, load: loaded, verdict, dir },
      processesStarted: members.starts,
    };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** Rejects when the signal is aborted; work that continues meets stopped parts, and its failure is ignored. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  work.catch(() => undefined);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
