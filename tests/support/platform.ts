import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Platform, startPlatform } from '../../infra/local/platform.ts';
import type { PlatformEvent } from '../../infra/local/platform-event.ts';
import type { Role } from '../../infra/local/roles.ts';
import { chooseSlm, type ProviderName } from '../../infra/local/slm-choice.ts';
import { plainEnvironment } from './environment.ts';

export interface TestPlatform extends Platform {
  readonly dir: string;
  /** What a further role, or a command, needs to work on this platform. */
  readonly env: NodeJS.ProcessEnv;
}

export interface TestPlatformOptions {
  readonly provider?: ProviderName;
  readonly roles?: readonly Role[];
  /** Further variables of the roles. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onEvent?: (event: PlatformEvent) => void;
}

/**
 * A whole platform of its own, in a temporary folder, on free ports: the same processes as `npm start` runs. A start that
 * fails is told and tried once more, so that a port lost between choice and use costs seconds, not the run.
 */
export async function startTestPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  return startOnce(options).catch((error: unknown) => {
    console.warn('the platform did not start and is started once more:', error);
    return startOnce(options);
  });
}

async function startOnce(options: TestPlatformOptions): Promise<TestPlatform> {
  const dir = mkdtempSync(join(tmpdir(), 'khipu-platform-'));
  // Postgres runs as a user of its own where we are root, and must get at its folder.
  chmodSync(dir, 0o755);
  const env = { ...plainEnvironment(), ...options.env };
  const slm = chooseSlm(options.provider ?? 'deterministic', env);
  const platform = await startPlatform({
    dir,
    slm,
    port: 0,
    env,
    signal: new AbortController().signal,
    onEvent: options.onEvent ?? (() => undefined),
    ...(options.roles !== undefined && { roles: options.roles }),
  });
  return {
    ...platform,
    dir,
    env: { ...env, ...platform.parts.env, ...slm.env, KHIPU_HOME: dir },
    stop: async () => {
      await platform.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
