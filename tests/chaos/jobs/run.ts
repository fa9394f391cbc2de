import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadConfig } from '../../../infra/config.ts';
import { connectKafka } from '../../../infra/kafka/connect.ts';
import { createLogger } from '../../../infra/kit/logger.ts';
import { projectRoot } from '../../../infra/local/home.ts';
import { ApiClient, until } from '../../support/api-client.ts';
import { khipu } from '../../support/khipu.ts';
import type { TestPlatform } from '../../support/platform.ts';
import type { ChaosOptions } from '../command.ts';
import { startAttackedPlatform } from '../faults/attacked-platform.ts';
import type { RoleMembers } from '../faults/role-members.ts';
import { planOver, strike, survived } from '../faults/strike.ts';
import { type JobsLoad, startJobsLoad } from './load.ts';
import { type JobsVerdict, linesOf, recordedIn, verdictOn } from './verdict.ts';

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

const REGISTERED_MS = 180_000;

/**
 * Starts a platform with two processes of all processors and two workers, runs jobs, injects faults into these processes and
 * the broker, and compares effects, results and log at the end.
 */
export async function runJobsChaos(options: ChaosOptions): Promise<JobsChaosReport> {
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
    const attacked = await startAttackedPlatform({
      ...{ dir, driver, plants, onLine, closing, env: {} },
      roles: ({ name }) => name === 'gateway' || name === 'projection',
      workers: [path.join(projectRoot, 'tests/fixtures/jobs/chaos-jobs.ts')],
    });
    const { platform, members } = attacked;
    const api = new ApiClient(platform);
    await registered(api, 'chaos.journey');
    const load = startJobsLoad(api, seed, file);
    await survived(load, 0);
    onLine(`${((Date.now() - began) / 1_000).toFixed(1)} s: the first job has ended`);
    const struck = await strike(planOver(seed, options.faults), attacked.field, { load, what: 'jobs', onLine });
    const ran = await load.stop();
    onLine(`${struck.struck} faults; ${ran.length} jobs have ended`);
    const revived = attacked.settle();
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
  { frozen }: RoleMembers,
): Promise<JobsVerdict> {
  const kafka = await connectKafka(loadConfig(platform.env), 'chaos', createLogger('chaos', 'silent'));
  try {
    return verdictOn(ran, linesOf(readFileSync(file, 'utf8')), await recordedIn(kafka.log, kafka.decoder), frozen);
  } finally {
    await kafka.close();
  }
}
