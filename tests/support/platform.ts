import { chmodSync, rmSync } from 'node:fs';
import { localRoles } from '../../infra/bin/roles/local.ts';
import { memoryEnv } from '../../infra/local/memory-env.ts';
import { type Platform, startPlatform } from '../../infra/local/platform.ts';
import type { PlatformEvent } from '../../infra/local/platform-event.ts';
import type { Role } from '../../infra/local/roles/roles.ts';
import { chooseSlm } from '../../infra/local/slm-choice.ts';
import type { ProviderKind } from '../../infra/models/provider.ts';
import type { WorkerName } from '../../streams/all.ts';
import { makeDataFolder } from './data-folder.ts';
import { plainEnvironment } from './environment.ts';
import { copySetUpData } from './set-up-data.ts';

export interface TestPlatform extends Platform {
  readonly dir: string;
  /** Environment that another role, or a command, needs to work on this platform. */
  readonly env: NodeJS.ProcessEnv;
}

export interface TestPlatformOptions {
  readonly provider?: ProviderKind;
  /** Default: those of `npm start`. */
  readonly roles?: readonly Role[];
  /** Workers that the test does not need. */
  readonly without?: readonly WorkerName[];
  /**
   * Workers with a process of their own, since the test kills or looks at it; the others share one, which saves most of what
   * their start costs. Default: each has its own, as in `npm start`.
   */
  readonly apart?: readonly WorkerName[];
  /** Roles beside those. */
  readonly more?: readonly Role[];
  /** Additional variables of the roles. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onEvent?: (event: PlatformEvent) => void;
}

/** The process of the workers that share one. */
const WORKERS = 'workers';
const WORKERS_HEAP_MB = 384;

function rolesOf({ roles, without = [], apart, more = [] }: TestPlatformOptions, env: NodeJS.ProcessEnv) {
  if (roles !== undefined) return roles;
  const isOf = (role: Role, workers: readonly string[]): boolean =>
    workers.some((name) => role.name === `worker-${name}`);
  const local = localRoles(env).filter((role) => !isOf(role, without));
  const together = local.filter((role) => apart !== undefined && role.name.startsWith('worker-') && !isOf(role, apart));
  const names = together.flatMap(({ args }) => args.slice(2));
  const args = ['run', 'worker', ...names];
  const workers: Role = { name: WORKERS, args, heapMb: WORKERS_HEAP_MB, isPublic: false, stopStage: 2 };
  return [...local.filter((role) => !together.includes(role)), ...(names.length === 0 ? [] : [workers]), ...more];
}

/**
 * Starts a separate platform in a temporary folder, on free ports: the same processes as `npm start`. A failed start is
 * reported and retried once, so that a port lost between choice and use costs seconds, not the run.
 */
export async function startTestPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  return startOnce(options).catch((error: unknown) => {
    console.warn('the platform did not start and is started once more:', error);
    return startOnce(options);
  });
}

async function startOnce(options: TestPlatformOptions): Promise<TestPlatform> {
  const dir = makeDataFolder('khipu-platform-');
  // As root, Postgres runs under its own user and needs access to its folder.
  chmodSync(dir, 0o755);
  const env = { ...plainEnvironment(), ...options.env };
  await copySetUpData(dir, env);
  const slm = chooseSlm(options.provider ?? 'deterministic', env);
  const platform = await startPlatform({
    dir,
    slm,
    port: 0,
    env,
    signal: new AbortController().signal,
    onEvent: options.onEvent ?? (() => undefined),
    roles: rolesOf(options, env),
  });
  return {
    ...platform,
    dir,
    env: { ...env, ...memoryEnv(env), ...platform.parts.env, ...slm.env, KHIPU_HOME: dir },
    stop: async () => {
      await platform.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
