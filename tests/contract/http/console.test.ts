import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { decodeJwt, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProblemJson, StartedJson } from '../../support/api-client.ts';
import { openSse } from '../../support/sse-client.ts';
import { ConsoleClient, type ConsoleRequestOptions } from './support/console-client.ts';
import { type Harness, startLoggedHarness } from './support/harness.ts';

const built = mkdtempSync(join(tmpdir(), 'khipu-console-'));
const script = 'console.log("khipu")';
mkdirSync(join(built, 'assets'));
writeFileSync(join(built, 'index.html'), '<!doctype html><title>Khipu</title>');
writeFileSync(join(built, 'icon.svg'), '<svg/>');
writeFileSync(join(built, 'assets', 'index-0a1b2c3d.js'), script);
writeFileSync(join(built, 'assets', 'index-0a1b2c3d.js.gz'), gzipSync(script));

let platform: Harness;
let lines: string[];
let session: StartedJson;
beforeAll(async () => {
  ({ platform, lines } = await startLoggedHarness({ KHIPU_CONSOLE_DIR: built }));
  session = (await platform.api.start({ persona: 'guide', prompt: 'What is a khipu?' })).body;
  await platform.api.stream(session, session.turn_url);
});
afterAll(async () => {
  await platform.close();
  rmSync(built, { recursive: true, force: true });
});

async function signedIn(apiKey = platform.api.apiKey, url = platform.url): Promise<ConsoleClient> {
  const client = new ConsoleClient(url);
  expect((await client.signIn(apiKey)).status).toBe(200);
  return client;
}
const codeOf = async (
  client: ConsoleClient,
  method: string,
  path: string,
  options: ConsoleRequestOptions = {},
): Promise<string | number> => {
  const { status, body } = await client.call<ProblemJson>(method, path, options);
  return status >= 400 ? body.code : status;
};
const current = (client: ConsoleClient): Promise<string | number> => codeOf(client, 'GET', '/console/api/session');

describe('a sign-in', () => {
  test('with an API key gives a cookie that is not the key, and a session that ends', async () => {
    const client = new ConsoleClient(platform.url);
    const { status, body, headers } = await client.signIn(platform.api.apiKey);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    const cookie = headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^khipu-console=kcs_[\w-]{43}; Path=\/console\/api; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(platform.api.apiKey.slice(-20));
    expect(body).toMatchObject({ tenant_id: 'demo', signed_in_with: 'api_key', idle_seconds: 1_800 });
    expect(body.principal).toMatch(/^api_key:/);
    const leftMs = Date.parse(body.expires_at) - Date.now();
    expect(leftMs).toBeGreaterThan(7.9 * 3_600_000);
    expect(leftMs).toBeLessThanOrEqual(8 * 3_600_000);
    expect((await client.call('GET', '/console/api/session')).body).toEqual(body);
  });

  test('with TLS gives a cookie that no other host can set and plain HTTP does not send', async () => {
    const secure = await platform.configured({ KHIPU_PUBLIC_URL: 'https://khipu.example' });
    const client = new ConsoleClient(secure.url);
    const { headers } = await client.call('POST', '/console/api/sign-in', {
      body: { api_key: platform.api.apiKey },
      headers: { origin: 'https://khipu.example' },
    });
    expect(headers.get('set-cookie')).toMatch(
      /^__Host-khipu-console=kcs_[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(await current(client)).toBe(200);
    await secure.close();
  });

  test('with a wrong key, a session token or a malformed body is refused', async () => {
    const client = new ConsoleClient(platform.url);
    const key = `khp_${'0'.repeat(8)}_${'0'.repeat(43)}`;
    for (const api_key of [key, session.token.slice(0, 200), 'nonsense'])
      expect(await codeOf(client, 'POST', '/console/api/sign-in', { body: { api_key } })).toBe('TOKEN_INVALID');
    for (const body of [{}, { api_key: '' }, { api_key: 7 }, { api_key: platform.api.apiKey, more: 1 }])
      expect(await codeOf(client, 'POST', '/console/api/sign-in', { body })).toBe('REQUEST_INVALID');
    expect(client.cookie).toBeNull();
  });

  test('from a page of another origin, or from no page, is refused', async () => {
    const client = new ConsoleClient(platform.url);
    const body = { api_key: platform.api.apiKey };
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: null }])
      expect(await codeOf(client, 'POST', '/console/api/sign-in', { body, headers })).toBe('ORIGIN_NOT_ALLOWED');
    const headers = { 'sec-fetch-site': 'same-site' };
    expect(await codeOf(client, 'POST', '/console/api/sign-in', { body, headers })).toBe('ORIGIN_NOT_ALLOWED');
    expect(client.cookie).toBeNull();
  });

  test('ends the former session of the browser', async () => {
    const client = await signedIn();
    const { cookie } = client;
    await client.signIn(platform.api.apiKey);
    expect(client.cookie).not.toBe(cookie);
    const former = new ConsoleClient(platform.url);
    former.cookie = cookie;
    expect([await current(former), await current(client)]).toEqual(['CONSOLE_SESSION_ENDED', 200]);
  });

  test('limits wrong keys of an address together with those of the API', async () => {
    const other = await platform.another();
    const client = new ConsoleClient(other.url);
    const codes: (string | number)[] = [];
    for (let wrong = 0; wrong < 31; wrong += 1) {
      const api_key = `khp_${'0'.repeat(8)}_${'0'.repeat(43)}`;
      codes.push(await codeOf(client, 'POST', '/console/api/sign-in', { body: { api_key } }));
    }
    expect([codes[0], codes.at(-1)]).toEqual(['TOKEN_INVALID', 'RATE_LIMITED']);
    await other.close();
  });

  test('is logged with its principal; the key and the cookie are in no log and in no store', async () => {
    const client = await signedIn();
    await client.call('GET', '/console/api/v1/sessions');
    const secret = client.cookie?.split('=')[1] ?? '';
    expect(lines.filter((line) => line.includes('console sign-in')).at(-1)).toContain('"principal":"api_key:');
    for (const kept of [lines.join('\n'), platform.consoleStore.content])
      for (const text of [secret, platform.api.apiKey]) expect(kept).not.toContain(text);
  });
});

