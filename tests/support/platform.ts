import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Platform, startPlatform } from '../../infra/local/platform.ts';
import type { PlatformEvent } from '../../infra/local/platform-event.ts';
import type { Role } from '../../infra/local/roles.ts';
import { chooseSlm, type ProviderName } from '../../infra/local/slm-choice.ts';

export interface TestPlatform extends Platform {
  readonly dir: string;
}

export interface TestPlatformOptions {
  readonly provider?: ProviderName;
  readonly roles?: readonly Role[];
  /** Further variables of the roles. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onEvent?: (event: PlatformEvent) => void;
}

/** A whole platform of its own, in a temporary folder, on free ports: the same processes as `npm start` runs. */
export async function startTestPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  const dir = mkdtempSync(join(tmpdir(), 'khipu-platform-'));
  const given = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('KHIPU_') || name === 'KHIPU_CACHE_DIR'),
  );
  const env = { ...given, ...options.env };
  const platform = await startPlatform({
    dir,
    slm: chooseSlm(options.provider ?? 'deterministic', env),
    port: 0,
    env,
    signal: new AbortController().signal,
    onEvent: options.onEvent ?? (() => undefined),
    ...(options.roles !== undefined && { roles: options.roles }),
  });
  return {
    ...platform,
    dir,
    stop: async () => {
      await platform.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
