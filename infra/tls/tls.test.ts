import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../config.ts';
import { issue, openAuthority } from '../local/tls/authority.ts';
import { connectionOptions, keptOptions, liveContext } from './live-context.ts';
import { tlsFailureOf } from './tls-failure.ts';
import { NO_FILES, type TlsFiles } from './tls-files.ts';
import { targetOf } from './tls-url.ts';

let dir: string;
let other: string;
const parts = {
  KAFKA_BROKERS: 'kafka:9092',
  SCHEMA_REGISTRY_URL: 'https://registry',
  DATABASE_URL: 'postgres://database/khipu?sslmode=verify-full',
  REDIS_URL: 'rediss://redis',
};
const named: Record<string, TlsFiles> = {};
const filesOf = (name: string): TlsFiles => named[name] ?? NO_FILES;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'khipu-tls-'));
  other = mkdtempSync(join(tmpdir(), 'khipu-tls-'));
  const [own, foreign] = [await openAuthority(dir), await openAuthority(other)];
  named['server'] = await issue(own, { name: 'server' });
  named['role'] = await issue(own, { name: 'khipu-role' });
  named['expired'] = await issue(own, { name: 'expired', validMs: -1_000 });
  named['foreign'] = await issue(foreign, { name: 'khipu-role' });
  writeFileSync(join(dir, 'text'), 'no certificate\n');
});
afterAll(() => {
  for (const each of [dir, other]) rmSync(each, { recursive: true });
});

describe('the files of a connection', () => {
  const settings = (files: TlsFiles): Record<string, string> => ({
    KHIPU_TLS_CA_FILE: files.ca ?? '',
    KHIPU_TLS_CERT_FILE: files.cert ?? '',
    KHIPU_TLS_KEY_FILE: files.key ?? '',
  });

  it('are used for every part that is reached over TLS, unless a URL or a variable names others', () => {
    const role = filesOf('role');
    const own = `https://registry?sslcert=${filesOf('server').cert}&sslkey=${filesOf('server').key}`;
    const config = loadConfig({ ...parts, ...settings(role), SCHEMA_REGISTRY_URL: own, KAFKA_SSL: 'true' });
    expect(config.kafkaLogin.tls).toEqual({ ca: role.ca, cert: role.cert, key: role.key });
    expect(targetOf(config.databaseUrl)).toEqual({ url: 'postgres://database/khipu', host: 'database', tls: role });
    expect(targetOf(config.redisUrl)).toMatchObject({ url: 'rediss://redis', tls: role });
    expect(targetOf(config.registryUrl).tls).toEqual({ ...filesOf('server'), ca: role.ca });
  });

  it('are not used without TLS', () => {
    const plain = { ...parts, REDIS_URL: 'redis://redis', DATABASE_URL: 'postgres://database/khipu' };
    const config = loadConfig({ ...plain, ...settings(filesOf('role')) });
    expect([config.redisUrl, config.databaseUrl]).toEqual([plain.REDIS_URL, plain.DATABASE_URL]);
    expect(config.kafkaLogin.tls).toBeNull();
  });

  it.each([
    ['KHIPU_TLS_CA_FILE', 'authorities', () => ({ KHIPU_TLS_CA_FILE: '/absent' })],
    ['KHIPU_TLS_CA_FILE', 'has none', () => ({ KHIPU_TLS_CA_FILE: join(dir, 'text') })],
    ['KHIPU_EXTRA_CA_FILE', 'authorities', () => ({ KHIPU_EXTRA_CA_FILE: join(dir, 'text') })],
    ['KHIPU_TLS_KEY_FILE', 'the key of', () => ({ KHIPU_TLS_CERT_FILE: filesOf('role').cert ?? '' })],
    ['KHIPU_TLS_CERT_FILE', 'a certificate', () => ({ KHIPU_TLS_KEY_FILE: filesOf('role').key ?? '' })],
    ['KHIPU_TLS_CERT_FILE', 'valid now', () => settings(filesOf('expired'))],
    [
      'KHIPU_TLS_KEY_FILE',
      'key',
      () => ({ ...settings(filesOf('role')), KHIPU_TLS_KEY_FILE: filesOf('server').key ?? '' }),
    ],
    ['KHIPU_HTTP_TLS_CERT_FILE', 'a certificate', () => ({ KHIPU_HTTP_TLS_CLIENT_CA_FILE: filesOf('role').ca ?? '' })],
    ['KAFKA_SSL_CA_FILE', 'authorities', () => ({ KAFKA_SSL: 'true', KAFKA_SSL_CA_FILE: '/absent' })],
    [
      'KAFKA_SASL_PASSWORD_FILE',
      'a password',
      () => ({ KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'x', KAFKA_SASL_PASSWORD_FILE: '/absent' }),
    ],
    [
      'DATABASE_URL \\(sslrootcert\\)',
      'authorities',
      () => ({ DATABASE_URL: `${parts.DATABASE_URL}&sslrootcert=/absent` }),
    ],
    ['DATABASE_URL', 'sslmode=verify-full', () => ({ DATABASE_URL: 'postgres://database/khipu?sslrootcert=/absent' })],
  ])('that are wrong stop the start: %s is named, and "%s"', (name, words, env) => {
    expect(() => loadConfig({ ...parts, ...env() })).toThrow(new RegExp(`${name}: expected .*${words}`));
  });
});

