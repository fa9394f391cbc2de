import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { IdentityProvider, type IdentityProviderOptions } from './identity-provider.ts';

interface Signing {
  readonly kid: string;
  readonly jwk: JWK;
  readonly privateKey: CryptoKey;
}

const PATIENCE = { timeout: 30_000 };
const START_MS = Date.UTC(2026, 0, 1);
let server: Server;
let issuer: string;
/** The keys that the provider serves now, and whether it answers. */
let shown: readonly Signing[];
let away: boolean;
let asked: string[];

async function newKey(kid: string): Promise<Signing> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  return { kid, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' }, privateKey };
}

beforeEach(async () => {
  // Only Date is fake: waits for the network are real.
  vi.useFakeTimers({ toFake: ['Date'], now: START_MS });
  [away, asked, shown] = [false, [], [await newKey('k1')]];
  server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const body = url.endsWith('/keys')
      ? { keys: shown.map(({ jwk }) => jwk) }
      : { issuer, jwks_uri: `${issuer}/keys`, token_endpoint: `${issuer}/token` };
    response.writeHead(away ? 503 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  vi.useRealTimers();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const provider = (changes: Partial<IdentityProviderOptions> = {}) =>
  new IdentityProvider(
    { issuerUrl: issuer, audience: 'khipu', tenantClaim: 'tenant', rolesClaim: 'roles', ...changes },
    pino({ level: 'silent' }),
  );
const signed = (by: Signing | undefined, claims: object = { tenant: 'demo', roles: ['reader'] }) =>
  new SignJWT({ sub: 'ana', ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: by?.kid ?? '' })
    .setIssuer(issuer)
    .setAudience('khipu')
    .setExpirationTime(START_MS / 1_000 + 86_400)
    .sign(by?.privateKey ?? new Uint8Array());
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

test('user, tenant and roles of a token are read from the configured claims', async () => {
  const expected = { principal: 'user:ana', tenantId: 'demo', roles: ['a', 'b'], expiresAtMs: START_MS + 86_400_000 };
  expect(await provider().verify(await signed(shown[0], { tenant: 'demo', roles: ['a', 'b'] }))).toEqual(expected);
  const others = provider({ tenantClaim: 'https://khipu/org', rolesClaim: 'groups' });
  const token = await signed(shown[0], { 'https://khipu/org': 'demo', groups: 'a  b' });
  expect(await others.verify(token)).toEqual(expected);
  expect(await others.verify(await signed(shown[0]))).toBe('invalid');
  expect(await provider().verify(await signed(shown[0], { tenant: 'demo', roles: 7 }))).toMatchObject({ roles: [] });
});

test('a token belongs to the provider by its issuer alone, with or without a final slash', async () => {
  const token = await signed(shown[0]);
  expect(provider().issued(token)).toBe(true);
  expect(provider({ issuerUrl: `${issuer}/` }).issued(token)).toBe(true);
  expect(await provider({ issuerUrl: `${issuer}/` }).verify(token)).toMatchObject({ principal: 'user:ana' });
  expect(provider({ issuerUrl: `${issuer}/realm` }).issued(token)).toBe(false);
  for (const nonsense of ['', 'a.b.c', 'khp_x']) expect(provider().issued(nonsense)).toBe(false);
});

test('a discovery document of another issuer is rejected', async () => {
  const token = await signed(shown[0]);
  const real = issuer;
  const mistaken = provider();
  issuer = `${real}/other`;
  expect(await mistaken.verify(token)).toBe('unavailable');
});

test('an unavailable provider is asked again after a second, and not before', async () => {
  const one = provider();
  const token = await signed(shown[0]);
  away = true;
  expect(await one.verify(token)).toBe('unavailable');
  expect(await one.verify(token)).toBe('unavailable');
  expect(asked).toHaveLength(1);
  away = false;
  later(1_001);
  expect(await one.verify(token)).toMatchObject({ principal: 'user:ana' });
});

test('a new key of the provider is fetched at its first use', async () => {
  const one = provider();
  await one.verify(await signed(shown[0]));
  const next = await newKey('k2');
  shown = [next, ...shown];
  later(5_001);
  expect(await one.verify(await signed(next))).toMatchObject({ principal: 'user:ana' });
});

test('a key that the provider removed is valid until its keys are fetched again', async () => {
  const one = provider();
  const [former] = shown;
  const token = await signed(former);
  expect(await one.verify(token)).toMatchObject({ principal: 'user:ana' });
  shown = [await newKey('k2')];
  away = true;
  later(10 * 60_000 + 1);
  const before = asked.length;
  expect(await one.verify(token)).toMatchObject({ principal: 'user:ana' });
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(before), PATIENCE);
  // A token with an unknown key is not known to be wrong.
  expect(await one.verify(await signed(shown[0]))).toBe('unavailable');
  away = false;
  later(10 * 60_000 + 1);
  await one.verify(token);
  await vi.waitFor(async () => expect(await one.verify(token)).toBe('invalid'), PATIENCE);
});

test('an expired token is distinguished from an invalid one', async () => {
  const token = await signed(shown[0]);
  later(86_400_000 + 6_000);
  expect(await provider().verify(token)).toBe('expired');
});
