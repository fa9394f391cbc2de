import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError } from '../kit/config-error.ts';

/** Prefix of the kid of generated development keys; never trusted in production. */
export const DEVELOPMENT_PREFIX = 'dev-';

/** A private key with its kid. */
export interface SigningKey {
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

/** Ed25519 keys of one purpose. The first private key signs; every key verifies, so that rotated keys overlap. */
export interface KeySet {
  readonly signing: SigningKey | null;
  readonly verifying: ReadonlyMap<string, KeyObject>;
}

type Jwk = JsonWebKey & { readonly kid?: string };

const isEd25519 = (jwk: Jwk): boolean => jwk.kty === 'OKP' && jwk.crv === 'Ed25519' && typeof jwk.kid === 'string';

/**
 * Reads a JWK Set (RFC 7517, section 5) of Ed25519 keys. Throws ConfigError, whose message never shows the file's
 * content.
 */
export function readKeySet(path: string): KeySet {
  let keys: readonly Jwk[];
  try {
    const parsed = JSON.parse(readFileSync(path, 'utf8')) as { keys?: unknown };
    if (!Array.isArray(parsed.keys)) throw new Error('no "keys"');
    keys = parsed.keys as Jwk[];
  } catch (cause) {
    const isFolder = (cause as NodeJS.ErrnoException).code === 'EISDIR';
    const hint = isFolder ? '; it is a folder, in which constitutions are signed with constitution.json' : '';
    throw new ConfigError(`${path}: expected a readable JWK Set${hint}`, { cause });
  }
  if (keys.length === 0 || !keys.every(isEd25519))
    throw new ConfigError(`${path}: expected Ed25519 keys (kty OKP, crv Ed25519), each with a kid`);
  const signer = keys.find((jwk) => jwk.d !== undefined);
  return {
    signing:
      signer === undefined
        ? null
        : { keyId: signer.kid ?? '', privateKey: createPrivateKey({ key: signer, format: 'jwk' }) },
    verifying: new Map(keys.map((jwk) => [jwk.kid ?? '', createPublicKey({ key: publicPart(jwk), format: 'jwk' })])),
  };
}

const publicPart = ({ kty, crv, x }: Jwk): JsonWebKey => ({ kty, crv, x }) as JsonWebKey;

/** Returns the thumbprint of RFC 7638: a name derived from the key itself. */
function thumbprint({ crv, kty, x }: Jwk): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
}

/** Returns a JWK Set with one new development key, as text. */
export function newDevelopmentKeySet(): string {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const kid = `${DEVELOPMENT_PREFIX}${thumbprint(jwk).slice(0, 12)}`;
  return `${JSON.stringify({ keys: [{ ...jwk, kid, alg: 'EdDSA', use: 'sig' }] }, null, 2)}\n`;
}
