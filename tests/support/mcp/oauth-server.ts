/**
 * An MCP server of the official SDK that takes access tokens alone, and the authorization server that issues them, for tests:
 * `oidc-provider` with client credentials, refresh tokens that change with each use, dynamic registration and client metadata
 * documents. Both listen on this host.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { createRemoteJWKSet, exportJWK, exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import Provider from 'oidc-provider';
import { z } from 'zod';

export const MACHINE = { client_id: 'machine', client_secret: 'a-secret-of-a-machine-that-is-long-enough' };
/** URL of the metadata document of the client; the authorization server gets it without a network. */
export const CLIENT_DOCUMENT = 'https://khipu.example/.well-known/oauth-client.json';
const SCOPE = 'tools';

/** The parts of a request at the authorization server that a grant is made of. */
interface Granting {
  readonly oidc: {
    readonly client: { readonly clientId: string };
    readonly session: { readonly accountId: string };
    readonly provider: {
      readonly Grant: new (of: {
        readonly clientId: string;
        readonly accountId: string;
      }) => {
        addOIDCScope(scope: string): void;
        addResourceScope(resource: string, scope: string): void;
        save(): Promise<string>;
      };
    };
  };
}

export interface OAuthMcpServer {
  readonly url: string;
  readonly host: string;
  readonly issuer: string;
  readonly issuerHost: string;
  /** Private key of the client `signing`, PKCS 8. */
  readonly privateKey: string;
  /** Access tokens that the MCP server took, in order. */
  readonly tokens: readonly string[];
  /** Bodies of token requests, in order. */
  readonly asked: readonly URLSearchParams[];
  /** Refuses every token that was taken so far, as after its end. */
  expire(): void;
  /** Names another authorization server in the metadata of the MCP server. */
  issuerShown: string;
  /** Changes the parameters with which the authorization server answers. */
  tamper: (answer: URLSearchParams) => void;
  /** Shows a page to a user who agrees with everything; resolves with the parameters that come back to `redirectUrl`. */
  open(page: URL): Promise<URLSearchParams>;
  close(): Promise<void>;
}

async function listen(): Promise<{ readonly server: Server; readonly host: string }> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function mcpServer(): McpServer {
  const server = new McpServer({ name: 'guarded', version: '1.0.0' });
  const inputSchema = z.object({ text: z.string() });
  server.registerTool('echo', { description: 'Repeats a text', inputSchema }, ({ text }) => ({
    content: [{ type: 'text', text }],
  }));
  return server;
}

const REDIRECT = 'http://127.0.0.1/callback';

/** Starts both servers. */
export async function startOAuthMcpServer(): Promise<OAuthMcpServer> {
  const [as, rs] = [await listen(), await listen()];
  const issuer = `http://${as.host}`;
  const url = `http://${rs.host}/mcp`;
  const [signing, client] = [
    await generateKeyPair('ES256', { extractable: true }),
    await generateKeyPair('ES256', { extractable: true }),
  ];
  const jwk = { ...(await exportJWK(signing.privateKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
  const publicJwk = { ...(await exportJWK(client.publicKey)), alg: 'ES256', use: 'sig' };
  const machine = { redirect_uris: [], response_types: [], grant_types: ['client_credentials'], scope: SCOPE };
  const provider = new Provider(issuer, {
    jwks: { keys: [jwk] },
    clients: [
      {
        ...machine,
        ...MACHINE,
        token_endpoint_auth_method: 'client_secret_basic',
        id_token_signed_response_alg: 'ES256',
      },
      {
        ...{ ...machine, client_id: 'signing', token_endpoint_auth_method: 'private_key_jwt' },
        ...{ jwks: { keys: [publicJwk] }, id_token_signed_response_alg: 'ES256' },
      },
    ],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    scopes: [SCOPE, 'openid', 'offline_access'],
    ttl: { ClientCredentials: 600, AccessToken: 600 },
    extraTokenClaims: () => ({}),
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    fetch: async () =>
      Response.json({
        ...{ client_id: CLIENT_DOCUMENT, client_name: 'Khipu', redirect_uris: [REDIRECT], application_type: 'native' },
        ...{ token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'] },
        ...{ response_types: ['code'], id_token_signed_response_alg: 'ES256' },
      }),
    loadExistingGrant: async ({ oidc }: Granting) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope(`openid offline_access ${SCOPE}`);
      grant.addResourceScope(url, SCOPE);
      await grant.save();
      return grant;
    },
    features: {
      ...{ clientCredentials: { enabled: true }, devInteractions: { enabled: false }, registration: { enabled: true } },
      clientIdMetadataDocument: { enabled: true, ack: 'draft-02' },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context: unknown, resource: string) => ({
          ...{ scope: SCOPE, audience: resource, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } },
        }),
      },
    },
  } as never);
  const asked: URLSearchParams[] = [];
  const answer = provider.callback();
  as.server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith('/interaction/') === true)
      return void provider.interactionFinished(request, response, { login: { accountId: 'ana' }, consent: {} });
    if (request.url === '/token') {
      const body = await bodyOf(request);
      asked.push(new URLSearchParams(body));
      Object.assign(request, { body: Object.fromEntries(new URLSearchParams(body)) });
    }
    answer(request, response);
  });
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  const [tokens, ended] = [[] as string[], new Set<string>()];
  const handler = createMcpHandler(mcpServer);
  const running = { issuerShown: issuer, tamper: (_answer: URLSearchParams): void => undefined };
  const metadata = `http://${rs.host}/.well-known/oauth-protected-resource/mcp`;
  rs.server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request);
    if (request.url?.startsWith('/.well-known/oauth-protected-resource/mcp') === true) {
      const shown = { resource: url, authorization_servers: [running.issuerShown], scopes_supported: [SCOPE] };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(shown));
      return;
    }
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const isTaken =
      !ended.has(token) && (await jwtVerify(token, keys, { issuer, audience: url }).then(Boolean, () => false));
    if (!isTaken) {
      const challenge = `Bearer resource_metadata="${metadata}", scope="${SCOPE}"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
      return;
    }
    if (tokens.at(-1) !== token) tokens.push(token);
    const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const given = await handler.fetch(
      new Request(url, { method: request.method ?? 'GET', headers, ...(request.method === 'POST' && { body }) }),
    );
    response.writeHead(given.status, Object.fromEntries(given.headers));
    if (given.body === null) response.end();
    else Readable.fromWeb(given.body as never).pipe(response);
  });
  return Object.assign(running, {
    ...{ url, host: rs.host, issuer, issuerHost: as.host, tokens, asked },
    privateKey: await exportPKCS8(client.privateKey),
    expire: () => {
      for (const token of tokens) ended.add(token);
    },
    async open(page: URL): Promise<URLSearchParams> {
      const cookies = new Map<string, string>();
      let next = page;
      for (let hop = 0; hop < 12; hop += 1) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const { headers, status } = await fetch(next, { redirect: 'manual', headers: { cookie } });
        for (const each of headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
          cookies.set(name, value);
        }
        const location = headers.get('location');
        if (location === null) throw new Error(`the page answered with ${status}`);
        next = new URL(location, next);
        if (next.pathname === '/callback') {
          running.tamper(next.searchParams);
          return next.searchParams;
        }
      }
      throw new Error('the page redirects without end');
    },
    async close() {
      for (const { server } of [as, rs]) {
        server.closeAllConnections();
        server.close();
      }
    },
  });
}
