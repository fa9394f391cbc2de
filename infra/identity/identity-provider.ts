import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { PRINCIPAL_ID, TENANT_ID } from '../../schemas/identity.ts';
import { messageOf } from '../kafka/errors.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface IdentityProviderOptions {
  /** As access tokens name it in `iss`; its document is found below it (OpenID Connect Discovery 1.0, 4). */
  readonly issuerUrl: string;
  /** Of access tokens that are meant for this platform. */
  readonly audience: string;
  /** Claims that name the tenant, and the roles within it. */
  readonly tenantClaim: string;
  readonly rolesClaim: string;
}

/** A user of the identity provider, as its access token tells. */
export interface OutsideUser {
  readonly tenantId: string;
  readonly principal: string;
  readonly roles: readonly string[];
  readonly expiresAtMs: number;
}

/** Signatures that are made with a private key. */
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
/** A provider that is away is asked again after this; whoever comes meanwhile is told so at once. */
const RETRY_MS = 1_000;
/** A token with a key that is not known makes it be asked again, no sooner than this after it was asked last. */
const UNKNOWN_KEY_MS = 5_000;
/** Keys that the provider gave up are known here for so long at most, while it answers. */
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
 * Verifies access tokens (JWTs) of an OpenID Connect provider. Its keys are fetched at first use and kept: while it is away,
 * tokens that were signed with a known key still count.
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

  /** True when a token says that it comes from this provider. Nothing is proved by that. */
  issued(token: string): boolean {
    try {
      return bare(decodeJwt(token).iss ?? '') === bare(this.#options.issuerUrl);
    } catch {
      return false;
    }
  }

  async verify(token: string): Promise<OutsideUser | 'expired' | 'invalid' | 'unavailable'> {
    const provider = await this.#discover();
    if (provider === null) return 'unavailable';
    this.#refresh(provider);
    try {
      const { payload } = await jwtVerify(token, provider.keys, {
        algorithms: ALGORITHMS,
        issuer: provider.issuer,
        audience: this.#options.audience,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_S,
      });
      return this.#userOf(payload);
    } catch (error) {
      if (error instanceof errors.JWTExpired) return 'expired';
      if (isAboutToken(error)) return 'invalid';
      this.#logger.warn({ detail: messageOf(error) }, 'the identity provider gave no keys');
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

  /** Null while the provider is away. One request at a time, and none within a second of one that failed. */
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
    // Otherwise one provider could pass for another (OpenID Connect Discovery 1.0, 4.3).
    if (bare(issuer) !== bare(this.#options.issuerUrl)) throw new Error(`${url} is of another issuer, ${issuer}`);
    // Kept for ever: when they are fetched again is decided here, so that an answer that fails takes no key away.
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
      this.#logger.warn({ detail: messageOf(error) }, 'the keys of the identity provider are the former ones');
    });
  }
}

/** False for what is no fault of the token: its keys could not be fetched, or what was fetched are none. */
function isAboutToken(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return false;
  return error instanceof errors.JOSEError && error.code !== errors.JOSEError.code;
}
