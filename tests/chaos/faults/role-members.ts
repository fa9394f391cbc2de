import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { claimPort } from '../../../infra/local/parts/ports.ts';
import { programEnv } from '../../../infra/local/roles/role-process.ts';
import { program } from '../../../infra/local/roles/roles.ts';

import type { Caught } from '../wire/proxy.ts';
import { MemberProcesses, type MemberProgram } from './member-processes.ts';

/** The attacked processes, two of each: all processors, and workers. */
export const LANES = ['stream', 'worker'] as const;
const HEAP_MB = 256;

export interface RoleMembersOptions {
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

/** The attacked roles of a platform. The two of a lane have one client id: the port of a connection names the process. */
export class RoleMembers extends MemberProcesses {
  readonly #options: RoleMembersOptions;

  constructor(options: RoleMembersOptions) {
    super(options.dir, options.imports);
    this.#options = options;
  }

  override clientsOf(lane: string): RegExp {
    return lane === 'broker' ? /^khipu-(stream|worker)-/ : new RegExp(`^khipu-${lane}-`);
  }

  override memberOf({ message }: Caught): string | null {
    const inode = inodeOf(message.clientPort);
    if (inode === null) return null;
    return [...this.children].find(([, { pid }]) => hasSocket(pid, inode))?.[0] ?? null;
  }

  async startAll(): Promise<void> {
    await Promise.all(LANES.flatMap((lane) => this.namesOf(lane)).map((name) => this.start(name)));
  }

  protected override async programOf(name: string, lane: string): Promise<MemberProgram> {
    const { dir, home, env, args } = this.#options;
    const port = await claimPort(dir, `${name}-admin`);
    return {
      args: [program, ...args[lane as (typeof LANES)[number]]],
      env: { ...programEnv(home, env), KHIPU_ADMIN_PORT: String(port) },
      heapMb: HEAP_MB,
    };
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