describe('the cookie', () => {
  test('is accepted below /console/api alone, whatever the route, and counts as its principal', async () => {
    const client = await signedIn();
    const started = await client.call<StartedJson>('POST', '/console/api/v1/sessions/start', {
      body: { persona: 'guide' },
    });
    expect(started.status).toBe(201);
    const { body } = await client.call<{ items: { session_id: string }[] }>('GET', '/console/api/v1/sessions');
    expect(body.items.map(({ session_id }) => session_id)).toContain(started.body.session_id);
    const view = await platform.api.call('GET', `/v1/sessions/${started.body.session_id}`);
    expect([view.status, view.body['session_id']]).toEqual([200, started.body.session_id]);
    for (const path of ['/v1/sessions', '/v1/console/api/session'])
      expect([401, 404]).toContain((await client.call('GET', path)).status);
    expect(await codeOf(client, 'GET', '/v1/sessions')).toBe('UNAUTHENTICATED');
  });

  test('counts alone: an API key, a session token or a stream ticket does not count below /console/api', async () => {
    const stranger = new ConsoleClient(platform.url);
    for (const token of [platform.api.apiKey, session.token]) {
      const headers = { authorization: `Bearer ${token}` };
      expect(await codeOf(stranger, 'GET', '/console/api/v1/sessions', { headers })).toBe('UNAUTHENTICATED');
    }
    const { body } = await platform.api.call('POST', `/v1/sessions/${session.session_id}/stream-tickets`);
    const ticketed = `/console/api/v1/turn/${session.session_id}?ticket=${String(body['ticket'])}`;
    expect(await codeOf(stranger, 'GET', ticketed)).toBe('UNAUTHENTICATED');
    const acme = await signedIn(platform.acme.apiKey);
    const headers = { authorization: `Bearer ${platform.api.apiKey}` };
    const seen = await acme.call('GET', '/console/api/v1/sessions', { headers });
    expect(JSON.stringify(seen.body)).not.toContain(session.session_id);
  });

  test('of another tenant shows nothing of this one', async () => {
    const acme = await signedIn(platform.acme.apiKey);
    expect(await codeOf(acme, 'GET', `/console/api/v1/sessions/${session.session_id}`)).toBe('SESSION_UNKNOWN');
    expect(await codeOf(acme, 'GET', `/console/api/v1/turn/${session.session_id}`)).toBe('SESSION_UNKNOWN');
    expect(await codeOf(acme, 'POST', '/console/api/v1/tenants', { body: { tenant_id: 'x', name: 'X' } })).toBe(
      'CAPABILITY_MISSING',
    );
  });

  test('changes something only with the CSRF token of its session and from its own origin', async () => {
    const client = await signedIn();
    const other = await signedIn();
    const start = (headers: Readonly<Record<string, string | null>>) =>
      codeOf(client, 'POST', '/console/api/v1/sessions/start', { body: { persona: 'guide' }, headers });
    for (const token of [null, '', 'x', other.csrf, `${client.csrf}x`])
      expect(await start({ 'x-khipu-csrf': token })).toBe('CSRF_TOKEN_INVALID');
    for (const origin of [null, 'null', 'https://evil.example', `${platform.url}.evil.example`])
      expect(await start({ origin })).toBe('ORIGIN_NOT_ALLOWED');
    expect(await start({ 'sec-fetch-site': 'cross-site' })).toBe('ORIGIN_NOT_ALLOWED');
    expect(await start({ 'sec-fetch-site': 'same-origin' })).toBe(201);
    expect(await codeOf(client, 'POST', '/console/api/sign-out', { headers: { 'x-khipu-csrf': null } })).toBe(
      'CSRF_TOKEN_INVALID',
    );
    expect(await current(client)).toBe(200);
  });

  test('that is unknown, malformed or of another name is refused', async () => {
    const client = new ConsoleClient(platform.url);
    for (const cookie of [`khipu-console=kcs_${'A'.repeat(43)}`, 'khipu-console=x', `khipu-console=${session.token}`]) {
      client.cookie = cookie;
      expect(await current(client)).toBe('CONSOLE_SESSION_ENDED');
    }
    const { cookie } = await signedIn();
    for (const name of ['__Host-khipu-console', 'Khipu-Console', 'x']) {
      client.cookie = `${name}=${cookie?.split('=')[1]}`;
      expect(await current(client)).toBe('UNAUTHENTICATED');
    }
  });

  test('is known at every gateway, until it is signed out at any of them', async () => {
    const other = await platform.another();
    const client = await signedIn();
    const there = new ConsoleClient(other.url);
    there.cookie = client.cookie;
    expect([await current(client), await current(there)]).toEqual([200, 200]);
    const { status, headers } = await client.call('POST', '/console/api/sign-out');
    expect([status, headers.get('set-cookie')]).toEqual([204, expect.stringMatching(/^khipu-console=; Max-Age=0;/)]);
    expect(await current(there)).toBe('CONSOLE_SESSION_ENDED');
    await other.close();
  });

  test('is refused after its time, and an identity that was written to the store counts for nothing', async () => {
    const client = await signedIn();
    const [key, kept] = (JSON.parse(platform.consoleStore.content) as [string, { value: string }][]).at(-1) ?? [];
    const claims = decodeJwt(kept?.value ?? '');
    const forged = new UnsecuredJWT({ ...claims, identity: { kind: 'user', tenantId: 'demo', principal: 'user:eve' } });
    await platform.consoleStore.put(String(key), forged.encode(), 10_000);
    expect(await current(client)).toBe('CONSOLE_SESSION_ENDED');
    const later = await signedIn();
    platform.consoleStore.expireAll();
    expect(await current(later)).toBe('CONSOLE_SESSION_ENDED');
  });

  test('ends with its API key, and with its principal', async () => {
    const api = (method: string, path: string, body?: object) =>
      platform.api.call(method, path, { ...(body !== undefined && { body }), headers: { 'if-match': '*' } });
    await api('POST', '/v1/users', { user_id: 'ines', name: 'Ines' });
    const created = await api('POST', '/v1/api-keys', { name: 'hers', owner: 'user:ines' });
    expect(created.status).toBe(201);
    const key = String(created.body['key']);
    const client = await signedIn(key);
    expect((await api('PUT', '/v1/users/ines', { name: 'Ines', status: 'disabled' })).status).toBe(200);
    expect(await current(client)).toBe('PRINCIPAL_DISABLED');
    await api('PUT', '/v1/users/ines', { name: 'Ines', status: 'active' });
    // Not alive again: she signs in again.
    expect(await current(client)).toBe('CONSOLE_SESSION_ENDED');
    const again = await signedIn(key);
    await api('DELETE', `/v1/api-keys/${String(created.body['key_id'])}`);
    expect(await current(again)).toBe('CONSOLE_SESSION_ENDED');
  });

  test('is refused with a time to try again while the store does not answer', async () => {
    const client = await signedIn();
    platform.consoleStore.away = true;
    const { status, body, headers } = await client.call<ProblemJson>('GET', '/console/api/session');
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'CONSOLE_UNAVAILABLE', '1']);
    expect((await new ConsoleClient(platform.url).signIn(platform.api.apiKey)).body.code).toBe('CONSOLE_UNAVAILABLE');
    platform.consoleStore.away = false;
    expect(await current(client)).toBe(200);
  });
});

