import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../../../infra/local/process/child.ts';
import { programEnv } from '../../../infra/local/roles/role-process.ts';
import { nodeArgs } from '../../../infra/local/roles/roles.ts';
import type { Members } from '../faults/inject-fault.ts';
import type { Caught } from '../wire/proxy.ts';
import { type GroupName, groupNames } from './topology.ts';

export const MEMBERS_PER_GROUP = 2;
const program = path.join(import.meta.dirname, 'process.ts');

export interface ProcessOptions {
  /** Logs go to `<dir>/logs`. */
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  /** Modules that node loads before the program, such as planted bugs. */
  readonly imports?: readonly string[];
}

/** The processes under test, by name: `<group>-<n>`. The caller that kills a process starts it again. */
export class Processes implements Members {
  readonly #options: ProcessOptions;
  readonly #children = new Map<string, Child>();
  #starts = 0;

  constructor(options: ProcessOptions) {
    this.#options = options;
  }

  get starts(): number {
    return this.#starts;
  }

  namesOf(group: string): readonly string[] {
    return Array.from({ length: MEMBERS_PER_GROUP }, (_, index) => `${group}-${index + 1}`);
  }

  clientsOf(lane: string): RegExp {
    return lane === 'broker' ? /^khipu-(counter|worker|relay)-\d$/ : new RegExp(`^khipu-${lane}-\\d$`);
  }

  memberOf({ message }: Caught): string {
    return message.head.client.slice('khipu-'.length);
  }

  async startAll(): Promise<void> {
    for (const name of groupNames.flatMap((group) => this.namesOf(group))) await this.start(name);
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

  async kill(name: string): Promise<void> {
    const child = this.#of(name);
    process.kill(child.pid, 'SIGKILL');
    await child.exited;
    await this.start(name);
  }

  async restart(name: string): Promise<void> {
    await this.#of(name).stop();
    await this.start(name);
  }

  async freeze(name: string, ms: number): Promise<void> {
    const { pid } = this.#of(name);
    process.kill(pid, 'SIGSTOP');
    try {
      await sleep(ms);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  }

  /** Returns the names of processes that ended unexpectedly. */
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
