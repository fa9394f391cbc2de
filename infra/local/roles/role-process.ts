import path from 'node:path';
import { cacheDir } from '../fetch/catalogue.mjs';
import { homeFiles, projectRoot } from '../home.ts';
import { type Health, healthOf } from '../parts/part.ts';
import { claimPort } from '../parts/ports.ts';
import { probeHttp } from '../parts/probes.ts';
import { type Child, startChild } from '../process/child.ts';
import { nodeArgs, type Role } from './roles.ts';

/** The input of a role's start. */
export interface RoleContext {
  readonly dir: string;
  /** The `khipu` program. */
  readonly program: string;
  /** The environment of the role, except its own ports. */
  readonly env: NodeJS.ProcessEnv;
  /** Returns further variables of one role. */
  readonly envOf?: (role: Role) => Readonly<Record<string, string>>;
  readonly httpPort: number;
}

/** A prepared role. */
export interface RoleStart {
  readonly role: Role;
  readonly adminPort: number;
  readonly start: () => Promise<Child>;
  /** Ready when the role reports it: parts reachable, partitions assigned. */
  readonly health: () => Promise<Health>;
}

/**
 * Returns the folder of compiled code (node's module.enableCompileCache), which later starts of a role reuse instead of
 * parsing.
 */
const compileCache = (): string => path.join(cacheDir(), 'compile-cache');

/** Returns the environment for every child that runs the `khipu` program. */
export const programEnv = (dir: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  NODE_COMPILE_CACHE: compileCache(),
  ...env,
  KHIPU_HOME: dir,
});

/** Prepares a role: claims its admin port once, so that a restart keeps it. */
export async function prepareRole(role: Role, { dir, program, env, envOf, httpPort }: RoleContext): Promise<RoleStart> {
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
        env: { ...programEnv(dir, env), ...envOf?.(role), ...ports },
        cwd: projectRoot,
        log: homeFiles(dir).log(role.name),
      }),
    health: () => healthOf(() => probeHttp(`http://127.0.0.1:${adminPort}/health/ready`)),
  };
}
