import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSse } from '../../support/sse-client.ts';
import { type Harness, startHarness } from './support/harness.ts';

let platform: Harness;
let narrow: Harness;
beforeAll(async () => {
  platform = await startHarness();
  narrow = await startHarness({ KHIPU_RATE_LIMIT_PER_MINUTE: '3' });
});
afterAll(async () => {
  await platform.close();
  await narrow.close();
});

const raw = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${platform.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${platform.api.apiKey}`, ...(init.headers as Record<string, string>) },
  });

const json = { 'content-type': 'application/json' };
const post = (body: string, headers: Record<string, string> = json): Promise<Response> =>
  raw('/v1/sessions/start', { method: 'POST', body, headers });

test.each([
  ['an unknown route', () => raw('/v1/nothing?secret=1'), 404, 'ROUTE_UNKNOWN'],
  ['a wrong method', () => raw('/v1/sessions/start'), 405, 'METHOD_NOT_ALLOWED'],
  ['a wrong method', () => raw('/v1/sessions', { method: 'DELETE' }), 405, 'METHOD_NOT_ALLOWED'],
  ['malformed JSON', () => post('{"persona":'), 400, 'REQUEST_MALFORMED'],
  ['no body', () => raw('/v1/sessions/start', { method: 'POST' }), 400, 'REQUEST_INVALID'],
  ['an empty JSON body', () => post(''), 400, 'REQUEST_MALFORMED'],
  ['a body with a poisoned prototype', () => post('{"persona":"guide","__proto__":{"x":1}}'), 400, 'REQUEST_MALFORMED'],
  ['another media type', () => post('persona=guide', { 'content-type': 'text/plain' }), 415, 'MEDIA_TYPE_UNSUPPORTED'],
  ['a body that is too large', () => post(JSON.stringify({ persona: 'x'.repeat(300_000) })), 413, 'BODY_TOO_LARGE'],
  ['no accepted media type', () => raw('/v1/sessions', { headers: { accept: 'text/html' } }), 406, 'NOT_ACCEPTABLE'],
  ['an unknown session', () => raw('/v1/sessions/00000000-0000-4000-8000-000000000000'), 404, 'SESSION_UNKNOWN'],
  ['an invalid path parameter', () => raw('/v1/sessions/x'), 400, 'REQUEST_INVALID'],
  [
    'an Idempotency-Key with spaces',
    () => post('{"persona":"guide"}', { ...json, 'idempotency-key': 'a b' }),
    400,
    'REQUEST_INVALID',
  ],
])('%s is answered as a problem', async (_what, ask, status, code) => {
  const response = await ask();
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = (await response.json()) as Record<string, unknown>;
  expect([response.status, problem['code']]).toEqual([status, code]);
  expect(problem).toMatchObject({
    status,
    type: expect.stringMatching(/^urn:khipu:problem:/),
    title: expect.any(String),
  });
  expect(problem['request_id']).toBe(response.headers.get('x-request-id'));
  expect(String(problem['instance'])).not.toContain('secret');
});

test.each([
  ['{"persona":"guide","promt":"Hi"}', '#/promt', 'Unknown field; did you mean prompt?'],
  ['{}', '#/persona', 'persona is required; such as guide, analyst, teacher'],
  ['{"persona":"guide","prompt":""}', '#/prompt', 'prompt must not be empty'],
  ['{"persona":7}', '#/persona', 'persona must be a string'],
  ['{"persona":"guide","max_tokens":9999}', '#/max_tokens', 'max_tokens must be at most 4096'],
  ['{"persona":"guide","capabilities":["a b"]}', '#/capabilities/0', 'Expected a capability, such as slm:invoke:*'],
])('%s names the field %s, and says what is expected', async (body, pointer, detail) => {
  const problem = (await (await post(body)).json()) as Record<string, unknown>;
  expect(problem['errors']).toEqual([{ in: 'body', pointer, detail }]);
  expect(problem['detail']).toBe(`${pointer} (body): ${detail}`);
});

test.each([
  ['{"persona":x}', 'The body is not valid JSON at line 1, column 12'],
  ['{\n  "persona": "guide",\n}', 'The body is not valid JSON at line 3, column 1'],
  ['{"persona":"gui', 'The body is not valid JSON: it ends too early'],
])('the JSON %j is answered with the position of its fault', async (body, detail) => {
  expect(await (await post(body)).json()).toMatchObject({ code: 'REQUEST_MALFORMED', detail });
});

test.each([
  [{ 'x-api-key': 'khp_1' }, /^X-API-Key is not accepted here: send Authorization: Bearer/],
  [{ authorization: 'Basic eDp5' }, /^The scheme Basic is not accepted here: send Authorization: Bearer/],
  [{ authorization: 'hunter2' }, /^Send Authorization: Bearer/],
])('an answer to credentials sent as %j describes how to send them', async (headers, detail) => {
  const response = await fetch(`${platform.url}/v1/sessions`, { headers });
  expect(await response.json()).toMatchObject({ code: 'UNAUTHENTICATED', detail: expect.stringMatching(detail) });
});

test('a path allows the same methods whatever was asked', async () => {
  const allowed = async (method: string) => (await raw('/v1/sessions/start', { method })).headers.get('allow');
  expect([await allowed('GET'), await allowed('DELETE'), await allowed('OPTIONS')]).toEqual(['POST', 'POST', 'POST']);
});

test('a wrong method is answered with the allowed ones', async () => {
  expect((await raw('/v1/sessions', { method: 'DELETE' })).headers.get('allow')).toMatch(/GET/);
  expect((await raw('/v1/slm/infer_sync')).headers.get('allow')).toBe('POST');
});

test.each([
  ['no credentials', undefined, 'UNAUTHENTICATED'],
  ['another scheme', 'Basic eDp5', 'UNAUTHENTICATED'],
  ['a wrong key', `Bearer khp_00000000_${'a'.repeat(43)}`, 'TOKEN_INVALID'],
  ['a text that is no token', 'Bearer x.y.z', 'TOKEN_INVALID'],
  ['an unsigned token', `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`, 'TOKEN_INVALID'],
])('%s is 401 with a challenge', async (_what, authorization, code) => {
  const response = await fetch(`${platform.url}/v1/sessions`, {
    headers: authorization === undefined ? {} : { authorization },
  });
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
  expect(await response.json()).toMatchObject({ code });
});

test('credentials are checked before the body', async () => {
  const response = await fetch(`${platform.url}/v1/sessions/start`, {
    method: 'POST',
    headers: json,
    body: 'not json',
  });
  expect(response.status).toBe(401);
});

test('too many requests of one caller are 429, and other callers are served', async () => {
  const statuses: number[] = [];
  for (let n = 0; n < 5; n += 1) statuses.push((await narrow.api.call('GET', '/v1/sessions')).status);
  expect(statuses).toEqual([200, 200, 200, 429, 429]);
  const limited = await narrow.api.call('GET', '/v1/sessions');
  expect(limited.body).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(limited.headers.get('ratelimit-limit')).toBe('3');
  expect((await narrow.acme.call('GET', '/v1/sessions')).status).toBe(200);
  expect((await narrow.api.call('GET', '/health/live', { token: null })).status).toBe(200);
});

test('headers that are too large, and input that is not HTTP, are problems too', async () => {
  const large = await raw('/health/live', { headers: { 'x-large': 'a'.repeat(20_000) } });
  expect(large.status).toBe(431);
  expect(large.headers.get('content-type')).toBe('application/problem+json');
  expect(await large.json()).toMatchObject({ code: 'HEADERS_TOO_LARGE', status: 431 });
  const { hostname, port } = new URL(platform.url);
  const said = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write('no http\r\n\r\n'));
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString();
    });
    socket.on('end', () => resolve(text)).on('error', reject);
  });
  expect(said).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(said).toContain('"code":"REQUEST_MALFORMED"');
});

test('every answer has security headers', async () => {
  for (const path of ['/v1/sessions', '/v1/nothing', '/health/live', '/docs']) {
    const { headers } = await raw(path, { headers: { accept: '*/*' } });
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('strict-transport-security')).toContain('max-age');
    expect(headers.get('x-powered-by')).toBeNull();
  }
});

test('a request id of the client is kept unless it is harmful', async () => {
  expect((await raw('/health/live', { headers: { 'x-request-id': 'mine-1' } })).headers.get('x-request-id')).toBe(
    'mine-1',
  );
  expect((await raw('/health/live', { headers: { 'x-request-id': 'a b' } })).headers.get('x-request-id')).not.toBe(
    'a b',
  );
});

test('a stream that the caller may not read is a problem', async () => {
  const stream = await openSse(`${platform.url}/v1/turn/00000000-0000-4000-8000-000000000000`, {
    token: platform.api.apiKey,
    headers: { accept: 'application/json' },
  });
  expect(stream.status).toBe(406);
});
