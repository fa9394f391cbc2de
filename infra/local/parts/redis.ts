import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { queryOf } from '../../tls/tls-url.ts';
import { downloadDir, isFetched } from '../fetch/catalogue.mjs';
import { startChild } from '../process/child.ts';
import { keptSecret } from '../process/state-file.ts';
import type { IssuedFiles } from '../tls/authority.ts';
import { ADMIN_NAME } from '../tls/local-tls.ts';
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
const settings = (dataDir: string, port: number, password: string, tls: IssuedFiles | undefined): string =>
  [
    'bind 127.0.0.1',
    ...(tls === undefined ? [`port ${port}`, `requirepass ${password}`] : securedLines(port, password, tls)),
    `dir ${JSON.stringify(dataDir)}`,
    'save ""',
    'appendonly no',
    'maxmemory 256mb',
    'maxmemory-policy noeviction',
    'daemonize no',
    '',
  ].join('\n');

/** User of the platform where Redis has users: it may do what is not for an administrator. */
const USER = 'khipu';

/** Redis maps no certificate to a user, so a client shows a certificate and logs in. */
const securedLines = (port: number, password: string, { ca, cert, key }: IssuedFiles): string[] => [
  'port 0',
  `tls-port ${port}`,
  `tls-cert-file ${JSON.stringify(cert)}`,
  `tls-key-file ${JSON.stringify(key)}`,
  `tls-ca-cert-file ${JSON.stringify(ca)}`,
  'tls-auth-clients yes',
  'tls-protocols TLSv1.3',
  'user default off',
  `user ${USER} on >${password} ~* &* +@all -@admin +client|setname +client|setinfo`,
];

/**
 * Redis, in memory only. Its settings are passed on standard input: a password in the arguments would be visible in
 * `ps`.
 */
export const redis: Part = {
  name: 'redis',
  needs: [],
  async start({ dir, signal, tls }) {
    const dataDir = path.join(dir, 'data', 'redis');
    mkdirSync(dataDir, { recursive: true });
    const port = await claimPort(dir, 'redis');
    const password = keptSecret(dir, 'redis-password');
    const input = settings(dataDir, port, password, tls?.files('redis'));
    const log = path.join(dir, 'logs', 'redis.log');
    const child = await startChild({ name: 'redis', command: findRedis(), args: ['-'], log, input });
    const url =
      tls === undefined ? `redis://:${password}@127.0.0.1:${port}` : `rediss://${USER}:${password}@127.0.0.1:${port}`;
    const probed = tls === undefined ? url : `${url}?${queryOf(tls.files(ADMIN_NAME))}`;
    const health = () => healthOf(() => probeRedis(probed));
    await waitUntilHealthy(child, health, { timeoutMs: 15_000, signal });
    return { name: 'redis', url, address: `127.0.0.1:${port}`, child, health };
  },
};
