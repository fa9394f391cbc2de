import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPostgres } from '../../../infra/stores/postgres/client.ts';
import { connectRedis } from '../../../infra/stores/redis/client.ts';
import { tlsFailureOf } from '../../../infra/tls/tls-failure.ts';
import type { TlsFiles } from '../../../infra/tls/tls-files.ts';
import { queryOf } from '../../../infra/tls/tls-url.ts';
import { type Caller, type SecuredParts, startSecuredParts } from './secured-parts.ts';

/**
 * Resolves with the error that a connection ends with on which the client writes nothing. A client that writes may lose the alert:
 * a server that closes with bytes unread resets the connection (RFC 8446, 6.2).
 */
function silentRefusal(url: string, { ca, cert, key }: TlsFiles): Promise<unknown> {
  const { hostname, port } = new URL(url);
  const pem = (path: string | null) => (path === null ? undefined : readFileSync(path));
  const socket = connect({ host: hostname, port: Number(port), ca: pem(ca), cert: pem(cert), key: pem(key) });
  return new Promise((resolve) => {
    socket.once('error', resolve);
    socket.once('close', () => resolve(null));
    socket.resume();
  });
}

/** Postgres resets as well, rarely: its startup packet is read before it closes. */
const ALERT_LOST = 20;

let parts: SecuredParts;
beforeAll(async () => {
  parts = await startSecuredParts(['postgres', 'redis']);
}, 300_000);
afterAll(() => parts?.stop());

describe('Postgres', () => {
  const userOf = async (name: Caller): Promise<unknown> => {
    const sql = connectPostgres(`${parts.env.DATABASE_URL}&${queryOf(parts.callers[name])}`, {
      ...{ applicationName: 'test', connectionsMax: 1 },
    });
    try {
      const [row] = await sql`SELECT current_user AS name, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()`;
      return row;
    } finally {
      await sql.end({ timeout: 1 });
    }
  };

  it('maps the certificate of a role to its user', async () => {
    expect(await userOf('guest')).toEqual({ name: 'khipu', version: 'TLSv1.3' });
  });

  it.each<[string, Caller, string | null]>([
    ['no certificate', 'none', null],
    ['an expired one', 'expired', 'TLS_CERTIFICATE_REFUSED'],
    ['one of an unknown authority', 'foreign', 'TLS_CERTIFICATE_REFUSED'],
    ['another authority to trust', 'distrustful', 'TLS_SERVER_UNTRUSTED'],
    ['a name without a user', 'stranger', null],
  ])('refuses %s', { retry: ALERT_LOST }, async (_, name, failure) => {
    const error = await userOf(name).then(
      () => 'accepted',
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Error);
    expect(tlsFailureOf(error)).toBe(failure);
  });
});

describe('Redis', () => {
  const pingAs = async (name: Caller, url: string = parts.env.REDIS_URL): Promise<unknown> => {
    const redis = connectRedis(`${url}?${queryOf(parts.callers[name])}`, 'test');
    const failed = new Promise<never>((_, reject) => redis.once('error', reject));
    failed.catch(() => undefined);
    try {
      return await Promise.race([redis.ping(), failed]);
    } catch (error) {
      return error;
    } finally {
      redis.disconnect();
    }
  };

  it('answers a certificate with the password of its user', async () => {
    expect(await pingAs('admin')).toBe('PONG');
  });

  it('refuses a wrong password', async () => {
    expect(String(await pingAs('admin', parts.env.REDIS_URL.replace(/:[^:@]+@/, ':a-guess@')))).toMatch(/WRONGPASS/);
  });

  it.each<[string, Caller, string | null]>([
    ['no certificate', 'none', 'TLS_CERTIFICATE_REFUSED'],
    ['an expired one', 'expired', 'TLS_CERTIFICATE_REFUSED'],
    ['one of an unknown authority', 'foreign', 'TLS_CERTIFICATE_REFUSED'],
    ['another authority to trust', 'distrustful', 'TLS_SERVER_UNTRUSTED'],
  ])('refuses %s', async (_, name, failure) => {
    expect(await pingAs(name)).toBeInstanceOf(Error);
    expect(tlsFailureOf(await silentRefusal(parts.env.REDIS_URL, parts.callers[name]))).toBe(failure);
  });
});
