import type { FastifyRequest } from 'fastify';
import { bareUrl, originOf } from '../shared/origin.ts';
import type { Route } from '../shared/route/route.ts';
import type { GatewayServices } from '../shared/services.ts';

/** Path of the endpoint. */
export const MCP_PATH = '/mcp';
const METADATA = '/.well-known/oauth-protected-resource';

type Needs = Pick<GatewayServices, 'config' | 'identityProvider'>;

/**
 * Returns what the challenge of a 401 adds, so that a client finds who issues tokens (RFC 9728, 5.1); null where API keys and
 * session tokens are all there is.
 */
export const metadataChallenge = (request: FastifyRequest, { config, identityProvider }: Needs): string | null =>
  identityProvider === null ? null : `resource_metadata="${originOf(request, config.http)}${METADATA}${MCP_PATH}"`;

/** Route of the metadata of the endpoint as a protected resource (RFC 9728), where an identity provider is configured. */
export const protectedResource: Route<Needs> = {
  outcomes: [],
  follows: [],
  register(app, { config, identityProvider }) {
    const { identityProvider: provider } = config;
    if (identityProvider === null || provider === null) return;
    for (const url of [METADATA, `${METADATA}${MCP_PATH}`])
      app.get(url, { config: { auth: 'none' }, schema: { hide: true } as object }, async (request, reply) =>
        reply.header('cache-control', 'public, max-age=300').send({
          resource: `${originOf(request, config.http)}${MCP_PATH}`,
          authorization_servers: [provider.issuerUrl],
          bearer_methods_supported: ['header'],
          resource_name: 'Khipu',
        }),
      );
  },
};

/** Path of the metadata document of this platform as a client of authorization servers. */
const CLIENT_DOCUMENT = '/.well-known/oauth-client.json';

/**
 * Route of the metadata document of this platform as a client of OAuth, where its public URL is https: an authorization server
 * reads it instead of a registration (draft-ietf-oauth-client-id-metadata-document). `khipu tools authorize` is that client: a
 * program on the machine of an operator, without a secret, whose port is free to choose (RFC 8252, 7.3).
 */
export const clientDocument: Route<Needs> = {
  outcomes: [],
  follows: [],
  register(app, { config: { http } }) {
    if (http.publicUrl === null || !http.publicUrl.startsWith('https:')) return;
    const origin = bareUrl(http.publicUrl);
    app.get(CLIENT_DOCUMENT, { config: { auth: 'none' }, schema: { hide: true } as object }, async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=300').send({
        ...{ client_id: `${origin}${CLIENT_DOCUMENT}`, client_name: 'Khipu', client_uri: origin },
        ...{ redirect_uris: ['http://127.0.0.1/callback'], application_type: 'native' },
        ...{ grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] },
        token_endpoint_auth_method: 'none',
      }),
    );
  },
};
