import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localRoles } from '../../../infra/bin/roles/local.ts';
import { loadConfig } from '../../../infra/config.ts';
import { connectKafka } from '../../../infra/kafka/connect.ts';
import { createLogger } from '../../../infra/kit/logger.ts';
import { projectRoot } from '../../../infra/local/home.ts';
import { startParts } from '../../../infra/local/parts/parts.ts';
import { claimPort } from '../../../infra/local/parts/ports.ts';
import { readJson } from '../../../infra/local/process/state-file.ts';
import { ApiClient, until } from '../../support/api-client.ts';
import { plainEnvironment } from '../../support/environment.ts';
import { khipu } from '../../support/khipu.ts';
import { startTestPlatform, type TestPlatform } from '../../support/platform.ts';
import { brokerFaultTriggers, faultTriggers } from '../faults/fault-triggers.ts';
import { injectFault } from '../faults/inject-fault.ts';
import { type Fault, faultsOf, type Lane } from '../faults/plan.ts';
import { KafkaProxy } from '../wire/proxy.ts';
import { type JobsLoad, startJobsLoad } from './load.ts';
import { JobMembers, LANES } from './members.ts';
import { type JobsVerdict, linesOf, recordedIn, verdictOn } from './verdict.ts';

export interface JobsChaosOptions {
  readonly seed: string;
  readonly faults: number;
  readonly driver: 'kafkajs' | 'platformatic';
  /** Modules that every attacked process loads first: see tests/chaos/plants. */
  readonly plants?: readonly string[];
  readonly onLine?: (line: string) => void;
}

export interface JobsChaosReport {
  readonly seed: string;
  readonly driver: string;
  readonly seconds: number;
  readonly struck: number;
  /** Faults that were injected at the aimed moment. */
  readonly aimed: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly processesStarted: number;
  /** Processes that ended by themselves and were started again, as a supervisor does. */
  readonly revived: number;
  /** Suspensions by code; each was resumed. */
  readonly suspended: Readonly<Record<string, number>>;
  readonly verdict: JobsVerdict;
  /** Differences between the rows of the jobs and those of a rebuild. */
  readonly rowsDiffer: number;
  /** Folder with the logs of every process; kept when the run failed. */
  readonly dir: string;
}

const FAULTS_PER_BROKER_RESTART = 60;
/** Longest time without an ended job: something is stuck. */
const STUCK_MS = 300_000;
const REGISTERED_MS = 180_000;
/** A fault counts as survived when a job has ended this long after it. */
const AFTER_MS = 500;
const QUIET_MS_MAX = 500;
const RESTART_PAUSE_MS = 10_000;
const REVIVE_MS = 1_000;

/**
 * Starts a platform with two processes of all processors and two workers, runs jobs, injects faults into these processes and
 * the broker, and compares effects, results and log at the end.
 */
