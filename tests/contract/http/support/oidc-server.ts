import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import Provider from 'oidc-provider';

const SECRET = 'a-secret-of-a-test-client-that-is-long-enough';
const RESOURCE = 'urn:khipu:api';

/** A running OpenID Connect provider. */
export interface OidcServer {
  readonly issuer: string;
  /** Resolves with an access token of the client from the provider; `sub` is the client's id. */
  token(clientId: string, options?: { readonly audience?: string }): Promise<string>;
  /** Resolves with a token signed with the provider's key, with claims that the provider would not issue. */
  sign(claims: Readonly<Record<string, unknown>>, expiresInS?: number): Promise<string>;
  /** User that signs in next; null for one that refuses. */
  user: string | null;
  /** Stops the provider. */
  stop(): Promise<void>;
}

/** Redirect URI of the console, whose platform is reached under this public URL. */
export const PUBLIC_URL = 'https://khipu.example';
const CONSOLE = 'console';

/** The variables of a platform whose console signs in at the provider. */
export const signInVariables = (issuer: string): Readonly<Record<string, string>> => ({
  KHIPU_PUBLIC_URL: PUBLIC_URL,
  KHIPU_IDENTITY_ISSUER_URL: issuer,
  KHIPU_IDENTITY_CLIENT_ID: CONSOLE,
  KHIPU_IDENTITY_SCOPE: 'openid api',
  KHIPU_IDENTITY_RESOURCE: RESOURCE,
});

/** Claims of each client's tokens beside `sub`; those of a user's tokens by the name of the user. */
export type ClientClaims = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

async function listen(): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** Starts a certified OpenID Connect provider on a local port: client credentials, JWT access tokens (RFC 9068). */
export async function startOidcServer(clients: ClientClaims): Promise<OidcServer> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(privateKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
  const { server, url: issuer } = await listen();
  const provider = new Provider(issuer, {
    jwks: { keys: [jwk] },
    clients: [
      {
        ...{ client_id: CONSOLE, redirect_uris: [`${PUBLIC_URL}/console/api/sign-in/callback`] },
        ...{ grant_types: ['authorization_code'], response_types: ['code'], token_endpoint_auth_method: 'none' },
        id_token_signed_response_alg: 'ES256',
      },
      ...Object.keys(clients).map((client_id) => ({
        ...{ client_id, client_secret: SECRET, redirect_uris: [], response_types: [] },
        ...{ grant_types: ['client_credentials'], token_endpoint_auth_method: 'client_secret_post' },
        id_token_signed_response_alg: 'ES256',
      })),
    ],
    scopes: ['openid', 'api'],
    ttl: { ClientCredentials: 600 },
    extraTokenClaims: (_ctx, token) => ({ ...clients[token.accountId ?? token.clientId ?? ''] }),
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client.clientId,
        accountId: oidc.session.accountId,
      });
      grant.addOIDCScope('openid api');
      grant.addResourceScope(RESOURCE, 'api');
      await grant.save();
      return grant;
    },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx, resource) => ({
          ...{ scope: 'api', audience: resource === RESOURCE ? 'khipu' : resource, accessTokenFormat: 'jwt' },
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  });
  const running = { user: 'ana' as string | null };
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/') !== true) return answer(request, response);
    const { user } = running;
    const result = user === null ? { error: 'access_denied' } : { login: { accountId: user } };
    void provider.interactionFinished(request, response, result);
  });
  return Object.assign(running, {
    issuer,
    token: async (clientId: string, { audience = RESOURCE } = {}) => {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({
          ...{ grant_type: 'client_credentials', client_id: clientId, client_secret: SECRET },
          ...{ scope: 'api', resource: audience },
        }),
      });
      const body = (await response.json()) as { access_token?: string };
      if (body.access_token === undefined) throw new Error(`no token: ${JSON.stringify(body)}`);
      return body.access_token;
    },
    sign: (claims: JWTPayload, expiresInS = 60) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .setIssuer(issuer)
        .setAudience('khipu')
        .setExpirationTime(Math.floor(Date.now() / 1_000) + expiresInS)
        .sign(privateKey),
    stop: () => close(server),
  });
}
