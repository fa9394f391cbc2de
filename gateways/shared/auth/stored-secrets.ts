import { hash, randomBytes } from 'node:crypto';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose';
import type { z } from 'zod';
import type { JwtKeys } from '../../../infra/security/load-keys.ts';
import { ALGORITHM, CLOCK_TOLERANCE_S } from './session-tokens.ts';

const SECRET_BYTES = 32;

/** The keys that stored secrets are signed with and checked by. */
export interface SecretKeys {
  readonly keys: Pick<JwtKeys, 'signing'>;
  /** Public keys of all gateways. */
  readonly jwks: JSONWebKeySet;
  /** `iss` of this platform. */
  readonly issuer: string;
}

/** A kind of secrets. */
export interface SecretKind<Claims extends z.ZodObject> {
  /** Three letters that secret scanners find, such as `kst`. */
  readonly prefix: string;
  /** Other than that of every other kind and of session tokens, so that none is accepted for another. */
  readonly audience: string;
  /** What a secret stands for. */
  readonly claims: Claims;
}

/**
 * Random secrets of 256 bits that a store keeps for all gateways: their hash and, signed by the gateway, what they stand for.
 * So reading the store gives no secret, and writing to it gives no identity.
 */
export class StoredSecrets<Claims extends z.ZodObject> {
  readonly #keys: SecretKeys;
  readonly #kind: SecretKind<Claims>;
  readonly #form: RegExp;
  readonly #resolve: ReturnType<typeof createLocalJWKSet>;

  constructor(keys: SecretKeys, kind: SecretKind<Claims>) {
    this.#keys = keys;
    this.#kind = kind;
    this.#form = new RegExp(String.raw`^${kind.prefix}_[\w-]{43}$`);
    this.#resolve = createLocalJWKSet(keys.jwks);
  }

  /** Returns a new secret and the id under which the store keeps it. */
  make(): { readonly secret: string; readonly id: string } {
    const secret = `${this.#kind.prefix}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
    return { secret, id: hashOf(secret) };
  }

  /** Returns the id of a secret; null for a text that has not its form. */
  idOf(secret: string): string | null {
    return this.#form.test(secret) ? hashOf(secret) : null;
  }

  /** Resolves with what the store keeps under `id`, valid to `endsAtS`, s since 1970. */
  seal(id: string, claims: Readonly<Record<keyof z.input<Claims>, unknown>>, endsAtS: number): Promise<string> {
    const { keys, issuer } = this.#keys;
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, kid: keys.signing.keyId, typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(this.#kind.audience)
      .setExpirationTime(endsAtS)
      .setJti(id)
      .sign(keys.signing.privateKey);
  }

  /** Resolves with what a stored value stands for; null unless a gateway signed it for `id`, and after its end. */
  async open(
    id: string,
    value: string,
  ): Promise<{ readonly claims: z.output<Claims>; readonly endsAtS: number } | null> {
    try {
      const { payload } = await jwtVerify(value, this.#resolve, {
        algorithms: [ALGORITHM],
        issuer: this.#keys.issuer,
        audience: this.#kind.audience,
        requiredClaims: ['exp', 'jti'],
        // The store ends a secret to the millisecond.
        clockTolerance: CLOCK_TOLERANCE_S,
      });
      const { jti, exp = 0 } = payload;
      return jti === id ? { claims: this.#kind.claims.parse(payload), endsAtS: exp } : null;
    } catch {
      return null;
    }
  }
}

const hashOf = (secret: string): string => hash('sha256', secret, 'hex');