export async function runJobsChaos(options: JobsChaosOptions): Promise<JobsChaosReport> {
  const { seed, driver, plants = [], onLine = () => undefined } = options;
  const began = Date.now();
  const dir = path.join(projectRoot, '.khipu', 'chaos', `jobs-${seed}-${process.pid}`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  // As root, Postgres runs under its own user and needs access to its folder.
  chmodSync(dir, 0o755);
  const file = path.join(dir, 'effects');
  writeFileSync(file, '');
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const front = await claimPort(dir, 'kafka-proxy');
    const environment = { ...plainEnvironment(), KAFKA_BROKERS: undefined };
    const parts = await startParts({ dir, only: ['kafka'], fronts: [front], env: environment });
    closing.push(() => parts.stop());
    const ports = readJson<Record<string, number>>(path.join(dir, 'state', 'ports.json')) ?? {};
    const proxy = await KafkaProxy.listen([{ port: front, brokerPort: ports['kafka-front'] ?? 0 }]);
    closing.push(() => proxy.close());
    const platform = await startTestPlatform({
      roles: localRoles(process.env).filter(({ name }) => name === 'gateway' || name === 'projection'),
      env: {
        ...{ KHIPU_KAFKA_CLIENT: driver, KAFKA_BROKERS: `127.0.0.1:${front}` },
        KHIPU_RATE_LIMIT_PER_MINUTE: '1000000000',
      },
    });
    closing.push(() => platform.stop());
    const members = new JobMembers({
      ...{ dir, home: platform.dir, env: platform.env, imports: plants },
      args: {
        stream: ['run', 'stream', 'all'],
        worker: ['run', 'worker', path.join(projectRoot, 'tests/fixtures/jobs/chaos-jobs.ts')],
      },
    });
    closing.push(() => members.stopAll());
    await members.startAll();
    let revived = 0;
    const reviving = setInterval(async () => {
      for (const name of await members.revive()) {
        revived += 1;
        onLine(`${name} ended by itself and was started again`);
      }
    }, REVIVE_MS);
    closing.push(async () => clearInterval(reviving));
    const api = new ApiClient(platform);
    await registered(api, 'chaos.journey');
    const load = startJobsLoad(api, seed, file);
    await survived(load, 0);
    onLine(`${((Date.now() - began) / 1_000).toFixed(1)} s: the first job has ended`);
    const restartBroker = async (): Promise<void> => {
      const broker = parts.parts.get('kafka')?.child;
      if (broker === undefined) throw new Error('the broker of this run is not its own');
      process.kill(broker.pid, 'SIGKILL');
      await broker.exited;
      await parts.startPart('kafka');
    };
    const struck = await strike(
      planOfJobs(seed, options.faults),
      { proxy, members, brokers: 1, restartBroker },
      load,
      onLine,
    );
    const ran = await load.stop();
    onLine(`${struck.struck} faults; ${ran.length} jobs have ended`);
    clearInterval(reviving);
    const rowsDiffer = await rowsThatDiffer(platform);
    const verdict = await judged(platform, ran, file, members);
    return {
      ...{ ...struck, seed, driver, dir, revived, verdict, rowsDiffer, suspended: load.suspended },
      ...{ seconds: (Date.now() - began) / 1_000, processesStarted: members.starts },
    };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

const registered = (api: ApiClient, type: string): Promise<unknown> =>
  until(
    () => api.call<{ readonly items?: readonly { readonly type: string }[] }>('GET', '/v1/job-types'),
    ({ status, body }) => status === 200 && (body.items ?? []).some((item) => item.type === type),
    REGISTERED_MS,
  );

/** Resolves when a job has ended after `sinceMs`. Rejects when none does for five minutes. */
async function survived(load: JobsLoad, sinceMs: number): Promise<void> {
  const untilMs = Date.now() + STUCK_MS;
  while (load.latestMs() <= sinceMs) {
    load.check();
    if (Date.now() > untilMs) throw new Error(`JOBS_STUCK: no job has ended for ${STUCK_MS / 1_000} s`);
    await sleep(50);
  }
}

/** Returns the faults by lane: all triggers for the processors, those of a worker alike, and restarts of the broker. */
function planOfJobs(seed: string, faults: number): ReadonlyMap<Lane, readonly Fault[]> {
  const restarts = Math.max(1, Math.round(faults / FAULTS_PER_BROKER_RESTART));
  const share = Math.ceil((faults - restarts) / LANES.length);
  return new Map<Lane, readonly Fault[]>([
    ['broker', faultsOf(seed, 'broker', brokerFaultTriggers, restarts)],
    ['stream', faultsOf(seed, 'stream', faultTriggers, share)],
    ['worker', faultsOf(seed, 'worker', faultTriggers, faults - restarts - share)],
  ]);
}

async function strike(
  plan: ReadonlyMap<Lane, readonly Fault[]>,
  field: Parameters<typeof injectFault>[1],
  load: JobsLoad,
  onLine: (line: string) => void,
): Promise<Pick<JobsChaosReport, 'struck' | 'aimed' | 'byKind'>> {
  const byKind: Record<string, number> = {};
  const total = [...plan.values()].reduce((sum, faults) => sum + faults.length, 0);
  const restarts = plan.get('broker') ?? [];
  let struck = 0;
  let aimed = 0;
  const inject = async (fault: Fault): Promise<void> => {
    const result = await injectFault(fault, field);
    const kind = `${fault.aim.name} · ${fault.act}`;
    byKind[kind] = (byKind[kind] ?? 0) + 1;
    struck += 1;
    if (result.aimed) aimed += 1;
    const remark = result.aimed ? '' : ' (the moment did not occur)';
    onLine(`${struck}/${total} ${fault.lane}: ${kind}${remark}; ${load.count()} jobs ended`);
  };
  let lanesLeft = plan.size - 1;
  const lane = async (faults: readonly Fault[]): Promise<void> => {
    for (const fault of faults) {
      await sleep(fault.chance * QUIET_MS_MAX);
      await inject(fault);
      await survived(load, Date.now() + AFTER_MS);
    }
    lanesLeft -= 1;
  };
  /** Restarts the broker, spread over the run time of the other lanes. */
  const brokerLane = async (): Promise<void> => {
    for (const [index, fault] of restarts.entries()) {
      const dueAt = ((index + 0.5) / restarts.length) * (total - restarts.length);
      while (struck < dueAt && lanesLeft > 0) await sleep(100);
      await inject(fault);
      await sleep(RESTART_PAUSE_MS);
    }
  };
  await Promise.all([...plan].map(([name, faults]) => (name === 'broker' ? brokerLane() : lane(faults))));
  return { struck, aimed, byKind };
}

/** Rebuilds the rows of the jobs beside those that are there, and counts the differences. */
async function rowsThatDiffer(platform: TestPlatform): Promise<number> {
  const { code, stdout, stderr } = await khipu(['projections', 'compare', 'jobs', '--json'], platform.env);
  if (stdout === '') throw new Error(`khipu projections compare ended with ${code}: ${stderr}`);
  const reports = JSON.parse(stdout) as readonly { readonly comparison: readonly { readonly differences: number }[] }[];
  return reports.flatMap(({ comparison }) => comparison).reduce((sum, { differences }) => sum + differences, 0);
}

async function judged(
  platform: TestPlatform,
  ran: Awaited<ReturnType<JobsLoad['stop']>>,
  file: string,
  { frozen }: JobMembers,
): Promise<JobsVerdict> {
  const kafka = await connectKafka(loadConfig(platform.env), 'chaos', createLogger('chaos', 'silent'));
  try {
    return verdictOn(ran, linesOf(readFileSync(file, 'utf8')), await recordedIn(kafka.log, kafka.decoder), frozen);
  } finally {
    await kafka.close();
  }
}
