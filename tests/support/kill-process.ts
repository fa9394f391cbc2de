import { until } from './api-client.ts';
import type { TestPlatform } from './platform.ts';

const RESTART_MS = 60_000;

/** Kills the process of a role with `kill -9`; resolves when the supervisor has restarted it. */
export async function killProcess(platform: Pick<TestPlatform, 'processes'>, name: string): Promise<void> {
  const of = () => platform.processes().find((process) => process.name === name);
  const before = of();
  process.kill(before?.mark?.pid ?? Number.NaN, 'SIGKILL');
  await until(
    async () => of(),
    (now) => now !== undefined && now.restarts > (before?.restarts ?? 0),
    RESTART_MS,
  );
}