describe('a connection', () => {
  let server: ReturnType<typeof createServer>;
  let port: number;
  const seen: string[] = [];
  beforeAll(async () => {
    server = createServer({
      ...liveContext(filesOf('server')).material(),
      ...{ requestCert: true, rejectUnauthorized: true },
    });
    server.on('secureConnection', (socket: TLSSocket) => {
      seen.push(socket.getPeerCertificate().serialNumber);
      socket.on('error', () => undefined);
      socket.write('hello');
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => void server.close());

  /** Resolves with null once the server has answered, else with the failure. */
  const dial = (options: object): Promise<unknown> =>
    new Promise((resolve) => {
      const socket = connect({ port, ...options });
      socket.once('data', () => {
        resolve(null);
        socket.destroy();
      });
      socket.once('error', resolve);
      socket.once('close', () => resolve(new Error('closed')));
    });

  it('shows the certificate that the files have now', async () => {
    const role = filesOf('role');
    const kept = keptOptions(role, '127.0.0.1');
    expect(await dial({ ...kept })).toBeNull();
    await issue(await openAuthority(dir), { name: 'khipu-role' });
    expect(await dial({ ...kept })).toBeNull();
    const serials = seen.splice(0);
    expect(serials).toHaveLength(2);
    expect(new Set(serials).size).toBe(2);
  });

  it('keeps the last good certificate while the files do not fit', async () => {
    const role = filesOf('role');
    const context = liveContext(role);
    writeFileSync(role.key ?? '', 'half a key');
    expect(await dial(connectionOptions(role, '127.0.0.1'))).toBeNull();
    expect(context.problem).not.toBeNull();
    await issue(await openAuthority(dir), { name: 'khipu-role' });
    context.current();
    expect(context.problem).toBeNull();
    expect(context.validity?.endsAt).toBeGreaterThan(Date.now() + 80 * 86_400_000);
  });

  it.each([
    ['no certificate', () => ({ ...filesOf('role'), cert: null, key: null }), 'TLS_CERTIFICATE_REFUSED'],
    ['another authority to trust', () => filesOf('foreign'), 'TLS_SERVER_UNTRUSTED'],
  ])('with %s fails and says why', async (_, files, expected) => {
    expect(tlsFailureOf(await dial(connectionOptions(files(), '127.0.0.1')))).toBe(expected);
  });

  it('to a name that is not in the certificate fails and says why', async () => {
    const options = { ...connectionOptions(filesOf('role'), 'broker.example'), host: '127.0.0.1' };
    expect(tlsFailureOf(await dial(options))).toBe('TLS_SERVER_UNTRUSTED');
  });

  it('that is refused says nothing of TLS', async () => {
    expect(tlsFailureOf(await dial({ port: 1, host: '127.0.0.1' }))).toBeNull();
  });
});
