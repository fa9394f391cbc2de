import { randomBytes, scrypt, scryptSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** The record of a key in the file; it never contains the key. */
export const apiKeyRecord = z.object({
  id: z.string().min(1),
  prefix: z.string().min(1),
  tenant_id: z.string().min(1),
  name: z.string().min(1),
  capabilities: z.array(z.string().min(1)),
  hash: z.string().regex(/^scrypt\$\d+\$\d+\$\d+\$[\w-]+\$[\w-]+$/),
  created_at: z.iso.datetime(),
});
export type ApiKeyRecord = z.infer<typeof apiKeyRecord>;

/** Tenant, name and capabilities of a new key. */
export interface ApiKeyGrant {
  readonly tenantId: string;
  readonly name: string;
  readonly capabilities: readonly string[];
}

/** `khp_<prefix>_<secret>`: the prefix finds the key, the secret proves it. 256 random bits. */
const FORM = /^khp_([a-z0-9]{8})_([\w-]{43})$/;
/**
 * 16 MB and about 40 ms per check (RFC 7914). The secret is random, so this protects a leaked file, not a weak
 * password.
 */
const COST = { N: 16_384, r: 8, p: 1 } as const;
const HASH_BYTES = 32;

/** Returns the text of a new key, with a new prefix, or with a new secret for a given prefix. */
export const newKeyText = (prefix = randomBytes(4).toString('hex')): string =>
  `khp_${prefix}_${randomBytes(32).toString('base64url')}`;

/** Returns the prefix of a key; null when the text does not have the form of a key. */
export function prefixOf(key: string): string | null {
  return FORM.exec(key)?.[1] ?? null;
}

const hashText = (salt: Buffer, hash: Buffer): string =>
  ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$');

/** Computes the slow hash of a key, off the main thread. */
export function hashOf(key: string): Promise<string> {
  const salt = randomBytes(16);
  return new Promise((resolve, reject) => {
    scrypt(key, salt, HASH_BYTES, COST, (error, hash) =>
      error === null ? resolve(hashText(salt, hash)) : reject(error),
    );
  });
}

/** Returns the record of a key. `id` begins with `idPrefix`. Throws for a text that is not a key. */
export function recordOf(key: string, grant: ApiKeyGrant, idPrefix = '', now = new Date()): ApiKeyRecord {
  const prefix = prefixOf(key);
  if (prefix === null) throw new Error('the text is not an API key: expected khp_<prefix>_<secret>');
  const salt = randomBytes(16);
  return {
    id: `${idPrefix}${prefix}`,
    prefix,
    tenant_id: grant.tenantId,
    name: grant.name,
    capabilities: [...grant.capabilities],
    hash: hashText(salt, scryptSync(key, salt, HASH_BYTES, COST)),
    created_at: now.toISOString(),
  };
}

/** Returns true when the key has the stored hash. Runs off the main thread; compares in constant time. */
export function matchesHash(key: string, stored: string): Promise<boolean> {
  const [, n, r, p, salt = '', hash = ''] = stored.split('$');
  const expected = Buffer.from(hash, 'base64url');
  const cost = { N: Number(n), r: Number(r), p: Number(p) };
  return new Promise((resolve, reject) => {
    scrypt(key, Buffer.from(salt, 'base64url'), expected.length, cost, (error, actual) =>
      error === null ? resolve(timingSafeEqual(actual, expected)) : reject(error),
    );
  });
}
