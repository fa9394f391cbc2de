import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { PRINCIPAL_ID, TENANT_ID } from '../../schemas/contexts/identity/entries.ts';
import { messageOf } from '../kit/errors.ts';
import type { Logger } from '../kit/logger.ts';

/** An OpenID Connect provider, and the claims that the platform reads. */
export interface IdentityProviderOptions {
  /** The `iss` of its access tokens; its document is found below it (OpenID Connect Discovery 1.0, 4). */
  readonly issuerUrl: string;
  /** The `aud` of access tokens that are meant for this platform. */
  readonly audience: string;
  /** Claims with the tenant, and with the roles in it. */
  readonly tenantClaim: string;
  readonly rolesClaim: string;
}

/** A user of the identity provider, from its access token. */
export interface OutsideUser {
  readonly tenantId: string;
  readonly principal: string;
  readonly roles: readonly string[];
  readonly expiresAtMs: number;
}

/** Algorithms with a private key. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_S = 5;
const FETCH_MS_MAX = 3_000;
/** An unavailable provider is asked again after this; requests until then are answered `unavailable` at once. */
const RETRY_MS = 1_000;
/** A token with an unknown key causes another fetch, no sooner than this after the last one. */
const UNKNOWN_KEY_MS = 5_000;
/** Longest time for which a key that the provider removed stays valid here, while the provider answers. */
const REFRESH_MS = 10 * 60_000;

const discovered = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });
const claims = z.object({ sub: z.string().regex(PRINCIPAL_ID), exp: z.number() });
const rolesOf = z.union([z.array(z.string()), z.string().transform((text) => text.split(' ').filter(Boolean))]);

interface Provider {
  readonly issuer: string;
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
}

const bare = (url: string): string => url.replace(/\/$/, '');

/**
 * Verifies access tokens (JWTs) of an OpenID Connect provider. Its keys are fetched at the first use and kept: while the
 * provider is unavailable, tokens signed with a known key stay valid.
 */
export class IdentityProvider {
  readonly #options: IdentityProviderOptions;
  readonly #logger: Logger;
  #provider: Promise<Provider | null> | null = null;
  #retryAtMs = 0;
  #freshUntilMs = 0;

  constructor(options: IdentityProviderOptions, logger: Logger) {
    this.#options = options;
    this.#logger = logger;
  }

  /** Returns true when a token names this provider as its issuer. This proves nothing yet. */
  issued(token: string): boolean {
    try {
      return bare(decodeJwt(token).iss ?? '') === bare(this.#options.issuerUrl);
    } catch {
      return false;
    }
  }

  /** Verifies a token for this platform. `resource`: another audience that is accepted, null for none (RFC 8707). */
  async verify(
    token: string,
    resource: string | null = null,
  ): Promise<OutsideUser | 'expired' | 'invalid' | 'unavailable'> {
    const provider = await this.#discover();
    if (provider === null) return 'unavailable';
    this.#refresh(provider);
    try {
      const { payload } = await jwtVerify(token, provider.keys, {
        algorithms: ALGORITHMS,
        issuer: provider.issuer,
        audience: [this.#options.audience, ...(resource === null ? [] : [resource])],
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_S,
      });
      return this.#userOf(payload);
    } catch (error) {
      if (error instanceof errors.JWTExpired) return 'expired';
      if (isAboutToken(error)) return 'invalid';
      this.#logger.warn({ detail: messageOf(error) }, 'the identity provider returned no keys');
      return 'unavailable';
    }
  }

  #userOf(payload: JWTPayload): OutsideUser | 'invalid' {
    const known = claims.safeParse(payload);
    const tenantId = payload[this.#options.tenantClaim];
    if (!known.success || typeof tenantId !== 'string' || !TENANT_ID.test(tenantId)) return 'invalid';
    const roles = rolesOf.safeParse(payload[this.#options.rolesClaim]);
    const { sub, exp } = known.data;
    return { tenantId, principal: `user:${sub}`, roles: roles.success ? roles.data : [], expiresAtMs: exp * 1_000 };
  }

  /**
   * Resolves with null while the provider is unavailable. Sends one request at a time, and none within a second of a
   * failed one.
   */
  #discover(): Promise<Provider | null> {
    if (this.#provider === null && Date.now() < this.#retryAtMs) return Promise.resolve(null);
    this.#provider ??= this.#fetch().catch((error: unknown) => {
      this.#logger.warn({ detail: messageOf(error) }, 'the identity provider does not answer');
      this.#provider = null;
      this.#retryAtMs = Date.now() + RETRY_MS;
      return null;
    });
    return this.#provider;
  }

  async #fetch(): Promise<Provider> {
    const url = `${bare(this.#options.issuerUrl)}/.well-known/openid-configuration`;
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS_MAX) });
    if (!response.ok) throw new Error(`${url} answers ${response.status}`);
    const { issuer, jwks_uri: keysUrl } = discovered.parse(await response.json());
    // Otherwise one provider could pose as another (OpenID Connect Discovery 1.0, 4.3).
    if (bare(issuer) !== bare(this.#options.issuerUrl)) throw new Error(`${url} is of another issuer, ${issuer}`);
    // Never expires by itself: #refresh decides when keys are fetched again, so that a failed answer removes no key.
    const keys = createRemoteJWKSet(new URL(keysUrl), {
      timeoutDuration: FETCH_MS_MAX,
      cooldownDuration: UNKNOWN_KEY_MS,
      cacheMaxAge: Number.POSITIVE_INFINITY,
    });
    this.#freshUntilMs = Date.now() + REFRESH_MS;
    return { issuer, keys };
  }

  #refresh({ keys }: Provider): void {
    if (Date.now() < this.#freshUntilMs) return;
    this.#freshUntilMs = Date.now() + REFRESH_MS;
    keys.reload().catch((error: unknown) => {
      this.#logger.warn(
        { detail: messageOf(error) },
        'the keys of the identity provider could not be refreshed; the previous ones are in use',
      );
    });
  }
}

/** Returns false when the token is not at fault: its keys could not be fetched, or the fetched ones are invalid. */
function isAboutToken(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return false;
  return error instanceof errors.JOSEError && error.code !== errors.JOSEError.code;
}
