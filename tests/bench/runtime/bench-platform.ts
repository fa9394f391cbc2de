import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntilHealthy } from '../../../infra/local/parts/part.ts';
import { claimPort } from '../../../infra/local/parts/ports.ts';
import type { Child } from '../../../infra/local/process/child.ts';
import { startChild } from '../../../infra/local/process/child.ts';
import { prepareRole } from '../../../infra/local/roles/role-process.ts';
import { nodeArgs, program } from '../../../infra/local/roles/roles.ts';
import { runSetup } from '../../../infra/local/roles/setup-job.ts';
import { plainEnvironment } from '../../support/environment.ts';
import type { BenchContext } from './figure.ts';

const READY_MS = 60_000;
const NEVER = new AbortController().signal;

/** Parts set up as by `khipu setup`: topics, schemas, tables, keys. */
export interface BenchPlatform {
  readonly dir: string;
  /** Environment that a role, or a command, needs to work here. */
  readonly env: NodeJS.ProcessEnv;
  readonly keysDir: string;
  /** API key of the demo tenant. */
  readonly apiKey: string;
}

/** Sets up the parts as `khipu setup` does, with keys and an API key in `dir`. */
export async function setUpBenchPlatform({
  dir,
  env: parts,
}: Pick<BenchContext, 'dir' | 'env'>): Promise<BenchPlatform> {
  const env = { ...plainEnvironment(), ...parts, KHIPU_HOME: dir };
  const { apiKey } = await runSetup({ dir, program, env }, NEVER);
  return { dir, env, keysDir: join(dir, 'keys'), apiKey };
}

export interface Serving {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** The gateways of a process, and its environment. */
export interface GatewayOptions {
  /** Name of the process, its folder and its log. */
  readonly name: string;
  readonly gateways: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a gateway process as `khipu run gateway` does, on its own port; ready when this resolves. */
export async function serveGateway(platform: BenchPlatform, options: GatewayOptions): Promise<Serving> {
  const dir = join(platform.dir, options.name);
  const httpPort = await claimPort(dir, 'gateway');
  const env = { ...platform.env, KHIPU_KEYS_DIR: platform.keysDir, KHIPU_LOG_LEVEL: 'warn', ...options.env };
  const role = await prepareRole(
    { name: 'gateway', args: ['run', 'gateway', ...options.gateways], heapMb: 256, isPublic: true, stopStage: 1 },
    { dir, program, env, httpPort },
  );
  const child = await role.start();
  await waitUntilHealthy(child, role.health, { timeoutMs: READY_MS, signal: NEVER });
  return { url: `http://127.0.0.1:${httpPort}`, pid: child.pid, stop: child.stop };
}

/**
 * Starts a script of this folder in its own process; `PORT` names the port to listen on. Ready when it answers there.
 */
export async function serveScript(
  platform: BenchPlatform,
  name: string,
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<Serving> {
  const port = await claimPort(join(platform.dir, name), name);
  const url = `http://127.0.0.1:${port}`;
  const child = await startScript(platform, name, file, { ...env, PORT: String(port) });
  const health = async () => {
    const ok = await fetch(url).then(
      (answer) => answer.status > 0,
      () => false,
    );
    return { ok, detail: 'listens' };
  };
  await waitUntilHealthy(child, health, { timeoutMs: READY_MS, signal: NEVER });
  return { url, pid: child.pid, stop: child.stop };
}

const startScript = (
  platform: BenchPlatform,
  name: string,
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<Child> =>
  startChild({
    name,
    command: process.execPath,
    args: [...nodeArgs, file],
    env: { ...platform.env, ...env },
    log: join(platform.dir, 'logs', `${name}.log`),
  });

/** Throws with a remedy when this process may not open that many files; a socket counts as one. */
export function needFiles(count: number): void {
  const held: number[] = [];
  try {
    while (held.length < count) held.push(openSync('/dev/null', 'r'));
  } catch (cause) {
    throw new Error(
      `${count} open files are needed and ${held.length} may be opened: run \`ulimit -n ${count + 1_000}\``,
      {
        cause,
      },
    );
  } finally {
    for (const file of held) closeSync(file);
  }
}
