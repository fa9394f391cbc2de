import {
  ClientCredentialsProvider,
  type OAuthClientProvider,
  type OAuthTokens,
  PrivateKeyJwtProvider,
} from '@modelcontextprotocol/client';
import { ToolError } from '../errors.ts';
import type { OAuthSecret } from './secret.ts';

/** What a signed manifest says of the tokens of a credential. */
export interface OAuthTerms {
  readonly issuer: string;
  readonly scope?: string | undefined;
}

/** Name of this client at an authorization server. */
export const CLIENT_NAME = 'Khipu';

const named = ({ scope, issuer }: OAuthTerms) => ({
  ...{ clientName: CLIENT_NAME, expectedIssuer: issuer },
  ...(scope !== undefined && { scope }),
});

/** A refresh token that a person has authorized; a worker asks no person. */
const refreshing = (
  secret: Extract<OAuthSecret, { refresh_token: string }>,
  { issuer, scope }: OAuthTerms,
  takes: (tokens: OAuthTokens) => void,
): OAuthClientProvider => {
  const { client_id, client_secret, token_endpoint_auth_method, refresh_token } = secret;
  return {
    // Never visited: it says that the client has a person.
    redirectUrl: 'http://127.0.0.1/callback',
    clientMetadata: { client_name: CLIENT_NAME, redirect_uris: [], ...(scope !== undefined && { scope }) },
    clientInformation: () => ({
      ...{ client_id, issuer },
      ...(client_secret !== undefined && { client_secret }),
      ...(token_endpoint_auth_method !== undefined && { token_endpoint_auth_method }),
    }),
    tokens: () => ({ access_token: '', token_type: 'Bearer', refresh_token, issuer: secret.issuer }),
    saveTokens: takes,
    redirectToAuthorization() {
      throw needsPerson('The refresh token is no longer valid');
    },
    saveCodeVerifier() {},
    codeVerifier: () => '',
  };
};

export const needsPerson = (why: string): ToolError =>
  new ToolError('TOOL_CREDENTIAL_REQUIRED', `${why}: khipu tools authorize asks for a new one`, { effect: 'none' });

/** Returns the client of a secret for the flows of the SDK; `takes` gets each new set of tokens. No caller's token is in it. */
export function providerOf(
  secret: OAuthSecret,
  terms: OAuthTerms,
  takes: (tokens: OAuthTokens) => void,
): OAuthClientProvider {
  if ('refresh_token' in secret) return refreshing(secret, terms, takes);
  const { client_id: clientId } = secret;
  const provider =
    'client_secret' in secret
      ? new ClientCredentialsProvider({ ...named(terms), clientId, clientSecret: secret.client_secret })
      : new PrivateKeyJwtProvider({
          ...{ ...named(terms), clientId, privateKey: secret.private_key, algorithm: secret.algorithm },
        });
  provider.saveTokens = takes;
  return provider;
}
