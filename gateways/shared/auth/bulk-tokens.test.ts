import { generateKeyPairSync } from 'node:crypto';
import { exportJWK } from 'jose';
import { beforeAll, expect, it } from 'vitest';
import { BulkTokens } from './bulk-tokens.ts';
import { ALGORITHM } from './session-tokens.ts';

const caller = { tenantId: 'demo', principal: 'key-1', capabilities: [] };
const request = { filter: { tag: 'a' }, action: 'cancel' };
const found = { digest: 'd', count: 3 };
const issuer = 'urn:khipu';

async function tokensOf(): Promise<BulkTokens> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: ALGORITHM, use: 'sig' };
  return new BulkTokens({ keys: { signing: { keyId: 'k', privateKey } as never }, jwks: { keys: [jwk] }, issuer });
}
let tokens: BulkTokens;
beforeAll(async () => {
  tokens = await tokensOf();
});

it('gives back what the dry run found', async () => {
  const { token, endsAt } = await tokens.issue(caller, request, found);
  expect(await tokens.open(caller, { action: 'cancel', filter: { tag: 'a' } }, token)).toEqual(found);
  const leftMs = Date.parse(endsAt) - Date.now();
  expect(leftMs).toBeGreaterThan(590_000);
  expect(leftMs).toBeLessThanOrEqual(600_000);
});

it('opens for no other caller, tenant, filter or action', async () => {
  const { token } = await tokens.issue(caller, request, found);
  for (const [who, what] of [
    [{ ...caller, principal: 'key-2' }, request],
    [{ ...caller, tenantId: 'acme' }, request],
    [caller, { ...request, action: 'pause' }],
    [caller, { ...request, filter: {} }],
    [caller, { ...request, filter: { tag: 'b' } }],
  ] as const)
    expect(await tokens.open(who, what, token)).toBeNull();
});

it('opens for ten minutes, and never when another gateway key signed it', async () => {
  const { token } = await tokens.issue(caller, request, found, Date.now() - 611_000);
  expect(await tokens.open(caller, request, token)).toBeNull();
  const foreign = await (await tokensOf()).issue(caller, request, found);
  expect(await tokens.open(caller, request, foreign.token)).toBeNull();
  for (const text of ['', 'nonsense', 'a.b.c']) expect(await tokens.open(caller, request, text)).toBeNull();
});
