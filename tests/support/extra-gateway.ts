import { join } from 'node:path';
import { waitUntilHealthy } from '../../infra/local/parts/part.ts';
import { claimPort } from '../../infra/local/parts/ports.ts';
import { prepareRole } from '../../infra/local/roles/role-process.ts';
import { program } from '../../infra/local/roles/roles.ts';
import type { TestPlatform } from './platform.ts';

export interface ExtraGateway {
  readonly url: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

const READY_MS = 60_000;

/**
 * Starts one more gateway process on the platform, with all gateways in it, on its own port; ready when this resolves.
 */
export async function startExtraGateway(platform: TestPlatform, name = 'gateway-2'): Promise<ExtraGateway> {
  const dir = join(platform.dir, name);
  const httpPort = await claimPort(dir, 'gateway');
  const role = await prepareRole(
    {
      name: 'gateway',
      args: ['run', 'gateway', 'http', 'turns', 'openai', 'mcp', 'a2a', 'console'],
      heapMb: 256,
      isPublic: true,
      stopStage: 1,
    },
    { dir, program, env: { ...platform.env, KHIPU_KEYS_DIR: join(platform.dir, 'keys') }, httpPort },
  );
  const child = await role.start();
  await waitUntilHealthy(child, role.health, { timeoutMs: READY_MS, signal: new AbortController().signal });
  return { url: `http://127.0.0.1:${httpPort}`, pid: child.pid, stop: child.stop };
}
