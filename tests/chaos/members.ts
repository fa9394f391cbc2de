import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../../infra/local/child.ts';
import { programEnv } from '../../infra/local/role-process.ts';
import { nodeArgs } from '../../infra/local/roles.ts';
import { type GroupName, groupNames } from './topology.ts';

export const MEMBERS_PER_GROUP = 2;
const program = path.join(import.meta.dirname, 'process.ts');

export interface MemberOptions {
  /** Logs go to `<dir>/logs`. */
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  /** Modules that node loads before the program: what plants a bug. */
  readonly imports?: readonly string[];
}

/** The processes under test, by name: `<group>-<n>`. One that dies is started again, by whoever killed it. */
export class Members {
  readonly #options: MemberOptions;
  readonly #children = new Map<string, Child>();
  #starts = 0;

  constructor(options: MemberOptions) {
    this.#options = options;
  }

  get starts(): number {
    return this.#starts;
  }

  static namesOf(group: GroupName): readonly string[] {
    return Array.from({ length: MEMBERS_PER_GROUP }, (_, index) => `${group}-${index + 1}`);
  }

  async startAll(): Promise<void> {
    for (const name of groupNames.flatMap(Members.namesOf)) await this.start(name);
  }

  async start(name: string): Promise<void> {
    const group = name.split('-')[0] as GroupName;
    const { dir, env, imports = [] } = this.#options;
    const args = [...nodeArgs, ...imports.flatMap((module) => ['--import', module]), program, group, name];
    this.#starts += 1;
    this.#children.set(
      name,
      await startChild({
        name,
        command: process.execPath,
        args,
        env: programEnv(dir, env),
        log: path.join(dir, 'logs', `${name}.log`),
      }),
    );
  }

  /** `kill -9`, and started again. */
  async kill(name: string): Promise<void> {
    const child = this.#of(name);
    process.kill(child.pid, 'SIGKILL');
    await child.exited;
    await this.start(name);
  }

  /** Leaves its group in order, and is started again. */
  async restart(name: string): Promise<void> {
    await this.#of(name).stop();
    await this.start(name);
  }

  /** Does nothing for `ms`, and does not know of it. */
  async freeze(name: string, ms: number): Promise<void> {
    const { pid } = this.#of(name);
    process.kill(pid, 'SIGSTOP');
    try {
      await sleep(ms);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  }

  /** Those that ended though nobody asked them to. */
  ended(): readonly string[] {
    return [...this.#children].filter(([, child]) => !child.isRunning()).map(([name]) => name);
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
