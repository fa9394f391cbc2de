import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimPort } from '../../../infra/local/parts/ports.ts';
import { type Child, startChild } from '../../../infra/local/process/child.ts';
import { programEnv } from '../../../infra/local/roles/role-process.ts';
import { nodeArgs, program } from '../../../infra/local/roles/roles.ts';
import type { Members } from '../faults/inject-fault.ts';
import type { Caught } from '../wire/proxy.ts';

/** The attacked processes, two of each: all processors, and the worker of the jobs. */
export const LANES = ['stream', 'worker'] as const;
const MEMBERS_PER_LANE = 2;
const HEAP_MB = 256;

export interface JobMembersOptions {
  /** Logs go to `<dir>/logs`. */
  readonly dir: string;
  /** Folder of the platform, with its keys. */
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** Arguments of `khipu`, by lane. */
  readonly args: Readonly<Record<(typeof LANES)[number], readonly string[]>>;
  /** Modules that node loads before the program, such as planted bugs. */
  readonly imports: readonly string[];
}

/** A time in which a process did not run, and after which it did not know what had happened since. */
export interface Frozen {
  readonly pid: number;
  readonly toMs: number;
}

/** The attacked roles of a platform. The two of a lane have one client id: the port of a connection names the process. */
export class JobMembers implements Members {
  readonly #options: JobMembersOptions;
  readonly #children = new Map<string, Child>();
  readonly frozen: Frozen[] = [];
  /** Names whose next process is being started. */
  readonly #restarting = new Set<string>();
  #starts = 0;

  constructor(options: JobMembersOptions) {
    this.#options = options;
  }

  get starts(): number {
    return this.#starts;
  }

  namesOf(lane: string): readonly string[] {
    return Array.from({ length: MEMBERS_PER_LANE }, (_, index) => `${lane}-${index + 1}`);
  }

  clientsOf(lane: string): RegExp {
    return lane === 'broker' ? /^khipu-(stream|worker)-/ : new RegExp(`^khipu-${lane}-`);
  }

  memberOf({ message }: Caught): string | null {
    const inode = inodeOf(message.clientPort);
    if (inode === null) return null;
    return [...this.#children].find(([, { pid }]) => hasSocket(pid, inode))?.[0] ?? null;
  }

  async startAll(): Promise<void> {
    await Promise.all(LANES.flatMap((lane) => this.namesOf(lane)).map((name) => this.#start(name)));
  }

  async #start(name: string): Promise<void> {
    const { dir, home, env, args, imports } = this.#options;
    const lane = name.split('-')[0] as (typeof LANES)[number];
    const port = await claimPort(dir, `${name}-admin`);
    this.#starts += 1;
    this.#children.set(
      name,
      await startChild({
        name,
        command: process.execPath,
        args: [
          ...[...nodeArgs, `--max-old-space-size=${HEAP_MB}`],
          ...imports.flatMap((module) => ['--import', module]),
          ...[program, ...args[lane]],
        ],
        env: { ...programEnv(home, env), KHIPU_ADMIN_PORT: String(port) },
        log: path.join(dir, 'logs', `${name}.log`),
      }),
    );
  }

  async kill(name: string): Promise<void> {
    const child = this.#of(name);
    await this.#replace(name, async () => {
      process.kill(child.pid, 'SIGKILL');
      await child.exited;
    });
  }

  async restart(name: string): Promise<void> {
    await this.#replace(name, () => this.#of(name).stop());
  }

  async freeze(name: string, ms: number): Promise<void> {
    const { pid } = this.#of(name);
    process.kill(pid, 'SIGSTOP');
    try {
      await sleep(ms);
    } finally {
      this.frozen.push({ pid, toMs: Date.now() });
      process.kill(pid, 'SIGCONT');
    }
  }

  /** Starts what ended by itself, as the supervisor of a platform does. Returns the names. */
  async revive(): Promise<readonly string[]> {
    const names = [...this.#children]
      .filter(([name, child]) => !child.isRunning() && !this.#restarting.has(name))
      .map(([name]) => name);
    for (const name of names) await this.#replace(name, async () => undefined);
    return names;
  }

  async #replace(name: string, end: () => Promise<void>): Promise<void> {
    this.#restarting.add(name);
    try {
      await end();
      await this.#start(name);
    } finally {
      this.#restarting.delete(name);
    }
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#children.values()].map((child) => child.stop()));
  }

  #of(name: string): Child {
    const child = this.#children.get(name);
    if (child === undefined) throw new Error(`there is no process ${name}`);
    return child;
  }
}

/** Returns the inode of the socket on this machine whose local port it is; null when there is none any more. */
function inodeOf(port: number): string | null {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6'])
    for (const line of readFileSync(file, 'utf8').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(local) && fields[9] !== '0') return fields[9] ?? null;
    }
  return null;
}

function hasSocket(pid: number, inode: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`;
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}
