import * as oidc from 'openid-client';
import { codedError } from '../kit/coded-error.ts';
import { messageOf } from '../kit/errors.ts';
import type { SecretReference } from '../models/registry/provider-declaration.ts';
import { type SecretSource, secretSource } from './secret-source.ts';

/** The platform as a client of the identity provider, which users of the console sign in at. */
export interface SignInClientOptions {
  readonly issuerUrl: string;
  readonly clientId: string;
  /** Null for a public client, which PKCE alone protects. */
  readonly secret: SecretReference | null;
  /** Scopes to ask for, separated by spaces; `openid` among them. */
  readonly scope: string;
  /** Resource of the access token (RFC 8707); null for a provider that needs none. */
  readonly resource: string | null;
}

/** Why a sign-in did not give a token. */
export type SignInErrorCode = 'SIGN_IN_DENIED' | 'SIGN_IN_FAILED' | 'SIGN_IN_EXPIRED' | 'IDENTITY_PROVIDER_UNAVAILABLE';

/** A failed sign-in. */
export class SignInError extends codedError<SignInErrorCode>('SignInError') {}

/** What a sign-in that is under way has to be checked with. Only its browser and the platform may know it. */
export interface PendingSignIn {
  readonly redirectUri: string;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

const TIMEOUT_S = 5;

/** Signs users in at an OpenID Connect provider: authorization code with PKCE S256 (RFC 7636), `state` and `nonce`. */
export class SignInClient {
  readonly #options: SignInClientOptions;
  readonly #secrets: SecretSource;
  #configuration: Promise<oidc.Configuration> | null = null;

  constructor(options: SignInClientOptions, secrets: SecretSource = secretSource()) {
    this.#options = options;
    this.#secrets = secrets;
  }

  /** Name of the provider for people: its host. */
  get name(): string {
    return new URL(this.#options.issuerUrl).host;
  }

  /** Resolves with the URL to send the browser to. Rejects with SignInError IDENTITY_PROVIDER_UNAVAILABLE. */
  async begin(redirectUri: string): Promise<{ readonly url: string; readonly pending: PendingSignIn }> {
    const configuration = await this.#discovered();
    const { scope, resource } = this.#options;
    const pending = {
      redirectUri,
      verifier: oidc.randomPKCECodeVerifier(),
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
    };
    const url = oidc.buildAuthorizationUrl(configuration, {
      ...{ redirect_uri: redirectUri, scope, state: pending.state, nonce: pending.nonce },
      ...{ code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier), code_challenge_method: 'S256' },
      ...(resource !== null && { resource }),
    });
    return { url: url.href, pending };
  }

  /**
   * Resolves with the access token for the answer of the provider, which came to the redirect URI with this query. Rejects
   * with SignInError.
   */
  async finish(query: string, { redirectUri, verifier, state, nonce }: PendingSignIn): Promise<string> {
    const configuration = await this.#discovered();
    const { resource } = this.#options;
    try {
      const answer = await oidc.authorizationCodeGrant(
        configuration,
        new URL(`?${query}`, redirectUri),
        { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true },
        resource === null ? {} : { resource },
      );
      return answer.access_token;
    } catch (error) {
      throw signInError(error);
    }
  }

  /** Fetches the provider's document at the first use. */
  #discovered(): Promise<oidc.Configuration> {
    this.#configuration ??= this.#discover().catch((cause: unknown) => {
      this.#configuration = null;
      throw new SignInError('IDENTITY_PROVIDER_UNAVAILABLE', messageOf(cause), { cause });
    });
    return this.#configuration;
  }

  async #discover(): Promise<oidc.Configuration> {
    const { issuerUrl, clientId, secret } = this.#options;
    const value = secret === null ? null : await this.#secrets.resolve(secret);
    const isPlain = issuerUrl.startsWith('http:');
    return oidc.discovery(
      new URL(issuerUrl),
      clientId,
      {},
      value === null ? oidc.None() : oidc.ClientSecretPost(value),
      // The configuration accepts http: in development alone.
      { timeout: TIMEOUT_S, ...(isPlain && { execute: [oidc.allowInsecureRequests] }) },
    );
  }
}

function signInError(cause: unknown): SignInError {
  if (cause instanceof oidc.AuthorizationResponseError && cause.error === 'access_denied')
    return new SignInError('SIGN_IN_DENIED', 'the identity provider denied the sign-in', { cause });
  const isAnswer =
    cause instanceof oidc.AuthorizationResponseError ||
    cause instanceof oidc.ResponseBodyError ||
    (cause instanceof oidc.ClientError && cause.code !== 'OAUTH_TIMEOUT');
  return isAnswer
    ? new SignInError('SIGN_IN_FAILED', messageOf(cause), { cause })
    : new SignInError('IDENTITY_PROVIDER_UNAVAILABLE', messageOf(cause), { cause });
}
