import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../infra/config.ts';
import { ConfigError } from '../../../infra/kit/config-error.ts';
import { ApiClient, type ProblemJson } from '../../support/api-client.ts';
import { openSse } from '../../support/sse-client.ts';
import { type Harness, startHarness } from './support/harness.ts';
import { type OidcServer, startOidcServer } from './support/oidc-server.ts';

const ROLES = { 'ci-reader': ['reader'], 'ci-none': [], 'ci-unknown': ['reader-of-others'] };
let provider: OidcServer;
let platform: Harness;

beforeAll(async () => {
  provider = await startOidcServer({
    ...Object.fromEntries(Object.entries(ROLES).map(([id, roles]) => [id, { tenant: 'demo', roles }])),
    'ci-spaced': { tenant: 'demo', roles: 'reader other' },
    'ci-homeless': { roles: ['reader'] },
  });
  platform = await startHarness({ KHIPU_IDENTITY_ISSUER_URL: provider.issuer });
  const role = { name: 'reader', capabilities: ['slm:invoke:*'] };
  expect((await platform.api.call('POST', '/v1/roles', { body: role })).status).toBe(201);
});
afterAll(async () => {
  await platform.close();
  await provider.stop();
});

const with_ = (token: string, url = platform.url): ApiClient => new ApiClient({ url, apiKey: token });
const codeOf = async (token: string, url = platform.url): Promise<number | string> => {
  const { status, body } = await with_(token, url).call<ProblemJson>('GET', '/v1/sessions');
  return status === 200 ? 200 : body.code;
};

describe('an access token of the identity provider', () => {
  test('is accepted wherever an API key is, and has the capabilities of its roles', async () => {
    const client = with_(await provider.token('ci-reader'));
    const started = await client.start({ persona: 'guide' });
    expect(started).toMatchObject({ status: 201, body: { capabilities: ['slm:invoke:*'] } });
    const payload = JSON.parse(Buffer.from(started.body.token.split('.')[1] ?? '', 'base64url').toString()) as object;
    expect(payload).toMatchObject({ sub: 'user:ci-reader', tenant: 'demo' });
    expect((await with_(await provider.token('ci-spaced')).start({ persona: 'guide' })).status).toBe(201);
    const turn = await client.call<ProblemJson>('POST', `/v1/sessions/${started.body.session_id}/turns`, {
      body: { prompt: 'x' },
    });
    expect(turn.body.code).toBe('CREDENTIAL_NOT_ALLOWED');
  });

  test.each(['ci-none', 'ci-unknown'])('of %s has no capability: an unknown role gives none', async (id) => {
    const client = with_(await provider.token(id));
    expect((await client.start({ persona: 'guide', prompt: 'x' })).status).toBe(403);
  });

  test('follows a changed role at once, and also has the roles of its user in the directory', async () => {
    const client = with_(await provider.token('ci-none'));
    const user = { user_id: 'ci-none', name: 'A person', roles: ['reader'] };
    expect((await platform.api.call('POST', '/v1/users', { body: user })).status).toBe(201);
    expect((await client.start({ persona: 'guide' })).body.capabilities).toEqual(['slm:invoke:*']);
  });

  test('of a user who is disabled in the directory is refused', async () => {
    const token = await provider.token('ci-spaced');
    expect(await codeOf(token)).toBe(200);
    const user = { user_id: 'ci-spaced', name: 'A person', status: 'disabled' };
    expect((await platform.api.call('POST', '/v1/users', { body: user })).status).toBe(201);
    expect(await codeOf(token)).toBe('PRINCIPAL_DISABLED');
  });

  test('of another audience, without a tenant, expired, unsigned or signed by another is refused', async () => {
    expect(await codeOf(await provider.token('ci-reader', { audience: 'urn:other:api' }))).toBe('TOKEN_INVALID');
    expect(await codeOf(await provider.token('ci-homeless'))).toBe('TOKEN_INVALID');
    const claims = { sub: 'ana', tenant: 'demo', roles: ['reader'] };
    expect(await codeOf(await provider.sign(claims))).toBe(200);
    expect(await codeOf(await provider.sign(claims, -60))).toBe('TOKEN_EXPIRED');
    expect(await codeOf(await provider.sign({ ...claims, tenant: 'No Tenant' }))).toBe('TOKEN_INVALID');
    expect(await codeOf(await provider.sign({ ...claims, sub: ' ana' }))).toBe('TOKEN_INVALID');
    const whole = { ...claims, iss: provider.issuer, aud: 'khipu', exp: Math.floor(Date.now() / 1_000) + 60 };
    const { privateKey } = await generateKeyPair('ES256');
    for (const kid of ['k1', 'k2'])
      expect(await codeOf(await new SignJWT(whole).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey))).toBe(
        'TOKEN_INVALID',
      );
    expect(await codeOf(new UnsecuredJWT(whole).encode())).toBe('TOKEN_INVALID');
    // With a guessable key.
    const symmetric = new SignJWT(whole).setProtectedHeader({ alg: 'HS256', kid: 'k1' });
    expect(await codeOf(await symmetric.sign(new TextEncoder().encode('k'.repeat(32))))).toBe('TOKEN_INVALID');
  });

  test('ends its streams when it expires', async () => {
    const { body } = await with_(await provider.token('ci-reader')).start({ persona: 'guide' });
    const token = await provider.sign({ sub: 'ana', tenant: 'demo' }, 2);
    const stream = await openSse(`${platform.url}/v1/turn/${body.session_id}?follow=true`, { token });
    expect(stream.status).toBe(200);
    for await (const _ of stream.events());
  });

  test('is accepted during an outage of the provider where its keys are cached; elsewhere it is refused', async () => {
    const token = await provider.token('ci-reader');
    expect(await codeOf(token)).toBe(200);
    await provider.stop();
    expect(await codeOf(token)).toBe(200);
    const another = await platform.another();
    expect(await codeOf(token, another.url)).toBe('IDENTITY_PROVIDER_UNAVAILABLE');
    const refused = await with_(token, another.url).call<ProblemJson>('GET', '/v1/sessions');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await codeOf(platform.api.apiKey, another.url)).toBe(200);
    await another.close();
  });
});

describe('the configuration', () => {
  const parts = {
    ...{ KAFKA_BROKERS: 'k:1', SCHEMA_REGISTRY_URL: 'http://r', DATABASE_URL: 'postgres://p/p' },
    ...{ REDIS_URL: 'redis://r' },
  };

  test.each([
    ['is not a URL', { KHIPU_IDENTITY_ISSUER_URL: 'login.example.com' }],
    [
      'is not encrypted in production',
      { KHIPU_IDENTITY_ISSUER_URL: 'http://login.example.com', KHIPU_MODE: 'production' },
    ],
    [
      'is the public URL of the platform',
      { KHIPU_IDENTITY_ISSUER_URL: 'https://k.example/', KHIPU_PUBLIC_URL: 'https://k.example' },
    ],
  ])('names the variable of an issuer that %s', (_, env) => {
    const load = () => loadConfig({ ...parts, ...env });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(/KHIPU_IDENTITY_ISSUER_URL: expected/);
  });

  test('has no issuer by default', () => {
    expect(loadConfig(parts).identityProvider).toBeNull();
    expect(loadConfig({ ...parts, KHIPU_IDENTITY_ISSUER_URL: 'https://login.example.com' }).identityProvider).toEqual({
      ...{ issuerUrl: 'https://login.example.com', audience: 'khipu', tenantClaim: 'tenant', rolesClaim: 'roles' },
      client: null,
    });
  });
});