describe('a stream of the console', () => {
  const open = (client: ConsoleClient, url = platform.url) =>
    openSse(`${url}/console/api/v1/turn/${session.session_id}?follow=true`, {
      token: null,
      headers: { cookie: client.cookie ?? '' },
    });
  const rest = async (stream: Awaited<ReturnType<typeof open>>): Promise<void> => {
    for await (const _ of stream.events());
  };

  test('opens with the cookie, and ends with a sign-out at this gateway or at another', async () => {
    const other = await platform.another();
    const client = await signedIn();
    const survivor = await signedIn();
    const [here, there, unrelated] = await Promise.all([open(client), open(client, other.url), open(survivor)]);
    expect([here.status, there.status, unrelated.status]).toEqual([200, 200, 200]);
    const ended = Promise.all([rest(here), rest(there)]);
    await client.call('POST', '/console/api/sign-out');
    const began = Date.now();
    await ended;
    expect(Date.now() - began).toBeLessThan(3_000);
    expect(await Promise.race([rest(unrelated).then(() => 'ended'), Promise.resolve('open')])).toBe('open');
    unrelated.cut();
    await other.close();
  });

  test('goes on while the store does not answer', async () => {
    const client = await signedIn();
    const stream = await open(client);
    platform.consoleStore.away = true;
    const outcome = await Promise.race([
      rest(stream).then(() => 'ended'),
      new Promise((resolve) => setTimeout(() => resolve('open'), 2_500)),
    ]);
    platform.consoleStore.away = false;
    stream.cut();
    expect(outcome).toBe('open');
  });
});

