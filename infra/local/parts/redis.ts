import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { downloadDir, isFetched } from '../fetch/catalogue.mjs';
import { startChild } from '../process/child.ts';
import { keptSecret } from '../process/state-file.ts';
import { healthOf, type Part, PartError, waitUntilHealthy } from './part.ts';
import { claimPort } from './ports.ts';
import { probeRedis } from './probes.ts';

/** Returns true when the binary runs here (its libraries are present) and is 6.2 or newer. */
function isUsable(command: string): boolean {
  const text = spawnSync(command, ['--version'], { encoding: 'utf8' }).stdout ?? '';
  const [major = 0, minor = 0] = (/v=(\d+)\.(\d+)/.exec(text) ?? []).slice(1).map(Number);
  return major > 6 || (major === 6 && minor >= 2);
}

function findRedis(): string {
  const fetched = path.join(downloadDir('redis'), 'redis-server');
  const candidates = isFetched('redis') ? [fetched, 'redis-server'] : ['redis-server'];
  const usable = candidates.find(isUsable);
  if (usable) return usable;
  throw new PartError('redis-server 6.2 or newer was not found: install it, or name a running one with REDIS_URL');
}

/**
 * Returns the settings. Rows in Redis are a projection: no data is written to disk, and a restart rebuilds it from the
 * log.
 */
const settings = (dataDir: string, port: number, password: string): string =>
  [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(dataDir)}`,
    'save ""',
    'appendonly no',
    'maxmemory 256mb',
    'maxmemory-policy noeviction',
    'daemonize no',
    '',
  ].join('\n');

/**
 * Redis, in memory only. Its settings are passed on standard input: a password in the arguments would be visible in
 * `ps`.
 */
export const redis: Part = {
  name: 'redis',
  needs: [],
  async start({ dir, signal }) {
    const dataDir = path.join(dir, 'data', 'redis');
    mkdirSync(dataDir, { recursive: true });
    const port = await claimPort(dir, 'redis');
    const password = keptSecret(dir, 'redis-password');
    const input = settings(dataDir, port, password);
    const log = path.join(dir, 'logs', 'redis.log');
    const child = await startChild({ name: 'redis', command: findRedis(), args: ['-'], log, input });
    const url = `redis://:${password}@127.0.0.1:${port}`;
    const health = () => healthOf(() => probeRedis(url));
    await waitUntilHealthy(child, health, { timeoutMs: 15_000, signal });
    return { name: 'redis', url, address: `127.0.0.1:${port}`, child, health };
  },
};
