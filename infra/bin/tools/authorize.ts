import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { privateHostsOf } from '../../egress/private-hosts.ts';
import { homeDir } from '../../local/home.ts';
import { replaceSecret } from '../../security/secret-file.ts';
import { secretSource } from '../../security/secret-source.ts';
import { toolHttp } from '../../tools/adapters/http-client.ts';
import { brokerFetch } from '../../tools/adapters/mcp/fetch.ts';
import { type Manifest, manifestSchema } from '../../tools/manifest/manifest.ts';
import { type Person, withAuthorization } from '../../tools/oauth/authorize.ts';
import { failure } from '../failure.ts';

/** Time that a person has for the page of an authorization server, in ms. */
const PERSON_MS = 600_000;

export interface AuthorizeOptions {
  readonly tenant: string;
  readonly secrets?: string;
  readonly clientId?: string;
  readonly clientMetadata?: string;
  readonly port?: number;
  /** Shows the page of an authorization server. */
  readonly show: (page: URL) => void;
}

/** Opens a page of this machine to which an authorization server sends its answer (RFC 8252, 7.3). */
async function openLoopback(port: number, show: (page: URL) => void): Promise<{ person: Person; close(): void }> {
  const answered = Promise.withResolvers<URLSearchParams>();
  const server = createServer(({ url = '/' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
    const isAnswer = pathname === '/callback' && (searchParams.has('code') || searchParams.has('error'));
    response.writeHead(isAnswer ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(isAnswer ? 'Khipu has the answer. You can close this page.' : 'There is nothing here.');
    if (isAnswer) answered.resolve(searchParams);
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', listening);
  });
  return {
    person: {
      redirectUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
      open(page) {
        show(page);
        const late = failure('TOOL_CREDENTIAL_REQUIRED', 'there was no answer within ten minutes');
        const timer = setTimeout(() => answered.reject(late), PERSON_MS);
        return answered.promise.finally(() => clearTimeout(timer));
      },
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function termsOf({ credentials, config }: Manifest) {
  const found = credentials?.find(({ oauth }) => oauth !== undefined);
  if (found?.oauth === undefined)
    throw failure('TOOL_INVALID', 'credentials: expected one with oauth, which names its issuer');
  return { name: found.name, terms: found.oauth, url: new URL(String(config?.['url'])) };
}

/**
 * Asks a person to authorize this platform at the server of a manifest, and keeps the client with its refresh token in the
 * folder of the secrets, for its owner alone. Every request leaves by the egress broker, to the hosts of the manifest. Resolves
 * with the path of the secret and the tools that the server offers. Rejects with TOOL_INVALID for another manifest, and with
 * TOOL_CREDENTIAL_REQUIRED without a refresh token.
 */
export async function authorize(
  given: unknown,
  { tenant, secrets, clientId, clientMetadata, port = 0, show }: AuthorizeOptions,
): Promise<{ readonly path: string; readonly tools: readonly string[] }> {
  const found = manifestSchema.safeParse(given);
  if (!found.success) throw failure('TOOL_INVALID', 'expected the manifest of an MCP server', found.error);
  const manifest = found.data;
  const { name, terms, url } = termsOf(manifest);
  const folder = secrets ?? process.env['KHIPU_TOOL_SECRETS_DIR'] ?? `${homeDir()}/tool-secrets`;
  const allowPrivate = privateHostsOf(process.env['KHIPU_EGRESS_PRIVATE_HOSTS'] ?? '');
  const http = toolHttp({ ...manifest, credentials: [] }, tenant, {
    ...{ secretsDir: folder, secrets: secretSource(), onRequest: () => undefined },
    ...(allowPrivate !== null && { allowPrivate }),
  });
  const run = {
    ...{ callId: 'authorize', tenantId: tenant, principal: 'operator', decisionId: '', sessionId: null, place: null },
    ...{ labels: [], arguments: {}, idempotencyKey: 'authorize', timeoutMs: 30_000 },
    signal: new AbortController().signal,
  };
  const loopback = await openLoopback(port, show);
  try {
    const { value: tools, secret } = await withAuthorization(
      {
        ...{ url, terms, fetch: brokerFetch(http, run, () => undefined), person: loopback.person },
        ...(clientMetadata !== undefined && { clientMetadataUrl: clientMetadata }),
        ...(clientId !== undefined && {
          client: { client_id: clientId, client_secret: process.env['KHIPU_OAUTH_CLIENT_SECRET'] },
        }),
      },
      async (client) => (await client.listTools()).tools.map((tool) => tool.name),
    );
    if (secret === null)
      throw failure(
        'TOOL_CREDENTIAL_REQUIRED',
        'the authorization server gives no refresh token: ask it for offline use',
      );
    const path = join(folder, tenant, name);
    replaceSecret(path, JSON.stringify(secret));
    return { path, tools };
  } finally {
    loopback.close();
    await http.close();
  }
}