describe('the pages', () => {
  const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    platform.gateway.app.inject({ url: path, headers: { accept: 'text/html', ...headers } });

  test('are the index for each address of the console, with a strict policy', async () => {
    for (const path of ['/console', '/console/', '/console/sessions/0a1b?tab=cost']) {
      const { statusCode, headers, body } = await get(path);
      expect([path, statusCode, headers['content-type']]).toEqual([path, 200, 'text/html; charset=utf-8']);
      expect(body).toContain('<title>Khipu</title>');
      expect(headers).toMatchObject({
        'cache-control': 'no-cache',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|data:|https?:|\*/);
      expect(headers['set-cookie']).toBeUndefined();
    }
  });

  test('have assets that never change, compressed where the browser takes it', async () => {
    const plain = await get('/console/assets/index-0a1b2c3d.js');
    expect([plain.statusCode, plain.body]).toEqual([200, script]);
    expect(plain.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': expect.stringContaining('javascript'),
    });
    const zipped = await get('/console/assets/index-0a1b2c3d.js', { 'accept-encoding': 'gzip' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect((await get('/console/icon.svg')).headers['content-type']).toContain('image/svg+xml');
    const etag = String((await get('/console')).headers.etag);
    expect((await get('/console', { 'if-none-match': etag })).statusCode).toBe(304);
  });

  test('end at the folder: an unknown asset, a path out of it and the API are no pages', async () => {
    for (const path of [
      '/console/assets/none.js',
      '/console/assets/../../package.json',
      '/console/assets/%2e%2e/%2e%2e/package.json',
      '/console/api',
      '/console/api/nothing',
      '/console/api/v1/nothing',
    ])
      expect([path, (await get(path)).json()]).toEqual([path, expect.objectContaining({ code: 'ROUTE_UNKNOWN' })]);
    expect((await get('/console/%2e%2e/package.json')).body).not.toContain('khipu/client');
  });

  test('answer how to build them while they are not built', async () => {
    const bare = await platform.configured({ KHIPU_CONSOLE_DIR: join(built, 'none') });
    const answer = await fetch(`${bare.url}/console`);
    const again = [answer.headers.get('retry-after'), answer.headers.get('refresh')];
    expect([answer.status, ...again]).toEqual([503, '5', '5']);
    expect(await answer.json()).toMatchObject({
      code: 'CONSOLE_NOT_BUILT',
      detail: expect.stringContaining('npm run console:build'),
    });
    await bare.close();
  });
});
