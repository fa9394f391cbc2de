import {
  AuthorizationServerMismatchError,
  auth,
  extractWWWAuthenticateParams,
  type FetchLike,
  IssuerMismatchError,
  OAuthError,
  type OAuthTokens,
} from '@modelcontextprotocol/client';
import type { TokenSource } from '../../egress/rule.ts';
import type { SecretSource } from '../../security/secret-source.ts';
import { ToolError } from '../errors.ts';
import { withSecretLock } from './lock.ts';
import { type OAuthTerms, providerOf } from './provider.ts';
import { type OAuthSecret, oauthSecretIn } from './secret.ts';

/** A token is not used in the last part of its life, in ms: it would end on its way. */
const SKEW_MS = 10_000;

export interface OAuthParts {
  /** File of the client. */
  readonly path: string;
  readonly terms: OAuthTerms;
  readonly secrets: SecretSource;
  readonly writeSecret: ((path: string, text: string) => void) | undefined;
}

/** The access token of one credential, in memory alone. */
export interface OAuthToken extends TokenSource {
  /**
   * Asks for a token after a server answered with 401, unless another run has one since `seen`. Rejects with ToolError:
   * TOOL_CREDENTIAL_REQUIRED when the authorization server refuses, or is another one than the manifest names, and
   * TOOL_CREDENTIAL_UNAVAILABLE when the client cannot be read or kept.
   */
  renew(challenge: Response, serverUrl: URL, fetch: FetchLike, seen: string | null): Promise<void>;
}

const refused = (why: string, cause: unknown): ToolError =>
  new ToolError('TOOL_CREDENTIAL_REQUIRED', why, { effect: 'none', cause });

/** Returns why no token was had, without what the authorization server wrote: it may repeat what it was sent. */
function failureOf(error: unknown): unknown {
  if (error instanceof ToolError) return error;
  if (error instanceof AuthorizationServerMismatchError || error instanceof IssuerMismatchError)
    return refused(
      'Tokens of the server are issued by another authorization server than the signed manifest names',
      error,
    );
  if (error instanceof OAuthError)
    return refused(`The authorization server refused a token: ${String(error.code).replaceAll(/[^a-z_]/g, '')}`, error);
  return refused('The server names no authorization server that issues a token', error);
}

/** Returns the token of a credential, which there is none of yet. */
export function oauthToken({ path, terms, secrets, writeSecret }: OAuthParts): OAuthToken {
  let token: { readonly value: string; readonly until: number } | null = null;
  let renewing: Promise<void> | null = null;
  const current = (): string | null => (token !== null && performance.now() < token.until ? token.value : null);

  const read = async (): Promise<OAuthSecret> => {
    const text = await secrets.resolve({ from: 'file', path }).catch((cause: unknown) => {
      throw new ToolError('TOOL_CREDENTIAL_UNAVAILABLE', 'the client of OAuth cannot be read', {
        effect: 'none',
        cause,
      });
    });
    return oauthSecretIn(text);
  };

  function keep(secret: OAuthSecret, { refresh_token: next }: OAuthTokens): void {
    if (!('refresh_token' in secret) || next === undefined || next === secret.refresh_token) return;
    try {
      if (writeSecret === undefined) throw new Error('no writer of secrets');
      writeSecret(path, JSON.stringify({ ...secret, refresh_token: next }));
    } catch (cause) {
      throw new ToolError(
        'TOOL_CREDENTIAL_UNAVAILABLE',
        'the new refresh token cannot be kept: expected a folder of secrets that can be written',
        { effect: 'none', cause },
      );
    }
  }

  async function ask(challenge: Response, serverUrl: URL, fetchFn: FetchLike): Promise<void> {
    const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(challenge);
    const secret = await read();
    const provider = providerOf(secret, terms, (tokens) => {
      keep(secret, tokens);
      const lifeMs = tokens.expires_in === undefined ? Number.POSITIVE_INFINITY : tokens.expires_in * 1_000 - SKEW_MS;
      token = { value: tokens.access_token, until: performance.now() + lifeMs };
    });
    const wanted = terms.scope ?? scope;
    await auth(provider, {
      ...{ serverUrl, fetchFn },
      ...(resourceMetadataUrl !== undefined && { resourceMetadataUrl }),
      ...(wanted !== undefined && { scope: wanted }),
    });
  }

  return {
    ...{ from: 'token', current },
    async renew(challenge, serverUrl, fetch, seen) {
      if (current() !== null && current() !== seen) return;
      token = null;
      // Two uses of one refresh token would end what a person has authorized.
      renewing ??= withSecretLock(path, () => ask(challenge, serverUrl, fetch)).finally(() => {
        renewing = null;
      });
      await renewing.catch((error: unknown) => {
        throw failureOf(error);
      });
    },
  };
}
