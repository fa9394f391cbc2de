import { once } from 'node:events';
import { connect } from 'node:net';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProblemJson, StartedJson } from '../../support/api-client.ts';
import { openSse } from '../../support/sse-client.ts';
import { type Harness, startLoggedHarness } from './support/harness.ts';

let platform: Harness;
let session: StartedJson;
let lines: string[];
beforeAll(async () => {
  ({ platform, lines } = await startLoggedHarness());
  session = (await platform.api.start({ persona: 'guide', prompt: 'What is a khipu?' })).body;
});
afterAll(() => platform.close());

const ask = (request: InjectOptions) => platform.gateway.app.inject(request);
const byKey = () => ({ authorization: `Bearer ${platform.api.apiKey}` });
const json = { 'content-type': 'application/json' };

/** Sends raw bytes, which `fetch` would reject. */
async function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(platform.url);
  const socket = connect(Number(port), hostname, () => socket.write(text));
  let said = '';
  socket.on('data', (bytes) => {
    said += bytes.toString();
  });
  await once(socket, 'close');
  return said;
}

describe('every answer', () => {
  const kinds = (): readonly (readonly [string, InjectOptions, number])[] => [
    ['a page', { url: '/v1/sessions', headers: byKey() }, 200],
    ['a token', { method: 'POST', url: '/v1/sessions/start', headers: byKey(), payload: { persona: 'guide' } }, 201],
    ['health', { url: '/health/live' }, 200],
    ['public keys', { url: '/.well-known/jwks.json' }, 200],
    ['the documentation', { url: '/docs', headers: { accept: 'text/html' } }, 200],
    ['a script of the documentation', { url: '/docs/start.js', headers: { accept: '*/*' } }, 200],
    ['no credentials', { url: '/v1/sessions' }, 401],
    ['no route', { url: '/v1/nothing' }, 404],
    ['another method', { method: 'DELETE', url: '/v1/sessions', headers: byKey() }, 405],
    [
      'a body that cannot be parsed',
      { method: 'POST', url: '/v1/sessions/start', headers: { ...byKey(), ...json }, payload: '{' },
      400,
    ],
    ['a path that cannot be parsed', { url: '/v1/sessions/%zz', headers: byKey() }, 400],
    ['an id without an end', { url: `/v1/sessions/${'x'.repeat(5_000)}`, headers: byKey() }, 400],
  ];

  test('has the security headers, does not name the server software, and allows no other origin', async () => {
    for (const [what, request, status] of kinds()) {
      const answer = await ask({ ...request, headers: { ...request.headers, origin: 'https://evil.example' } });
      expect([what, (await ask(request)).statusCode]).toEqual([what, status]);
      expect(answer.headers, what).toMatchObject({
        'x-content-type-options': 'nosniff',
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'x-frame-options': 'DENY',
      });
      const policy = String(answer.headers['content-security-policy']);
      for (const part of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
        expect(policy, what).toContain(part);
      const names = Object.keys(answer.headers);
      expect(names.filter((name) => /^(?:access-control-|server$|x-powered-by$|set-cookie$)/.test(name))).toEqual([]);
      expect(answer.headers['x-request-id'], what).toMatch(/./);
      if (answer.body !== '') expect(answer.headers['content-type'], what).toMatch(/^[\w/+.-]+/);
    }
  });

  test('that is a problem is problem+json, without a stack, a local path or the input', async () => {
    for (const [what, request, status] of kinds()) {
      if (status < 400) continue;
      const answer = await ask(request);
      expect([what, answer.headers['content-type']]).toEqual([
        what,
        expect.stringMatching(/^application\/problem\+json/),
      ]);
      expect(answer.body).not.toMatch(/node_modules|\bat \w+ \(|\.ts:\d+|\/tmp\//);
      expect(answer.body).not.toContain(platform.api.apiKey);
    }
  });

  test('to an authenticated caller is not cached on the way', async () => {
    const own = `/v1/sessions/${session.session_id}`;
    const bearer = { authorization: `Bearer ${session.token}` };
    const answers = [
      await ask({ method: 'POST', url: '/v1/sessions/start', headers: byKey(), payload: { persona: 'guide' } }),
      await ask({ method: 'POST', url: `${own}/tokens`, headers: bearer, payload: { capabilities: [] } }),
      await ask({ url: own, headers: bearer }),
      await ask({ url: '/v1/sessions', headers: byKey() }),
      await ask({ url: '/v1/sessions/00000000-0000-4000-8000-000000000000', headers: byKey() }),
    ];
    for (const { headers } of answers) expect(headers['cache-control']).toBe('no-store');
    const stream = await openSse(`${platform.url}/v1/turn/${session.session_id}`, { token: session.token });
    expect(stream.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(stream.headers.get('x-content-type-options')).toBe('nosniff');
    stream.cut();
  });

  test('to input that is not HTTP has the headers too', async () => {
    const said = await raw('no http\r\n\r\n');
    expect(said).toMatch(/^HTTP\/1\.1 400 /);
    expect(said).toMatch(/\r\nx-content-type-options: nosniff\r\n/);
    expect(said).toMatch(/\r\nstrict-transport-security: max-age=31536000/);
  });
});

describe('other origins', () => {
  test('get no answer to a preflight', async () => {
    for (const url of ['/v1/sessions', '/v1/sessions/start', '/v1/kill-switch']) {
      const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
      const answer = await ask({ method: 'OPTIONS', url, headers });
      expect(answer.statusCode).toBe(405);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  test('cannot write with a form: its media types are not accepted, and no credential is sent implicitly', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await ask({
        method: 'POST',
        url: '/v1/sessions/start',
        headers: { ...byKey(), 'content-type': type },
        payload: '{"persona":"guide"}',
      });
      expect(answer.json<ProblemJson>().code).toBe('MEDIA_TYPE_UNSUPPORTED');
    }
    const headers = { cookie: `authorization=Bearer ${platform.api.apiKey}; token=${session.token}` };
    expect((await ask({ url: '/v1/sessions', headers })).statusCode).toBe(401);
  });
});

describe('a request', () => {
  test('by TRACE, TRACK or another method that no route has is refused, and nothing is echoed', async () => {
    for (const method of ['TRACE', 'TRACK', 'CONNECT', 'PROPFIND'])
      for (const path of ['/v1/sessions', '/health/live']) {
        const said = await raw(`${method} ${path} HTTP/1.1\r\nhost: x\r\nx-secret: shown\r\nconnection: close\r\n\r\n`);
        expect(said.split('\r\n', 1)[0] ?? '').not.toMatch(/ 2\d\d /);
        expect(said).not.toContain('shown');
      }
  });

  test('with two different lengths is rejected', async () => {
    const head = `POST /v1/sessions/start HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${platform.api.apiKey}\r\ncontent-type: application/json\r\n`;
    for (const lengths of [
      'transfer-encoding: chunked\r\ncontent-length: 4\r\n',
      'content-length: 4\r\ntransfer-encoding: chunked\r\n',
      'content-length: 4\r\ncontent-length: 5\r\n',
      'transfer-encoding: xchunked\r\n',
    ])
      expect(await raw(`${head}${lengths}\r\n0\r\n\r\nGET /v1/sessions HTTP/1.1\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('must arrive completely within thirty seconds', () => {
    expect(platform.gateway.app.server.requestTimeout).toBe(30_000);
    expect(platform.gateway.app.server.headersTimeout).toBeLessThanOrEqual(60_000);
  });

  test('with a repeated parameter is rejected', async () => {
    for (const query of ['limit=1&limit=2', 'cursor=a&cursor=b', 'position=a&position=b', 'limit=1&limit[]=2&limit='])
      expect((await ask({ url: `/v1/sessions?${query}`, headers: byKey() })).statusCode, query).toBe(400);
  });

  test('with its credentials in the URL is unauthenticated', async () => {
    for (const name of ['access_token', 'token', 'api_key', 'authorization'])
      expect((await ask({ url: `/v1/sessions?${name}=${platform.api.apiKey}` })).statusCode).toBe(401);
  });

  test('with fields that it may not set is rejected as a whole', async () => {
    for (const field of ['tenant_id', 'principal', 'session_id', 'decision', 'requestDigest', 'constructor']) {
      const answer = await ask({
        method: 'POST',
        url: '/v1/sessions/start',
        headers: { ...byKey(), ...json },
        payload: `{"persona":"guide","${field}":"acme"}`,
      });
      expect([field, answer.json<ProblemJson>().code]).toEqual([
        field,
        field === 'constructor' ? expect.stringMatching(/^REQUEST_(?:INVALID|MALFORMED)$/) : 'REQUEST_INVALID',
      ]);
    }
  });

  test('cannot forge its address: wrong keys are counted by the address of the connection', async () => {
    const codes: string[] = [];
    for (let n = 0; n < 32; n += 1) {
      const headers = {
        authorization: `Bearer khp_none${n}`,
        ...{ 'x-forwarded-for': `10.0.0.${n}`, 'x-real-ip': `10.0.0.${n}`, forwarded: `for=10.0.0.${n}` },
      };
      codes.push((await ask({ url: '/v1/sessions', headers, remoteAddress: '192.0.2.7' })).json<ProblemJson>().code);
    }
    expect(codes.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 'TOKEN_INVALID'));
    expect(codes.slice(30)).toEqual(['RATE_LIMITED', 'RATE_LIMITED']);
  });
});

describe('the log of a gateway', () => {
  test('has caller, route and address of refused access', async () => {
    lines.length = 0;
    await ask({ url: '/v1/sessions', headers: { authorization: 'Bearer a.b.c' }, remoteAddress: '192.0.2.8' });
    await ask({ url: '/v1/sessions', headers: { authorization: `Bearer ${session.token}` } });
    const body = { scope: 'tenant', reason: 'a test' };
    await platform.acme.call('POST', '/v1/revocations', { body });
    const refused = lines.map((line) => JSON.parse(line) as object).filter((line) => 'code' in line);
    expect(refused).toMatchObject([
      { level: 40, code: 'TOKEN_INVALID', principal: null, ip: '192.0.2.8', route: '/v1/sessions', method: 'GET' },
      { level: 40, code: 'CREDENTIAL_NOT_ALLOWED', tenantId: 'demo', principal: expect.stringMatching(/^api_key:/) },
      { level: 40, code: 'CAPABILITY_MISSING', tenantId: 'acme', route: '/v1/revocations' },
    ]);
  });

  test('has the text of an unexpected error, under the request id that the client received', async () => {
    const { sessions } = platform.readModel;
    platform.readModel.sessions = () => Promise.reject(new Error('inner words'));
    lines.length = 0;
    const answer = await ask({ url: '/v1/sessions', headers: byKey() });
    platform.readModel.sessions = sessions;
    expect(answer.json<ProblemJson>()).toMatchObject({ status: 500, code: 'UNEXPECTED' });
    expect(answer.body).not.toMatch(/inner words|at \w+ \(/);
    const errors = lines.map((line) => JSON.parse(line) as object).filter((line) => 'err' in line);
    expect(errors).toMatchObject([
      { level: 50, reqId: answer.headers['x-request-id'], err: { message: 'inner words', stack: expect.any(String) } },
    ]);
  });

  test('has no credential and no prompt, even when it logs every request', async () => {
    await platform.api.start({ persona: 'guide', prompt: 'a unique word: xylotomous' });
    await ask({ url: '/v1/sessions', headers: { authorization: 'Bearer khp_wrong-but-mine' } });
    const all = lines.join('');
    expect(all).toContain('/v1/sessions/start');
    for (const secret of [platform.api.apiKey, session.token, 'khp_wrong-but-mine', 'xylotomous'])
      expect(all).not.toContain(secret);
  });
});
