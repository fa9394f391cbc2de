import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesHash, newKeyText, prefixOf, recordOf } from './api-key.ts';
import { ApiKeyVerifier } from './api-key-verifier.ts';

const grant = { tenantId: 'demo', name: 'demo', capabilities: ['slm:invoke:*'] };

test('a new key has 256 random bits, and its record contains none of them', () => {
  const keys = Array.from({ length: 100 }, newKeyText);
  expect(new Set(keys).size).toBe(100);
  for (const key of keys) expect(Buffer.from(key.split('_').slice(2).join('_'), 'base64url')).toHaveLength(32);
  const [key = ''] = keys;
  const record = JSON.stringify(recordOf(key, grant));
  expect(record).not.toContain(key.slice('khp_'.length + 9));
  expect(record).toContain('scrypt$16384$8$1$');
});

test('each hash of a key has a new salt, and each of its hashes verifies it', async () => {
  const key = newKeyText();
  const [one, two] = [recordOf(key, grant).hash, recordOf(key, grant).hash];
  expect(one).not.toBe(two);
  expect(await Promise.all([matchesHash(key, one), matchesHash(key, two)])).toEqual([true, true]);
});

test('any other text is not a key, and costs no slow hash', async () => {
  let asked = 0;
  const find = () => {
    asked += 1;
    return undefined;
  };
  const verifier = new ApiKeyVerifier({ find });
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'binary' }).map((text) => `khp_${text}`),
    fc.tuple(fc.string(), fc.string()).map(([prefix, secret]) => `khp_${prefix}_${secret}`),
    fc.constant(newKeyText()).map((key) => `${key}\n`),
    fc.constant(newKeyText()).map((key) => key.toUpperCase()),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      expect(prefixOf(text)).toBeNull();
      expect(verifier.recall(text)).toBeNull();
      expect(await verifier.verify(text)).toBeNull();
    }),
    { numRuns: 1_000 },
  );
  expect(asked).toBe(0);
});

test('a key with a character changed, left out or put in is not that key', async () => {
  const key = newKeyText();
  const { prefix: itsPrefix, tenant_id: tenantId, capabilities, hash } = recordOf(key, grant);
  const stored = { prefix: itsPrefix, tenantId, principal: 'api_key:test', capabilities, hashes: [hash] };
  const verifier = new ApiKeyVerifier({ find: (prefix) => (prefix === itsPrefix ? stored : undefined) });
  expect(await verifier.verify(key)).toMatchObject({ tenantId: 'demo' });
  const change = fc.record({
    at: fc.nat({ max: key.length - 1 }),
    drop: fc.nat({ max: 1 }),
    put: fc.string({ unit: fc.constantFrom(...'abz019AZ_- '), maxLength: 1 }),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ at, drop, put }) => {
      const changed = key.slice(0, at) + put + key.slice(at + drop);
      fc.pre(changed !== key);
      expect(verifier.recall(changed)).toBeNull();
      expect(await verifier.verify(changed)).toBeNull();
    }),
    // Texts that still have the form of a key cost 40 ms each.
    { numRuns: 100 },
  );
  expect(verifier.recall(key)).toMatchObject({ tenantId: 'demo' });
});

test('of proved keys those used last are remembered, and the others are proved again', async () => {
  const keys = [newKeyText(), newKeyText(), newKeyText()] as const;
  const stored = new Map(
    keys.map((key) => {
      const { prefix, hash } = recordOf(key, grant);
      return [prefix, { prefix, tenantId: 'demo', principal: prefix, capabilities: [], hashes: [hash] }];
    }),
  );
  const verifier = new ApiKeyVerifier({ find: (prefix) => stored.get(prefix), rememberedMax: 2 });
  const [first, second, third] = keys;
  for (const key of [first, second]) expect(await verifier.verify(key)).not.toBeNull();
  expect(verifier.recall(first)).not.toBeNull();
  expect(await verifier.verify(third)).not.toBeNull();
  expect(keys.map((key) => verifier.recall(key) !== null)).toEqual([true, false, true]);
  expect(await verifier.verify(second)).not.toBeNull();
});
