import path from 'node:path';
import { type Child, startChild } from './child.ts';
import { cacheDir } from './fetch/catalogue.mjs';
import { homeFiles, projectRoot } from './home.ts';
import { type Health, healthOf } from './part.ts';
import { claimPort } from './ports.ts';
import { probeHttp } from './probes.ts';
import { nodeArgs, type Role } from './roles.ts';

export interface RoleContext {
  readonly dir: string;
  /** The `khipu` program. */
  readonly program: string;
  /** Everything the role finds in its environment, its own ports aside. */
  readonly env: NodeJS.ProcessEnv;
  readonly httpPort: number;
}

export interface RoleStart {
  readonly role: Role;
  readonly adminPort: number;
  readonly start: () => Promise<Child>;
  /** Ready means that the role says so: parts reached, partitions assigned. */
  readonly health: () => Promise<Health>;
}

/** Compiled code is kept between starts (node's module.enableCompileCache): a role's start then parses nothing again. */
const compileCache = (): string => path.join(cacheDir(), 'compile-cache');

/** Environment for every child that runs the `khipu` program. */
export const programEnv = (dir: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  NODE_COMPILE_CACHE: compileCache(),
  ...env,
  KHIPU_HOME: dir,
});

/** Prepares a role: its admin port is claimed once, so that a restart keeps it. */
export async function prepareRole(role: Role, { dir, program, env, httpPort }: RoleContext): Promise<RoleStart> {
  const adminPort = await claimPort(dir, `${role.name}-admin`);
  const ports = {
    KHIPU_ADMIN_PORT: String(adminPort),
    ...(role.isPublic ? { KHIPU_HTTP_PORT: String(httpPort) } : {}),
  };
  return {
    role,
    adminPort,
    start: () =>
      startChild({
        name: role.name,
        command: process.execPath,
        args: [...nodeArgs, `--max-old-space-size=${role.heapMb}`, program, ...role.args],
        env: { ...programEnv(dir, env), ...ports },
        cwd: projectRoot,
        log: homeFiles(dir).log(role.name),
      }),
    health: () => healthOf(() => probeHttp(`http://127.0.0.1:${adminPort}/health/ready`)),
  };
}
