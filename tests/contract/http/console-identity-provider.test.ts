import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../infra/config.ts';
import { ConsoleClient, type ConsoleSessionJson } from './support/console-client.ts';
import { type Harness, startLoggedHarness } from './support/harness.ts';
import { type OidcServer, PUBLIC_URL, signInVariables, startOidcServer } from './support/oidc-server.ts';

let provider: OidcServer;
let platform: Harness;
let lines: string[];
beforeAll(async () => {
  provider = await startOidcServer({
    ana: { tenant: 'demo', roles: ['reader'] },
    bob: { tenant: 'demo', roles: [] },
    homeless: { roles: ['reader'] },
  });
  ({ platform, lines } = await startLoggedHarness(signInVariables(provider.issuer)));
  const role = { name: 'reader', capabilities: ['slm:invoke:*'] };
  expect((await platform.api.call('POST', '/v1/roles', { body: role })).status).toBe(201);
});
afterAll(async () => {
  await platform.close();
  await provider.stop();
});
afterEach(() => {
  provider.user = 'ana';
});

/** Redirects of a sign-in: to the user's consent, back, and once more for a first session. */
const REDIRECTS_MAX = 8;

/** A browser: keeps cookies by host, and follows redirects until one leads to the platform. */
class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  async get(url: string): Promise<Response> {
    const { origin } = new URL(url);
    const own = this.#cookies.get(origin) ?? new Map<string, string>();
    const cookie = [...own].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [name = '', value = ''] = set.split(';')[0]?.split('=') ?? [];
      if (/Max-Age=0/.test(set)) own.delete(name);
      else own.set(name, value);
    }
    this.#cookies.set(origin, own);
    return response;
  }

  /** Returns what the browser sends to this origin. */
  cookiesOf(url: string): string {
    return [...(this.#cookies.get(new URL(url).origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Signs in at the provider. Resolves with the path and the query that it sends the browser back to. */
  async atProvider(url: string): Promise<string> {
    let next = url;
    for (let steps = 0; !next.startsWith(PUBLIC_URL); steps += 1) {
      if (steps === REDIRECTS_MAX) throw new Error(`the provider does not end: ${next}`);
      const response = await this.get(next);
      const location = response.headers.get('location');
      if (location === null) throw new Error(`${next} answers ${response.status}: ${await response.text()}`);
      next = new URL(location, next).href;
    }
    return next.slice(PUBLIC_URL.length);
  }
}

const begin = async (browser: Browser, to = '/console/sessions?tab=cost', url = platform.url): Promise<string> => {
  const answer = await browser.get(`${url}/console/api/sign-in/identity-provider?return_to=${encodeURIComponent(to)}`);
  expect(answer.status).toBe(303);
  return answer.headers.get('location') ?? '';
};

async function signIn(browser = new Browser(), url = platform.url): Promise<Response> {
  return browser.get(platform.url + (await browser.atProvider(await begin(browser, undefined, url))));
}
const errorOf = (response: Response): string | null =>
  new URL(response.headers.get('location') ?? '', platform.url).searchParams.get('error');

describe('a sign-in at the identity provider', () => {
  test('asks with PKCE S256, state and nonce, and keeps nothing but a ticket in the browser', async () => {
    const browser = new Browser();
    const asked = new URL(await begin(browser)).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      ...{ client_id: 'console', response_type: 'code', scope: 'openid api' },
      ...{ redirect_uri: `${PUBLIC_URL}/console/api/sign-in/callback`, code_challenge_method: 'S256' },
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{40,}$/),
      nonce: expect.stringMatching(/^[\w-]{40,}$/),
    });
    const cookie = browser.cookiesOf(platform.url);
    expect(cookie).toMatch(/^__Secure-khipu-sign-in=[\w-]{43}$/);
    for (const secret of ['state', 'nonce', 'code_challenge']) expect(cookie).not.toContain(asked.get(secret));
  });

  test('gives a session with the capabilities of the roles, for an hour, and returns to the page', async () => {
    const browser = new Browser();
    const back = await signIn(browser);
    expect([back.status, back.headers.get('location')]).toEqual([303, '/console/sessions?tab=cost']);
    const set = back.headers.getSetCookie();
    expect(set.find((each) => each.startsWith('__Host-khipu-console='))).toMatch(/HttpOnly; Secure; SameSite=Strict$/);
    expect(set.find((each) => each.startsWith('__Secure-khipu-sign-in=;'))).toContain('Max-Age=0');
    const client = new ConsoleClient(platform.url);
    client.cookie = browser.cookiesOf(platform.url);
    const { body } = await client.call<ConsoleSessionJson>('GET', '/console/api/session');
    expect(body).toMatchObject({
      ...{ principal: 'user:ana', tenant_id: 'demo', capabilities: ['slm:invoke:*'] },
      signed_in_with: 'identity_provider',
    });
    const leftMs = Date.parse(body.expires_at) - Date.now();
    expect(leftMs).toBeGreaterThan(3_500_000);
    expect(leftMs).toBeLessThanOrEqual(3_600_000);
    const started = await client.call<{ token: string }>('POST', '/console/api/v1/sessions/start', {
      body: { persona: 'guide' },
      headers: { origin: PUBLIC_URL, 'x-khipu-csrf': body.csrf_token },
    });
    expect(started.status).toBe(201);
  });

  test('has no other capabilities than its roles and those of its user in the directory', async () => {
    provider.user = 'bob';
    const browser = new Browser();
    await signIn(browser);
    const client = new ConsoleClient(platform.url);
    client.cookie = browser.cookiesOf(platform.url);
    const capabilities = async () =>
      (await client.call<ConsoleSessionJson>('GET', '/console/api/session')).body.capabilities;
    expect(await capabilities()).toEqual([]);
    const user = { user_id: 'bob', name: 'Bob', roles: ['reader'] };
    expect((await platform.api.call('POST', '/v1/users', { body: user })).status).toBe(201);
    expect(await capabilities()).toEqual(['slm:invoke:*']);
  });

  test('counts once, and only in the browser that began it', async () => {
    const browser = new Browser();
    const callback = await browser.atProvider(await begin(browser));
    const other = new Browser();
    expect(errorOf(await other.get(platform.url + callback))).toBe('SIGN_IN_EXPIRED');
    await begin(other);
    // The other browser has a sign-in of its own, with another state.
    expect(errorOf(await other.get(platform.url + callback))).toBe('SIGN_IN_FAILED');
    expect(errorOf(await browser.get(platform.url + callback))).toBeNull();
    expect(errorOf(await browser.get(platform.url + callback))).toBe('SIGN_IN_EXPIRED');
    const { searchParams } = new URL(callback, platform.url);
    for (const name of ['code', 'state']) expect(lines.join('\n')).not.toContain(searchParams.get(name));
    expect(lines.join('\n')).toContain('code=redacted');
  });

  test('with a forged state or code gives nothing', async () => {
    for (const name of ['state', 'code', 'iss']) {
      const browser = new Browser();
      const callback = new URL(await browser.atProvider(await begin(browser)), platform.url);
      callback.searchParams.set(name, 'https://forged.example');
      const answer = await browser.get(callback.href);
      expect([name, errorOf(answer)]).toEqual([name, 'SIGN_IN_FAILED']);
      expect(browser.cookiesOf(platform.url)).toBe('');
    }
  });

  test('that the user refuses, or of a user without a tenant, ends at the sign-in page with its code', async () => {
    provider.user = null;
    expect(errorOf(await signIn())).toBe('SIGN_IN_DENIED');
    provider.user = 'homeless';
    expect(errorOf(await signIn())).toBe('SIGN_IN_FAILED');
  });

  test('of a disabled user is refused, and its session ends when the user is disabled later', async () => {
    const browser = new Browser();
    await signIn(browser);
    const client = new ConsoleClient(platform.url);
    client.cookie = browser.cookiesOf(platform.url);
    const user = { user_id: 'ana', name: 'Ana', status: 'disabled' };
    expect((await platform.api.call('POST', '/v1/users', { body: user })).status).toBe(201);
    expect((await client.call('GET', '/console/api/session')).body['code']).toBe('PRINCIPAL_DISABLED');
    expect(errorOf(await signIn())).toBe('PRINCIPAL_DISABLED');
    const active = { body: { name: 'Ana', status: 'active' }, headers: { 'if-match': '*' } };
    expect((await platform.api.call('PUT', '/v1/users/ana', active)).status).toBe(200);
  });

  test('returns to pages of the console alone', async () => {
    for (const to of ['https://evil.example', '//evil.example', '/v1/sessions', '/console\\evil']) {
      const answer = await fetch(
        `${platform.url}/console/api/sign-in/identity-provider?return_to=${encodeURIComponent(to)}`,
        { redirect: 'manual' },
      );
      expect([to, answer.status]).toEqual([to, 400]);
    }
  });

  test('is offered only where a client of the provider is configured', async () => {
    const options = async (url: string) =>
      (await new ConsoleClient(url).call('GET', '/console/api/sign-in')).body['identity_provider'];
    expect(await options(platform.url)).toEqual({ name: new URL(provider.issuer).host });
    const bare = await platform.configured({ KHIPU_IDENTITY_CLIENT_ID: '' });
    expect(await options(bare.url)).toBeNull();
    expect((await fetch(`${bare.url}/console/api/sign-in/identity-provider`)).status).toBe(404);
    await bare.close();
  });

  test('while the provider is away ends at the sign-in page, and works again afterwards', async () => {
    const gone = await startOidcServer({});
    await gone.stop();
    const away = await platform.configured({ KHIPU_IDENTITY_ISSUER_URL: gone.issuer });
    const answer = await fetch(`${away.url}/console/api/sign-in/identity-provider`, { redirect: 'manual' });
    expect(errorOf(answer)).toBe('IDENTITY_PROVIDER_UNAVAILABLE');
    await away.close();
    expect(errorOf(await signIn())).toBeNull();
  });
});

