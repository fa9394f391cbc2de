import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Child } from '../../../infra/local/child.ts';
import { startChild } from '../../../infra/local/child.ts';
import { waitUntilHealthy } from '../../../infra/local/part.ts';
import { claimPort } from '../../../infra/local/ports.ts';
import { prepareRole } from '../../../infra/local/role-process.ts';
import { nodeArgs, program } from '../../../infra/local/roles.ts';
import { runSetup } from '../../../infra/local/setup-job.ts';
import { plainEnvironment } from '../../support/environment.ts';
import type { BenchContext } from './figure.ts';

const READY_MS = 60_000;
const NEVER = new AbortController().signal;

/** Parts that were set up as `khipu setup` does it: topics, schemas, tables, keys. */
export interface Stage {
  readonly dir: string;
  /** What a role, or a command, needs to work here. */
  readonly env: NodeJS.ProcessEnv;
  readonly keysDir: string;
  /** Of the demo tenant. */
  readonly apiKey: string;
}

export async function setStage({ dir, env: parts }: Pick<BenchContext, 'dir' | 'env'>): Promise<Stage> {
  const env = { ...plainEnvironment(), ...parts, KHIPU_HOME: dir };
  const { apiKey } = await runSetup({ dir, program, env }, NEVER);
  return { dir, env, keysDir: join(dir, 'keys'), apiKey };
}

export interface Serving {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Which gateways run in a process, under what environment. */
export interface GatewayWish {
  /** Names the process, its folder and its log. */
  readonly name: string;
  readonly gateways: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A gateway process as `khipu gateway` starts it, on a port of its own; ready when this resolves. */
export async function serveGateway(stage: Stage, wish: GatewayWish): Promise<Serving> {
  const dir = join(stage.dir, wish.name);
  const httpPort = await claimPort(dir, 'gateway');
  const env = { ...stage.env, KHIPU_KEYS_DIR: stage.keysDir, KHIPU_LOG_LEVEL: 'warn', ...wish.env };
  const role = await prepareRole(
    { name: 'gateway', args: ['gateway', ...wish.gateways], heapMb: 256, isPublic: true, stopStage: 1 },
    { dir, program, env, httpPort },
  );
  const child = await role.start();
  await waitUntilHealthy(child, role.health, { timeoutMs: READY_MS, signal: NEVER });
  return { url: `http://127.0.0.1:${httpPort}`, pid: child.pid, stop: child.stop };
}

/** One of our scripts in a process of its own; `PORT` tells it where to listen. Ready when it answers there. */
export async function serveScript(
  stage: Stage,
  name: string,
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<Serving> {
  const port = await claimPort(join(stage.dir, name), name);
  const url = `http://127.0.0.1:${port}`;
  const child = await startScript(stage, name, file, { ...env, PORT: String(port) });
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

const startScript = (stage: Stage, name: string, file: string, env: Readonly<Record<string, string>>): Promise<Child> =>
  startChild({
    name,
    command: process.execPath,
    args: [...nodeArgs, file],
    env: { ...stage.env, ...env },
    log: join(stage.dir, 'logs', `${name}.log`),
  });

/** Throws, saying what to do, when this process may not open so many files: a socket is one. */
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
