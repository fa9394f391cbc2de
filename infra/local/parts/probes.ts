import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { connectPostgres } from '../../stores/postgres/client.ts';
import { connectionOptions } from '../../tls/live-context.ts';
import type { TlsFiles } from '../../tls/tls-files.ts';
import { targetOf } from '../../tls/tls-url.ts';

const timeoutMs = 2_000;

/** Sends bytes to a server, over TLS with `tls`, and resolves with the first bytes of the answer. Rejects after 2 s or when refused. */
function exchange(host: string, port: number, request: Uint8Array, tls?: TlsFiles | null): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = tls ? connectTls({ ...connectionOptions(tls, host), port }) : connect({ host, port });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(timeoutMs, () => fail(new Error(`no answer from ${host}:${port} in ${timeoutMs} ms`)));
    socket.once('error', fail);
    socket.once('close', () => reject(new Error(`${host}:${port} closed the connection`)));
    socket.once(tls ? 'secureConnect' : 'connect', () => socket.write(request));
    socket.once('data', (answer) => {
      resolve(answer);
      socket.destroy();
    });
  });
}

/** An ApiVersions request, version 0: key 18, correlation id 1, client id "probe". Every broker since 0.10 answers it. */
const apiVersionsRequest = Buffer.from([0, 0, 0, 15, 0, 18, 0, 0, 0, 0, 0, 1, 0, 5, ...Buffer.from('probe')]);

/**
 * Requests the supported APIs of the first broker in `host:port,…`: success means that it accepts requests, not only
 * connections.
 */
export async function probeKafka(brokers: string, tls?: TlsFiles): Promise<string> {
  const [host = '', port = ''] = brokers.split(',')[0]?.trim().split(':') ?? [];
  const answer = await exchange(host, Number(port), apiVersionsRequest, tls);
  if (answer.length < 10 || answer.readInt16BE(8) !== 0) throw new Error('the broker answered with an error');
  return 'answers ApiVersions';
}

/**
 * Returns a StartupMessage of protocol 3.0 (PostgreSQL manual, 54.7). The server's answer distinguishes starting up
 * from ready.
 */
function startupMessage(user: string, database: string): Buffer {
  const body = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + body.length, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, body]);
}

/** Connects up to the request for a password: a server that is starting up or shutting down rejects before it. */
export async function probePostgres(url: string): Promise<string> {
  if (targetOf(url).tls !== null) return probePostgresTls(url);
  const { hostname, port, username, pathname } = new URL(url);
  const user = decodeURIComponent(username) || 'postgres';
  const answer = await exchange(hostname, Number(port || 5432), startupMessage(user, pathname.slice(1) || user));
  if (answer.toString('latin1', 0, 1) !== 'R') throw new Error(answer.toString('utf8', 5).replaceAll('\0', ' ').trim());
  return 'takes connections';
}

/** Runs a query: whether a certificate is accepted shows only there. */
async function probePostgresTls(url: string): Promise<string> {
  const sql = connectPostgres(url, { applicationName: 'khipu-probe', connectionsMax: 1 });
  try {
    await sql`SELECT 1`;
    return 'takes connections over TLS';
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Sends AUTH when the URL has a password, and PING. Rejects unless the first answer is OK or PONG. */
export async function probeRedis(url: string): Promise<string> {
  const { hostname, port, username, password } = new URL(url);
  const auth = password ? `AUTH ${username ? `${username} ` : ''}${decodeURIComponent(password)}\r\n` : '';
  const answer = (
    await exchange(hostname, Number(port || 6379), Buffer.from(`${auth}PING\r\n`), targetOf(url).tls)
  ).toString();
  if (!/^\+(OK|PONG)/.test(answer)) throw new Error(answer.split('\r\n')[0] ?? 'no answer');
  return 'answers PING';
}

/** Returns the checks of a readiness answer that fail, such as `provider: no answer in 2000 ms`; null for another body. */
function failedChecks(body: string): string | null {
  try {
    const { parts } = JSON.parse(body) as { parts: Readonly<Record<string, { ok: boolean; detail: string }>> };
    const failed = Object.entries(parts).filter(([, { ok }]) => !ok);
    return failed.map(([name, { detail }]) => `${name}: ${detail}`).join('; ');
  } catch {
    return null;
  }
}

/**
 * Sends GET with a bound of 2 s. Rejects for any status but 2xx, with the failing checks of a role that is not ready, or
 * else the begin of the body.
 */
export async function probeHttp(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  const body = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${failedChecks(body) ?? body.slice(0, 200)}`);
  return `answers ${response.status}`;
}
