import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, errors, exportJWK, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { JwtKeys } from '../../../infra/security/load-keys.ts';
import type { SessionCaller } from './caller.ts';

/** Signature algorithm of session tokens and stream tickets: Ed25519. */
export const ALGORITHM = 'EdDSA';
const AUDIENCE = 'khipu';
/** Maximum clock difference between two gateways. */
export const CLOCK_TOLERANCE_S = 5;

/** Bounds of a token beside the configured time to live. */
export interface TokenBounds {
  readonly notAfterMs: number;
  /** `jti` of the token that this one was narrowed from. */
  readonly parent?: string;
}

/** The session and the capabilities that a token stands for. */
export interface TokenSubject {
  readonly sessionId: string;
  readonly tenantId: string;
  /** Place of the session. */
  readonly place: string;
  readonly principal: string;
  readonly capabilities: readonly string[];
  readonly persona: string;
  readonly model: string | null;
}

const claims = z.object({
  sub: z.string().min(1),
  tenant: z.string().min(1),
  session: z.uuid(),
  place: z.string().min(1),
  capabilities: z.array(z.string()),
  persona: z.string(),
  model: z.string().nullable(),
  exp: z.number(),
  iat: z.number(),
  jti: z.string().min(1),
});

/**
 * Returns whether each part of a token is the only text of its bytes: in other texts the last character has bits that no byte
 * takes, and one proof would have several texts. Source: RFC 4648, section 3.5.
 */
const isCanonical = (token: string): boolean =>
  token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);

/** Session tokens: JWTs signed with Ed25519 (RFC 8037). Every key of the set verifies, so that key rotations overlap. */
export class SessionTokens {
  readonly jwks: JSONWebKeySet;
  readonly #keys: JwtKeys;
  readonly #issuer: string;
  readonly #ttlS: number;
  readonly #resolve: ReturnType<typeof createLocalJWKSet>;

  private constructor(keys: JwtKeys, jwks: JSONWebKeySet, issuer: string, ttlS: number) {
    this.#keys = keys;
    this.jwks = jwks;
    this.#issuer = issuer;
    this.#ttlS = ttlS;
    this.#resolve = createLocalJWKSet(jwks);
  }

  /** Returns the tokens of a key set. `issuer` is the `iss` claim; `ttlS` is the time to live in seconds. */
  static async open(
    keys: JwtKeys,
    options: { readonly issuer: string; readonly ttlS: number },
  ): Promise<SessionTokens> {
    const publicKeys = await Promise.all(
      [...keys.verifying].map(async ([kid, key]) => ({ ...(await exportJWK(key)), kid, alg: ALGORITHM, use: 'sig' })),
    );
    return new SessionTokens(keys, { keys: publicKeys }, options.issuer, options.ttlS);
  }

  /** Returns a new token, which expires after the time to live or at `notAfterMs`. `expiresAt` is RFC 3339. */
  async mint(
    subject: TokenSubject,
    { notAfterMs, parent }: TokenBounds = { notAfterMs: Infinity },
  ): Promise<{ readonly token: string; readonly expiresAt: string }> {
    const nowS = Math.floor(Date.now() / 1000);
    const expiresS = Math.min(nowS + this.#ttlS, Math.floor(notAfterMs / 1000));
    const token = await new SignJWT({
      tenant: subject.tenantId,
      session: subject.sessionId,
      place: subject.place,
      capabilities: [...subject.capabilities],
      persona: subject.persona,
      model: subject.model,
      ...(parent === undefined ? {} : { parent }),
    })
      .setProtectedHeader({ alg: ALGORITHM, kid: this.#keys.signing.keyId, typ: 'JWT' })
      .setIssuer(this.#issuer)
      .setAudience(AUDIENCE)
      .setSubject(subject.principal)
      .setIssuedAt(nowS)
      .setExpirationTime(expiresS)
      .setJti(randomUUID())
      .sign(this.#keys.signing.privateKey);
    return { token, expiresAt: new Date(expiresS * 1000).toISOString() };
  }

  /** Resolves with the caller that the token proves, with `expired`, or with `invalid` for any other text. Never rejects. */
  async verify(token: string): Promise<SessionCaller | 'expired' | 'invalid'> {
    if (!isCanonical(token)) return 'invalid';
    try {
      const { payload } = await jwtVerify(token, this.#resolve, {
        algorithms: [ALGORITHM],
        issuer: this.#issuer,
        audience: AUDIENCE,
        typ: 'JWT',
        requiredClaims: ['exp', 'iat', 'jti', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_S,
      });
      const claim = claims.parse(payload);
      return {
        kind: 'session',
        tenantId: claim.tenant,
        principal: claim.sub,
        capabilities: claim.capabilities,
        sessionId: claim.session,
        place: claim.place,
        tokenId: claim.jti,
        persona: claim.persona,
        model: claim.model,
        issuedAtMs: claim.iat * 1000,
        expiresAtMs: claim.exp * 1000,
      };
    } catch (error) {
      return error instanceof errors.JWTExpired ? 'expired' : 'invalid';
    }
  }
}
