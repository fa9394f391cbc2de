import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localRoles } from '../../../infra/bin/roles/local.ts';
import { messageOf } from '../../../infra/kit/errors.ts';
import { waitUntilHealthy } from '../../../infra/local/parts/part.ts';
import { type Parts, startParts } from '../../../infra/local/parts/parts.ts';
import type { Child } from '../../../infra/local/process/child.ts';
import { prepareRole } from '../../../infra/local/roles/role-process.ts';
import { program, type Role } from '../../../infra/local/roles/roles.ts';
import { plainEnvironment } from '../../support/environment.ts';
import { type BenchPlatform, setUpBenchPlatform } from '../runtime/bench-platform.ts';
import type { Row } from '../runtime/figure.ts';
import { runInterleaved } from '../runtime/interleaved-runs.ts';
import { openBacklog } from './backlog.ts';
import type { TurnContext, TurnFigure } from './figure.ts';
import { readThreads, secondsBetween, type ThreadSeconds } from './processor-time.ts';

const READY_MS = 120_000;
/** Room for a backlog; a role of a laptop has less. */
const HEAP_MB = 512;
const NEVER = new AbortController().signal;
/** Share of the backlog that warms the processes up, and is not measured. */
const WARM_UP_SHARE = 0.1;
/** Groups have settled after their last member joined. */
const SETTLE_MS = 3_000;

/** One tenant over as many partitions as processes. */
export const scale: TurnFigure = {
  parts: { scale: 'one tenant over 1, 2, 4, 8 partitions and as many core processes, on a fixed backlog of commands' },
  byDefault: false,
  run: async (context) => {
    const rows: Row[] = [];
    const failures: unknown[] = [];
    for (const partitions of context.sizes.scales)
      try {
        rows.push(...(await measureScale(partitions, context)));
      } catch (error) {
        context.note(`${partitions} partitions: failed: ${messageOf(error)}`);
        failures.push(error);
      }
    if (rows.length === 0) throw failures[0];
    return rows;
  },
};

/** Partitions are a setting of a platform's first start: each number has a platform of its own. */
async function measureScale(partitions: number, { sizes, clients, settings, note }: TurnContext): Promise<Row[]> {
  const dir = mkdtempSync(join(tmpdir(), 'khipu-bench-scale-'));
  // As root, Postgres runs under its own user and needs access to its folder.
  chmodSync(dir, 0o755);
  const parts = await startParts({ dir, env: plainEnvironment() });
  try {
    const env = { ...parts.env, ...settings, KHIPU_PARTITIONS: String(partitions) };
    const platform = await setUpBenchPlatform({ dir, env });
    const backlog = await openBacklog(platform.env, partitions);
    const side = (client: string) => async () => {
      const processes = await startCores(platform, { client, count: partitions });
      try {
        await backlog.drain(Math.ceil(sizes.backlog * WARM_UP_SHARE));
        const before = usedBy(processes, parts);
        const seconds = await backlog.drain(sizes.backlog);
        const after = usedBy(processes, parts);
        const perCommand = (from: readonly ThreadSeconds[], to: readonly ThreadSeconds[]): number =>
          to.reduce((sum, threads, n) => sum + secondsBetween(from[n] ?? threads, threads) * 1_000, 0) / sizes.backlog;
        return {
          rate: sizes.backlog / seconds,
          core: perCommand(before.cores, after.cores),
          broker: perCommand(before.broker, after.broker),
        };
      } finally {
        await Promise.all(processes.map((child) => child.stop()));
      }
    };
    try {
      const measured = Object.fromEntries(Object.entries(clients).map(([name, client]) => [name, side(client)]));
      const { rate, core, broker } = await runInterleaved(sizes.runs, measured, (text) =>
        note(`${partitions} partitions and processes: ${text}`),
      );
      const over = `one tenant, ${partitions} partition${partitions === 1 ? '' : 's and processes'}`;
      const row = (what: string, unit: string, ours: Row['ours']): Row => ({
        ...{ what: `${over}: ${what}`, unit, ours, beside: {}, aims: [] },
      });
      return [
        row('commands decided', 'commands/s', rate),
        row('processor time of a command, core processes', 'ms', core),
        row('processor time of a command, broker', 'ms', broker),
      ];
    } finally {
      await backlog.close();
    }
  } finally {
    await parts.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Returns the role of a local platform that runs all processors. Workers have roles of their own, after it. */
function processorsRole(): Role {
  const found = localRoles({}).find(({ args }) => args.includes('stream'));
  if (found === undefined) throw new Error('a local platform runs no processors');
  return found;
}

/** Starts processes that each run all core processors, and waits until the partitions are shared among them. */
async function startCores(
  platform: BenchPlatform,
  { client, count }: { readonly client: string; readonly count: number },
): Promise<readonly Child[]> {
  const env = {
    ...platform.env,
    KHIPU_KEYS_DIR: platform.keysDir,
    KHIPU_LOG_LEVEL: 'warn',
    KHIPU_KAFKA_CLIENT: client,
  };
  const started: Child[] = [];
  try {
    await Promise.all(
      Array.from({ length: count }, async (_, n) => {
        const role = await prepareRole(
          { ...processorsRole(), name: `core-${n + 1}`, heapMb: HEAP_MB },
          { dir: platform.dir, program, env, httpPort: 0 },
        );
        const child = await role.start();
        started.push(child);
        await waitUntilHealthy(child, role.health, { timeoutMs: READY_MS, signal: NEVER, pauseMs: 100 });
      }),
    );
  } catch (error) {
    await Promise.all(started.map((child) => child.stop()));
    throw error;
  }
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return started;
}

/** Reads the processor time of the core processes and of the broker, which is not there when the environment named one. */
function usedBy(cores: readonly Child[], { parts }: Parts) {
  const broker = parts.get('kafka')?.child?.pid;
  const threads = readThreads([...cores.map(({ pid }) => pid), ...(broker === undefined ? [] : [broker])]);
  const of = (pid: number): ThreadSeconds[] => [threads.get(pid) ?? new Map()];
  return { cores: cores.flatMap(({ pid }) => of(pid)), broker: broker === undefined ? [] : of(broker) };
}
