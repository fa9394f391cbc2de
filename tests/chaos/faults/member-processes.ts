import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../../../infra/local/process/child.ts';
import { nodeArgs } from '../../../infra/local/roles/roles.ts';
import type { Caught } from '../wire/proxy.ts';

export const MEMBERS_PER_LANE = 2;

/** The program of a process under test: its arguments, the first of which is the module, and its environment. */
export interface MemberProgram {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly heapMb?: number;
}

/** A time in which a process did not run, and after which it did not know what had happened since. */
export interface Frozen {
  readonly pid: number;
  readonly toMs: number;
}

/** The processes under test, by name: `<lane>-<n>`. */
export abstract class MemberProcesses {
  readonly #dir: string;
  readonly #imports: readonly string[];
  readonly #children = new Map<string, Child>();
  /** Names whose next process is being started. */
  readonly #restarting = new Set<string>();
  readonly frozen: Frozen[] = [];
  #starts = 0;

  /** Logs go to `<dir>/logs`. `imports` are modules that node loads before the program, such as planted bugs. */
  constructor(dir: string, imports: readonly string[] = []) {
    this.#dir = dir;
    this.#imports = imports;
  }

  /** Resolves with the program of a process. */
  protected abstract programOf(name: string, lane: string): Promise<MemberProgram>;

  /** Returns a pattern of the Kafka client ids of a lane; of all lanes for `broker`. */
  abstract clientsOf(lane: string): RegExp;

  /** Returns the process whose message it is; null when it has ended. */
  abstract memberOf(caught: Caught): string | null;

  get starts(): number {
    return this.#starts;
  }

  protected get children(): ReadonlyMap<string, Child> {
    return this.#children;
  }

  /** Returns the names of the processes of a lane. */
  namesOf(lane: string): readonly string[] {
    return Array.from({ length: MEMBERS_PER_LANE }, (_, index) => `${lane}-${index + 1}`);
  }

  async start(name: string): Promise<void> {
    const { args, env, heapMb } = await this.programOf(name, name.split('-')[0] ?? '');
    this.#starts += 1;
    this.#children.set(
      name,
      await startChild({
        name,
        command: process.execPath,
        args: [
          ...nodeArgs,
          ...(heapMb === undefined ? [] : [`--max-old-space-size=${heapMb}`]),
          ...this.#imports.flatMap((module) => ['--import', module]),
          ...args,
        ],
        env,
        log: path.join(this.#dir, 'logs', `${name}.log`),
      }),
    );
  }

  /** Kills the process with `kill -9` and starts it again. */
  async kill(name: string): Promise<void> {
    const child = this.#of(name);
    await this.#replace(name, async () => {
      process.kill(child.pid, 'SIGKILL');
      await child.exited;
    });
  }

  /** Stops the process gracefully, so that it leaves its group, and starts it again. */
  async restart(name: string): Promise<void> {
    await this.#replace(name, () => this.#of(name).stop());
  }

  /** Freezes the process for `ms` (SIGSTOP, SIGCONT), without its knowledge. */
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

  /** Returns the names of processes that ended by themselves. */
  ended(): readonly string[] {
    return [...this.#children]
      .filter(([name, child]) => !child.isRunning() && !this.#restarting.has(name))
      .map(([name]) => name);
  }

  /** Starts what ended by itself, as the supervisor of a platform does. Resolves with the names. */
  async revive(): Promise<readonly string[]> {
    const names = this.ended();
    for (const name of names) await this.#replace(name, async () => undefined);
    return names;
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#children.values()].map((child) => child.stop()));
  }

  async #replace(name: string, end: () => Promise<void>): Promise<void> {
    this.#restarting.add(name);
    try {
      await end();
      await this.start(name);
    } finally {
      this.#restarting.delete(name);
    }
  }

  #of(name: string): Child {
    const child = this.#children.get(name);
    if (child === undefined) throw new Error(`there is no process ${name}`);
    return child;
  }
}
