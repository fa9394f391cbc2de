import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { loadConfig } from '../../infra/config.ts';
import { openLog } from '../../infra/kafka/connect.ts';
import { projectRoot } from '../../infra/local/home.ts';
import { type BrokerCount, type BrokerName, brokerNames } from '../../infra/local/part.ts';
import { startParts } from '../../infra/local/parts.ts';
import { claimPort } from '../../infra/local/ports.ts';
import { readJson } from '../../infra/local/state-file.ts';
import { connectPostgres } from '../../infra/postgres/client.ts';
import { postgres } from '../../infra/postgres/driver.ts';
import { PROJECTOR_ROLE } from '../../infra/postgres/roles.ts';
import { prepareViewsOn } from '../../infra/projections/generation.ts';
import { createLogger } from '../../infra/telemetry/logger.ts';
import { plainEnvironment } from '../support/environment.ts';
import type { Act } from './aims.ts';
import { inStep } from './in-step.ts';
import { type Lived, runLanes } from './lanes.ts';
import { type LoadReport, startLoad } from './load.ts';
import { Members } from './members.ts';
import { planOf } from './plan.ts';
import { GroupProgress } from './progress.ts';
import { KafkaProxy } from './proxy.ts';
import { tallyView, topicConfigs } from './topology.ts';
import { drained, type Verdict, verdictOf } from './verdict.ts';

export interface ChaosOptions {
  readonly seed: string;
  readonly faults: number;
  readonly driver: 'kafkajs' | 'platformatic';
  /** Default: 1. */
  readonly brokers?: BrokerCount | undefined;
  /** Only faults that are followed by this act. */
  readonly only?: Act | undefined;
  /** Modules that every process under test loads first: see tests/chaos/plants. */
  readonly plants?: readonly string[];
  readonly onLine?: (line: string) => void;
  /** Ends the run: everything that was started is stopped, then it rejects with the reason. */
  readonly signal?: AbortSignal;
}

export interface ChaosReport extends Lived {
  readonly seed: string;
  readonly driver: string;
  readonly seconds: number;
  readonly load: Omit<LoadReport, 'keys'>;
  readonly processesStarted: number;
  readonly verdict: Verdict;
  /** Logs of every process and of the broker; kept when something was wrong. */
  readonly dir: string;
}

const DRAIN_MS_MAX = 120_000;
const LOOK_MS = 250;

/** Starts Kafka, Postgres and the processes under test, strikes as planned, lets all drain, and counts from outside. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, driver, onLine = () => undefined } = options;
  const began = Date.now();
  const dir = path.join(projectRoot, '.khipu', 'chaos', `${seed}-${process.pid}`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  // Postgres runs as a user of its own where we are root, and must get at its folder.
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
      // Asked by nobody: schema ids are known, and nothing is cached.
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

    const members = new Members({
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
      if (broker === undefined) throw new Error(`there is no broker ${name} of ours`);
      process.kill(broker.pid, 'SIGKILL');
      await broker.exited;
      await parts.startPart(name);
      if (names.length > 1) await inStep(parts.env.KAFKA_BROKERS, names.length);
    };
    const plan = planOf(seed, options.faults, options.only);
    const striking = runLanes(plan, {
      ...{ proxy, members, progress, onLine },
      brokers: names.length,
      restartBroker,
    });
    const lived = await unlessAborted(striking, options.signal);
    const { keys, ...loaded } = await load.stop();
    onLine(`${lived.struck} faults; draining`);
    await unlessAborted(drained(log, sql, DRAIN_MS_MAX, onLine), options.signal);
    const ended = members.ended();
    if (ended.length > 0) throw new Error(`ended though nobody asked: ${ended.join(', ')}`);
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

/** What goes on behind the abort meets what was stopped, and its failure is nobody's any more. */
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
