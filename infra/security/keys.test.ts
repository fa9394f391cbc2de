import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashOf, newKeyText } from './api-key.ts';
import { ApiKeyFile, createApiKey } from './api-key-file.ts';
import { ApiKeyVerifier } from './api-key-verifier.ts';
import { ensureDevelopmentKeys } from './development-keys.ts';
import { readKeySet } from './key-set.ts';
import { constitutionSigner, loadKeys, trustedConstitutionKeys } from './load-keys.ts';

let keysDir: string;
beforeAll(() => {
  keysDir = mkdtempSync(join(tmpdir(), 'khipu-keys-'));
  ensureDevelopmentKeys(keysDir);
});
afterAll(() => rmSync(keysDir, { recursive: true, force: true }));

const verifier = (production = false) => {
  const file = new ApiKeyFile({ keysDir, production });
  return new ApiKeyVerifier({ find: (prefix) => file.find(prefix) });
};
const demoKey = () => readFileSync(join(keysDir, 'api-key'), 'utf8').trim();

test('a second start finds the keys of the first', () => {
  const before = readFileSync(join(keysDir, 'jwt.json'), 'utf8');
  ensureDevelopmentKeys(keysDir);
  expect(readFileSync(join(keysDir, 'jwt.json'), 'utf8')).toBe(before);
});

test('only the owner can read the created files', () => {
  for (const file of ['jwt.json', 'constitution.json', 'api-key', 'api-keys.json'])
    expect(statSync(join(keysDir, file)).mode & 0o777).toBe(0o600);
});

test('the key that signs constitutions is trusted under the same kid', () => {
  const config = { mode: 'development', keysDir } as const;
  expect([...trustedConstitutionKeys(config).keys()]).toEqual([constitutionSigner(config).keyId]);
  expect(loadKeys(config).signing.keyId).toMatch(/^dev-/);
});

test('production rejects a development key', () => {
  expect(() => loadKeys({ mode: 'production', keysDir })).toThrow(/development key/);
});

test('production does not generate keys', () => {
  const empty = mkdtempSync(join(tmpdir(), 'khipu-keys-'));
  expect(() => loadKeys({ mode: 'production', keysDir: empty })).toThrow(/does not generate keys/);
  rmSync(empty, { recursive: true });
});

test('the error for a broken key file names it, without its content', () => {
  const broken = mkdtempSync(join(tmpdir(), 'khipu-keys-'));
  writeFileSync(join(broken, 'jwt.json'), '{"keys":[{"d":"secret"}]}');
  expect(() => loadKeys({ mode: 'production', keysDir: broken })).toThrow(/^(?!.*secret).*jwt\.json/);
  rmSync(broken, { recursive: true });
});

test('the demo key authenticates its tenant, the second time from the cache', async () => {
  const keys = verifier();
  expect(keys.recall(demoKey())).toBeNull();
  expect(await keys.verify(demoKey())).toMatchObject({ tenantId: 'demo' });
  expect(keys.recall(demoKey())).toMatchObject({ tenantId: 'demo' });
  expect(await keys.verify(demoKey())).toMatchObject({ tenantId: 'demo' });
});

test('the demo key is not valid in production', async () => {
  expect(await verifier(true).verify(demoKey())).toBeNull();
});

test('a wrong secret, an unknown prefix and another text are rejected', async () => {
  const keys = verifier();
  const wrong = `${demoKey().slice(0, -4)}${demoKey().endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
  expect(await keys.verify(wrong)).toBeNull();
  expect(await keys.verify(demoKey().replace(/^khp_.{8}/, 'khp_00000000'))).toBeNull();
  expect(await keys.verify('something else')).toBeNull();
});

test('a running gateway accepts a new key, and rejects a removed one', async () => {
  const file = new ApiKeyFile({ keysDir, production: false });
  const before = readFileSync(join(keysDir, 'api-keys.json'), 'utf8');
  const { key } = createApiKey({ keysDir, tenantId: 'acme', name: 'ci', capabilities: ['session:start'] });
  const keys = new ApiKeyVerifier({ find: (prefix) => file.find(prefix) });
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  expect(await keys.verify(key)).toMatchObject({ tenantId: 'acme', capabilities: ['session:start'] });
  writeFileSync(join(keysDir, 'api-keys.json'), before);
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  expect(await keys.verify(key)).toBeNull();
});

test('concurrent slow checks are bounded', async () => {
  const keys = new ApiKeyVerifier({ find: () => undefined, checksMax: 1 });
  const first = keys.verify(demoKey());
  await expect(keys.verify(demoKey().replace(/^khp_.{8}/, 'khp_11111111'))).rejects.toMatchObject({
    code: 'AUTH_BUSY',
  });
  expect(await first).toBeNull();
});

test('a rotated key is verified by either secret while they overlap, and only by the later one afterwards', async () => {
  const [former, later] = [newKeyText('0a1b2c3d'), newKeyText('0a1b2c3d')];
  let hashes = [await hashOf(former)];
  const stored = { prefix: '0a1b2c3d', tenantId: 'demo', principal: 'user:ana', capabilities: [] };
  const keys = new ApiKeyVerifier({ find: () => ({ ...stored, hashes }) });
  expect(await keys.verify(former)).toMatchObject({ principal: 'user:ana', key: { hash: hashes[0] } });
  expect(await keys.verify(later)).toBeNull();
  hashes = [await hashOf(later), ...hashes];
  expect(await keys.verify(later)).toMatchObject({ key: { prefix: '0a1b2c3d', hash: hashes[0] } });
  expect(keys.recall(former)).toMatchObject({ key: { hash: hashes[1] } });
  hashes = hashes.slice(0, 1);
  expect(keys.recall(former)).toBeNull();
  expect(await keys.verify(former)).toBeNull();
  expect(keys.recall(later)).not.toBeNull();
});

test('a folder in place of a key file is reported, with the file that signs constitutions', () => {
  expect(() => readKeySet(keysDir)).toThrow(/expected a readable JWK Set; it is a folder, .*constitution\.json/);
  expect(() => readKeySet(join(keysDir, 'missing.json'))).toThrow(/expected a readable JWK Set$/);
});
