import { once } from 'node:events';
import { createServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { privateHostsOf } from './private-hosts.ts';
import type { EgressRule } from './rule.ts';
import { certificateFor, startServer, type TestEgress, type TestServer, testEgress } from './testing.ts';

let server: TestServer;
let other: TestServer;
const made: TestEgress[] = [];
const egressOf: typeof testEgress = (settings, addresses) => {
  const egress = testEgress(settings, addresses);
  made.push(egress);
  return egress;
};
const rule = (more: Partial<EgressRule> = {}): EgressRule => ({
  ...{ host: `tool.test:${server.port}`, scheme: 'http', methods: ['GET', 'POST'] },
  ...{ maxRequestBytes: 1_000, maxResponseBytes: 100_000, ...more },
});
const here = { 'tool.test': ['127.0.0.1'], 'other.test': ['127.0.0.1'] };
const at = (path = '/'): string => `http://tool.test:${server.port}${path}`;
const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'answered';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

beforeAll(async () => {
  [server, other] = [await startServer(), await startServer()];
});
beforeEach(() => {
  for (const each of [server, other]) {
    each.seen.length = 0;
    each.answer((_request, response) => void response.end('hello'));
  }
});
afterEach(async () => {
  await Promise.all(made.splice(0).map((egress) => egress.close()));
});
afterAll(async () => {
  await Promise.all([server.close(), other.close()]);
});

describe('a request that is allowed', () => {
  it('is sent with its body, answered, and recorded without its text', async () => {
    const egress = egressOf({ allow: [rule()] }, here);
    const headers = { 'X-Trace': 'a', Connection: 'close', 'Accept-Encoding': 'br' };
    const answer = await egress.ask({
      url: at('/v1/items/12345?token=abc#d'),
      method: 'POST',
      headers,
      body: Buffer.from('{}'),
    });
    expect(answer).toEqual({ status: 200, text: 'hello' });
    expect(server.seen).toMatchObject([{ method: 'POST', path: '/v1/items/12345?token=abc', body: '{}' }]);
    expect(server.seen[0]?.headers).toMatchObject({
      'x-trace': 'a',
      'accept-encoding': 'identity',
      host: `tool.test:${server.port}`,
    });
    expect(egress.records).toEqual([
      {
        ...{
          callId: 'call-1',
          hop: 0,
          at: expect.any(Number) as number,
          method: 'POST',
          scheme: 'http',
          host: 'tool.test',
        },
        ...{ port: server.port, address: '127.0.0.1', path: '/v1/items/*', hasCredential: false, status: 200 },
        pathDigest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        ...{
          requestBytes: 2,
          responseBytes: 5,
          durationMs: expect.any(Number) as number,
          outcome: 'answered',
          code: null,
        },
      },
    ]);
    expect(JSON.stringify(egress.records)).not.toMatch(/abc|12345/);
  });

  it('takes no proxy from the environment', async () => {
    for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'ALL_PROXY']) vi.stubEnv(name, 'http://127.0.0.1:1');
    try {
      expect(await egressOf({ allow: [rule()] }, here).ask({ url: at() })).toEqual({ status: 200, text: 'hello' });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('tries the next address when none listens at the first', async () => {
    const egress = egressOf({ allow: [rule()], allowPrivate: privateHostsOf('127.0.0.0/8') ?? undefined } as never, {
      'tool.test': [['127.9.9.9', '127.0.0.1']],
    });
    expect((await egress.ask({ url: at() })).status).toBe(200);
    expect(egress.records).toMatchObject([{ address: '127.0.0.1' }]);
  });

  it('is over TLS with the name of the host, not with that of another', async () => {
    const tls = certificateFor('tool.test');
    const secure = await startServer(tls);
    const hosts = [`tool.test:${secure.port}`, `other.test:${secure.port}`];
    const allow = hosts.map((host) =>
      rule({ host, scheme: 'https', credential: { secret: { from: 'environment', name: 'KEY' } } }),
    );
    try {
      const egress = egressOf({ allow, certificateAuthorities: [tls.cert] }, here);
      expect((await egress.ask({ url: `https://${hosts[0]}/` })).status).toBe(200);
      expect(secure.seen[0]?.headers.authorization).toBe('Bearer secret-of-KEY');
      expect(await codeOf(egress.ask({ url: `https://${hosts[1]}/` }))).toBe('EGRESS_CONNECTION_FAILED');
      expect(await codeOf(egressOf({ allow }, here).ask({ url: `https://${hosts[0]}/` }))).toBe(
        'EGRESS_CONNECTION_FAILED',
      );
      expect(secure.seen).toHaveLength(1);
    } finally {
      await secure.close();
    }
  });
});

/** URLs that must not lead to a server of this host or of its network, though their names and ports are allowed. */
const forged: readonly (readonly [url: string, addresses: readonly string[], code: string])[] = [
  ['http://127.0.0.1:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://127.1:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://2130706433:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://0x7f000001:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://0177.0.0.1:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://0:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://0.0.0.0:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://[::]:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://[::1]:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://[::ffff:127.0.0.1]:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://[::ffff:7f00:1]:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://[64:ff9b::127.0.0.1]:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://[2002:7f00:1::]:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://①②⑦.⓪.⓪.①:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://169.254.169.254:PORT/latest/meta-data/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://[fd00:ec2::254]:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://100.100.100.200:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://10.0.0.1:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://172.16.0.1:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://192.168.0.1:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://100.64.0.1:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://224.0.0.1:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://255.255.255.255:PORT/', [], 'EGRESS_ADDRESS_REFUSED'],
  ['http://localhost:PORT/', ['127.0.0.1'], 'EGRESS_ADDRESS_REFUSED'],
  ['http://LOCALHOST.:PORT/', ['::1'], 'EGRESS_ADDRESS_REFUSED'],
  ['http://metadata.google.internal:PORT/', ['169.254.169.254'], 'EGRESS_ADDRESS_REFUSED'],
  ['http://forged.test:PORT/', ['127.0.0.1'], 'EGRESS_ADDRESS_REFUSED'],
  ['http://forged.test:PORT/', ['93.184.216.34', '127.0.0.1'], 'EGRESS_ADDRESS_REFUSED'],
  ['http://forged.test:PORT/', ['fe80::1'], 'EGRESS_ADDRESS_REFUSED'],
  ['http://forged.test:PORT/', ['fe80::1%lo'], 'EGRESS_ADDRESS_REFUSED'],
  ['http://forged.test:PORT/', ['fd12:3456::1'], 'EGRESS_ADDRESS_REFUSED'],
  ['http://forged.test:PORT/', ['not an address'], 'EGRESS_ADDRESS_REFUSED'],
  ['http://forged.test:PORT/', [], 'EGRESS_NAME_UNRESOLVED'],
  ['http://unknown.test:PORT/', [], 'EGRESS_HOST_REFUSED'],
  ['http://forged.test@127.0.0.1:PORT/', [], 'EGRESS_URL_REFUSED'],
  ['http://127.0.0.1:PORT\\@forged.test/', [], 'EGRESS_URL_REFUSED'],
  ['http://forged.test:PORT/\r\nhost: a', [], 'EGRESS_URL_REFUSED'],
  ['file:///etc/passwd', [], 'EGRESS_URL_REFUSED'],
  ['gopher://127.0.0.1:PORT/_GET', [], 'EGRESS_URL_REFUSED'],
  ['unix:///run/docker.sock', [], 'EGRESS_URL_REFUSED'],
];

describe('a forged request', () => {
  test.each(forged)('to %s at %j is refused with %s', async (text, addresses, code) => {
    const url = text.replace('PORT', String(server.port));
    const host = URL.parse(url)?.hostname.replace(/\.$/, '') ?? '';
    const allowed = code === 'EGRESS_HOST_REFUSED' || !url.startsWith('http') ? 'forged.test' : host;
    const allow = [rule({ host: `${allowed}:${server.port}` })];
    const egress = egressOf({ allow, allowPrivate: { names: new Set(), ranges: [] } }, { [host]: [addresses] });
    expect(await codeOf(egress.ask({ url }))).toBe(code);
    expect(server.seen).toEqual([]);
    expect(egress.records).toMatchObject([
      { code, outcome: code === 'EGRESS_NAME_UNRESOLVED' ? 'failed' : 'refused', status: null, address: null },
    ]);
  });

  it('cannot use a second answer of a name server', async () => {
    const egress = egressOf(
      { allow: [rule()], allowPrivate: privateHostsOf('127.0.0.5') ?? undefined, connectMs: 500 } as never,
      { 'tool.test': ['127.0.0.5', '127.0.0.1'] },
    );
    // The first answer is checked, and is where the connection goes.
    expect(await codeOf(egress.ask({ url: at() }))).toBe('EGRESS_CONNECTION_FAILED');
    expect(egress.resolved).toEqual(['tool.test']);
    expect(egress.records).toMatchObject([{ address: '127.0.0.5' }]);
    // The second is checked like the first.
    expect(await codeOf(egress.ask({ url: at() }))).toBe('EGRESS_ADDRESS_REFUSED');
    expect(server.seen).toEqual([]);
  });

  it('cannot use a connection that was checked for another address', async () => {
    const egress = egressOf({ allow: [rule()] }, { 'tool.test': ['127.0.0.1', '10.0.0.1'] });
    expect(await codeOf(egress.ask({ url: at() }))).toBe('answered');
    expect(await codeOf(egress.ask({ url: at() }))).toBe('EGRESS_ADDRESS_REFUSED');
  });

  it('cannot add a header, a method or a body that is too large', async () => {
    const egress = egressOf({ allow: [rule({ maxRequestBytes: 3 })] }, here);
    expect(await codeOf(egress.ask({ url: at(), headers: { a: 'b\r\nc: d' } }))).toBe('EGRESS_HEADER_REFUSED');
    expect(await codeOf(egress.ask({ url: at(), method: 'DELETE' }))).toBe('EGRESS_METHOD_REFUSED');
    expect(await codeOf(egress.ask({ url: at(), method: 'GET / HTTP/1.1\r\n' }))).toBe('EGRESS_METHOD_REFUSED');
    async function* endless() {
      for (;;) yield Buffer.from('ab');
    }
    expect(await codeOf(egress.ask({ url: at(), method: 'POST', body: endless() }))).toBe('EGRESS_REQUEST_TOO_LARGE');
    expect(server.seen).toEqual([]);
    expect(egress.records.map(({ code }) => code)).toEqual([
      ...['EGRESS_HEADER_REFUSED', 'EGRESS_METHOD_REFUSED', 'EGRESS_METHOD_REFUSED', 'EGRESS_REQUEST_TOO_LARGE'],
    ]);
  });
});

describe('a redirect', () => {
  const secret = { credential: { secret: { from: 'environment', name: 'KEY' } } } as const;
  const both = () => [
    rule(secret),
    rule({ host: `other.test:${other.port}`, credential: { secret: { from: 'environment', name: 'B' } } }),
  ];
  const redirect = (status: number, location: string) =>
    server.answer((request, response) =>
      request.url === '/' ? void response.writeHead(status, { location }).end() : void response.end('there'),
    );

  it('keeps the credential on its host, and drops it with all that is the caller’s on another', async () => {
    const egress = egressOf({ allow: both() }, here);
    redirect(307, '/next');
    await egress.ask({ url: at() });
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer secret-of-KEY',
      'Bearer secret-of-KEY',
    ]);
    redirect(302, `http://other.test:${other.port}/v1`);
    other.answer((_request, response) => void response.writeHead(302, { location: at('/back') }).end());
    const headers = { cookie: 'a=b', 'x-kept': '1' };
    const answer = await egress.fetch({ callId: null, method: 'POST', url: at(), headers, body: Buffer.from('x') });
    expect([answer.url, (await answer.bytes()).toString()]).toEqual([at('/back'), 'there']);
    expect(other.seen).toMatchObject([{ method: 'GET', body: '', headers: { 'x-kept': '1' } }]);
    const [hop, last] = [other.seen[0]?.headers, server.seen.at(-1)?.headers];
    expect([hop?.authorization, hop?.cookie, last?.authorization, last?.cookie]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(egress.records.slice(2).map(({ hop, host, hasCredential }) => [hop, host, hasCredential])).toEqual([
      [0, 'tool.test', true],
      [1, 'other.test', false],
      [2, 'tool.test', false],
    ]);
  });

  test.each([
    ['http://169.254.169.254/latest/', 'EGRESS_HOST_REFUSED'],
    ['http://unknown.test/', 'EGRESS_HOST_REFUSED'],
    ['http://forged.test:PORT/', 'EGRESS_ADDRESS_REFUSED'],
    ['file:///etc/passwd', 'EGRESS_URL_REFUSED'],
    ['http://user@tool.test:PORT/', 'EGRESS_URL_REFUSED'],
    ['http://[', 'EGRESS_REDIRECT_REFUSED'],
    ['/', 'EGRESS_REDIRECT_REFUSED'],
  ])('to %s is refused with %s', async (location, code) => {
    const allow = [rule(), rule({ host: `forged.test:${server.port}` })];
    const egress = egressOf({ allow }, { ...here, 'forged.test': ['10.0.0.1'] });
    redirect(302, location.replace('PORT', String(server.port)));
    expect(await codeOf(egress.ask({ url: at() }))).toBe(code);
    await expect.poll(() => egress.records.at(-1)?.code).toBe(code);
    expect(server.seen).toHaveLength(location === '/' ? 6 : 1);
  });

  it('from https to http is refused', async () => {
    const tls = certificateFor('tool.test');
    const secure = await startServer(tls);
    secure.answer((_request, response) => void response.writeHead(302, { location: at() }).end());
    try {
      const allow = [rule(), rule({ host: `tool.test:${secure.port}`, scheme: 'https' })];
      const egress = egressOf({ allow, certificateAuthorities: [tls.cert] }, here);
      expect(await codeOf(egress.ask({ url: `https://tool.test:${secure.port}/` }))).toBe('EGRESS_REDIRECT_REFUSED');
      expect(server.seen).toEqual([]);
    } finally {
      await secure.close();
    }
  });

  it('is the response when the caller wants it', async () => {
    redirect(302, 'http://169.254.169.254/');
    const answer = await egressOf({ allow: [rule()] }, here).fetch({
      callId: null,
      method: 'GET',
      url: at(),
      redirect: 'return',
    });
    expect([answer.status, answer.headers['location']]).toEqual([302, 'http://169.254.169.254/']);
    answer.body.destroy();
  });
});

describe('a credential', () => {
  const credential = { secret: { from: 'environment', name: 'KEY' } } as const;

  it('replaces that of the caller, in the header of the rule', async () => {
    const egress = egressOf({ allow: [rule({ credential: { ...credential, header: 'X-Api-Key' } })] }, here);
    await egress.ask({ url: at(), headers: { 'x-api-key': 'mine' } });
    expect(server.seen[0]?.headers['x-api-key']).toBe('secret-of-KEY');
    expect(JSON.stringify(egress.records)).not.toContain('secret-of-KEY');
  });

  test.each([
    ['its body', (response: { end(text: string): void }) => response.end(`${'x'.repeat(5_000)}Bearer secret-of-KEY`)],
    [
      'a header',
      (response: never) =>
        (response as unknown as { writeHead(s: number, h: object): { end(): void } })
          .writeHead(200, { x: 'secret-of-KEY' })
          .end(),
    ],
  ])('that a server repeats in %s is not passed on', async (_where, act) => {
    server.answer((_request, response) => act(response as never));
    const egress = egressOf({ allow: [rule({ credential })] }, here);
    expect(await codeOf(egress.ask({ url: at() }))).toBe('EGRESS_CREDENTIAL_ECHOED');
    expect(egress.records).toMatchObject([
      { outcome: 'refused', code: 'EGRESS_CREDENTIAL_ECHOED', hasCredential: true },
    ]);
  });

  it('that a server repeats in pieces is not passed on, and an end that only resembles it is', async () => {
    server.answer(async (_request, response) => {
      for (const piece of ['abc sec', 'ret-of', '-KE', 'Y']) {
        response.write(piece);
        await new Promise((passed) => setTimeout(passed, 20));
      }
      response.end();
    });
    const egress = egressOf({ allow: [rule({ credential })] }, here);
    expect(await codeOf(egress.ask({ url: at() }))).toBe('EGRESS_CREDENTIAL_ECHOED');
    server.answer((_request, response) => void response.end('abc secret-of-KE'));
    expect(await egress.ask({ url: at() })).toMatchObject({ text: 'abc secret-of-KE' });
  });

  it('is never sent over http to the internet, and one that cannot be read or sent ends the request', async () => {
    const egress = egressOf({ allow: [rule({ credential })] }, { 'tool.test': ['93.184.216.34'] });
    expect(await codeOf(egress.ask({ url: at() }))).toBe('EGRESS_CREDENTIAL_INSECURE');
    for (const resolve of [() => Promise.reject(new Error('none')), async () => 'a\r\nb: c']) {
      const unread = egressOf({ allow: [rule({ credential })], secrets: { resolve } }, here);
      expect(await codeOf(unread.ask({ url: at() }))).toBe('EGRESS_CREDENTIAL_UNAVAILABLE');
    }
    expect(server.seen).toEqual([]);
  });
});

describe('a response', () => {
  it('is cut at the limit of the rule', async () => {
    server.answer((_request, response) => {
      const write = (): void => {
        if (response.destroyed) return;
        response.write('x'.repeat(10_000));
        setImmediate(write);
      };
      write();
    });
    const egress = egressOf({ allow: [rule({ maxResponseBytes: 25_000 })] }, here);
    expect(await codeOf(egress.ask({ url: at() }))).toBe('EGRESS_RESPONSE_TOO_LARGE');
    expect(egress.records[0]?.responseBytes).toBeLessThanOrEqual(25_000);
    expect(egress.records).toMatchObject([{ outcome: 'refused', status: 200 }]);
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const)('in %s is decoded, and cut where it grows beyond the limit', async (encoding, compress) => {
    let text = 'terrace';
    server.answer(
      (_request, response) => void response.setHeader('content-encoding', encoding).end(compress(Buffer.from(text))),
    );
    const egress = egressOf({ allow: [rule()] }, here);
    expect(await egress.ask({ url: at() })).toEqual({ status: 200, text });
    text = 'x'.repeat(20_000_000);
    expect(await codeOf(egress.ask({ url: at() }))).toBe('EGRESS_RESPONSE_TOO_LARGE');
    server.answer((_request, response) => void response.setHeader('content-encoding', encoding).end('torn'));
    expect(await codeOf(egress.ask({ url: at() }))).toBe('EGRESS_RESPONSE_INVALID');
  });

  test.each(['gzip, gzip', 'compress', '__proto__'])('in %s is refused', async (encoding) => {
    server.answer((_request, response) => void response.setHeader('content-encoding', encoding).end('x'));
    expect(await codeOf(egressOf({ allow: [rule()] }, here).ask({ url: at() }))).toBe('EGRESS_ENCODING_REFUSED');
  });

  it('without a body has one of no bytes', async () => {
    server.answer((_request, response) => void response.writeHead(204, { 'content-encoding': 'gzip' }).end());
    const egress = egressOf({ allow: [rule({ methods: ['GET', 'HEAD'] })] }, here);
    expect(await egress.ask({ url: at() })).toEqual({ status: 204, text: '' });
    server.answer((_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end());
    expect(await egress.ask({ url: at(), method: 'HEAD' })).toEqual({ status: 200, text: '' });
  });

  it('that is no HTTP fails', async () => {
    const raw = createServer((socket) => void socket.once('data', () => socket.write('SSH-2.0-OpenSSH_9.2\r\n')));
    raw.listen(0, '127.0.0.1');
    await once(raw, 'listening');
    const host = `tool.test:${(raw.address() as { port: number }).port}`;
    const egress = egressOf({ allow: [rule({ host })] }, here);
    expect(await codeOf(egress.ask({ url: `http://${host}/` }))).toBe('EGRESS_RESPONSE_INVALID');
    await egress.close();
    raw.close();
  });

  it('with too many headers fails', async () => {
    server.answer((_request, response) => void response.setHeader('x', 'x'.repeat(30_000)).end());
    expect(await codeOf(egressOf({ allow: [rule()] }, here).ask({ url: at() }))).toBe('EGRESS_RESPONSE_INVALID');
  });
});

describe('time', () => {
  it('is limited until headers, between parts, and for a resolver that does not answer', async () => {
    const egress = egressOf({ allow: [rule()] }, here);
    server.answer(() => {});
    expect(await codeOf(egress.ask({ url: at(), timeoutMs: 100 }))).toBe('EGRESS_TIMEOUT');
    server.answer((_request, response) => void response.write('a'));
    expect(await codeOf(egress.ask({ url: at(), timeoutMs: 300 }))).toBe('EGRESS_TIMEOUT');
    const silent = egressOf({ allow: [rule()], resolve: () => new Promise(() => {}) });
    expect(await codeOf(silent.ask({ url: at(), timeoutMs: 100 }))).toBe('EGRESS_TIMEOUT');
    async function* slow() {
      yield Buffer.from('a');
      await new Promise(() => {});
    }
    expect(await codeOf(egress.ask({ url: at(), method: 'POST', body: slow(), timeoutMs: 100 }))).toBe(
      'EGRESS_TIMEOUT',
    );
    expect(egress.records.map(({ code, outcome }) => [code, outcome])).toEqual(
      Array(3).fill(['EGRESS_TIMEOUT', 'failed']),
    );
  });

  it('ends a request whose caller gives up, or reads only a part', async () => {
    const egress = egressOf({ allow: [rule()] }, here);
    server.answer((_request, response) => void response.write('a'));
    const stop = new AbortController();
    const asked = egress.ask({ url: at(), signal: stop.signal });
    setTimeout(() => stop.abort(), 100);
    expect(await codeOf(asked)).toBe('EGRESS_STOPPED');
    expect(await codeOf(egress.ask({ url: at(), signal: stop.signal }))).toBe('EGRESS_STOPPED');
    (await egress.fetch({ callId: null, method: 'GET', url: at() })).body.destroy();
    await expect.poll(() => egress.records.map(({ code }) => code)).toEqual(Array(3).fill('EGRESS_STOPPED'));
  });
});

it('a request that cannot be recorded fails', async () => {
  const egress = egressOf({ allow: [rule()], onRequest: () => Promise.reject(new Error('the log is away')) }, here);
  expect(await codeOf(egress.ask({ url: at() }))).toBe('EGRESS_UNRECORDED');
  expect(await codeOf(egress.ask({ url: 'ftp://a/' }))).toBe('EGRESS_UNRECORDED');
});

it('hundreds of hosts are asked one after the other', async () => {
  const names = Array.from({ length: 300 }, (_, n) => `h${n}.test`);
  const allow = names.map((name) => rule({ host: `${name}:${server.port}` }));
  const egress = egressOf({ allow }, Object.fromEntries(names.map((name) => [name, ['127.0.0.1']])));
  for (const name of names) expect((await egress.ask({ url: `http://${name}:${server.port}/` })).status).toBe(200);
});
