import path from 'node:path';
import { programEnv } from '../../../infra/local/roles/role-process.ts';
import { MemberProcesses, type MemberProgram } from '../faults/member-processes.ts';
import type { Caught } from '../wire/proxy.ts';
import { groupNames } from './topology.ts';

const program = path.join(import.meta.dirname, 'process.ts');

export interface ProcessOptions {
  /** Logs go to `<dir>/logs`. */
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  /** Modules that node loads before the program, such as planted bugs. */
  readonly imports?: readonly string[];
}

/** The processes of all groups. The Kafka client id of each is its name. */
export class Processes extends MemberProcesses {
  readonly #options: ProcessOptions;

  constructor(options: ProcessOptions) {
    super(options.dir, options.imports);
    this.#options = options;
  }

  override clientsOf(lane: string): RegExp {
    return lane === 'broker' ? /^khipu-(counter|worker|relay)-\d$/ : new RegExp(`^khipu-${lane}-\\d$`);
  }

  override memberOf({ message }: Caught): string {
    return message.head.client.slice('khipu-'.length);
  }

  async startAll(): Promise<void> {
    for (const name of groupNames.flatMap((group) => this.namesOf(group))) await this.start(name);
  }

  protected override async programOf(name: string, group: string): Promise<MemberProgram> {
    const { dir, env } = this.#options;
    return { args: [program, group, name], env: programEnv(dir, env) };
  }
}