test('the secret of the client is a reference, from a variable or a file', () => {
  const variables = {
    ...{
      KAFKA_BROKERS: 'a:1',
      SCHEMA_REGISTRY_URL: 'http://a',
      DATABASE_URL: 'postgres://a/b',
      REDIS_URL: 'redis://a',
    },
    ...{ KHIPU_IDENTITY_ISSUER_URL: 'https://idp.example', KHIPU_IDENTITY_CLIENT_ID: 'console' },
  };
  const secretOf = (more: Readonly<Record<string, string>>) =>
    loadConfig({ ...variables, ...more }).identityProvider?.client?.secret;
  expect(secretOf({})).toBeNull();
  expect(secretOf({ KHIPU_IDENTITY_CLIENT_SECRET: 's' })).toEqual({
    ...{ from: 'environment', name: 'KHIPU_IDENTITY_CLIENT_SECRET' },
  });
  expect(secretOf({ KHIPU_IDENTITY_CLIENT_SECRET_FILE: '/run/s' })).toEqual({ from: 'file', path: '/run/s' });
  expect(() => secretOf({ KHIPU_IDENTITY_CLIENT_SECRET: 's', KHIPU_IDENTITY_CLIENT_SECRET_FILE: '/f' })).toThrow(
    'KHIPU_IDENTITY_CLIENT_SECRET_FILE',
  );
});
