import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPostgres } from '../../../infra/stores/postgres/client.ts';
import { connectRedis } from '../../../infra/stores/redis/client.ts';
import { tlsFailureOf } from '../../../infra/tls/tls-failure.ts';
import { queryOf } from '../../../infra/tls/tls-url.ts';
import { type Caller, type SecuredParts, startSecuredParts } from './secured-parts.ts';

/** A server that closes at once may reset the connection before the client has read why (RFC 8446, 6.2): no reason is known then. */
const lostOr = (failure: string | null): readonly (string | null)[] =>
  failure === 'TLS_SERVER_UNTRUSTED' ? [failure] : [failure, null];

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
  ])('refuses %s', async (_, name, failure) => {
    const error = await userOf(name).then(
      () => 'accepted',
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Error);
    expect(lostOr(failure)).toContain(tlsFailureOf(error));
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
    const error = await pingAs(name);
    expect(error).toBeInstanceOf(Error);
    expect(lostOr(failure)).toContain(tlsFailureOf(error));
  });
});
