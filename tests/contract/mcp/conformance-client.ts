/**
 * The client of the platform under the official conformance package, which starts it once for each scenario with the URL of a
 * server: `node conformance-client.ts <url>`. Tools go through the adapter `mcp` and the egress broker, the authorization of a
 * person through the code of `khipu tools authorize`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privateHostsOf } from '../../../infra/egress/private-hosts.ts';
import { secretSource } from '../../../infra/security/secret-source.ts';
import { mcpAdapter } from '../../../infra/tools/adapters/mcp/adapter.ts';
import { localParts, offersOf, runWith, serverOf } from '../../../infra/tools/adapters/mcp/testing.ts';
import { type Manifest, manifestSchema } from '../../../infra/tools/manifest/manifest.ts';
import { withAuthorization } from '../../../infra/tools/oauth/authorize.ts';

interface Context {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly private_key_pem?: string;
  readonly signing_algorithm?: string;
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: Record<string, unknown> }[];
}

const url = new URL(process.argv.at(-1) ?? '');
const scenario = process.env['MCP_CONFORMANCE_SCENARIO'] ?? '';
const context = JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') as Context;

/** A machine that runs other tests takes its time. */
const RUN = { timeoutMs: 60_000 };
const allowPrivate = privateHostsOf('127.0.0.1,::1');
const secretsDir = mkdtempSync(join(tmpdir(), 'khipu-conformance-client-'));
process.once('exit', () => rmSync(secretsDir, { recursive: true, force: true }));
const parts = localParts({ secretsDir, secrets: secretSource({}), ...(allowPrivate !== null && { allowPrivate }) });

const host = (of: string, methods: Manifest['hosts'][number]['methods'] = ['GET', 'POST', 'DELETE']) =>
  ({ host: new URL(of).host, methods, scheme: 'http' }) as const;
const server = (changes: Partial<Manifest> = {}) =>
  serverOf({ url: url.href }, { hosts: [host(url.href)], ...changes });

/** Calls a tool of a server as a run of the worker does: it is asked for, pinned, compared and called. */
async function calls(of: Manifest, given: (tool: string) => Record<string, unknown> | null): Promise<void> {
  const { tools } = await offersOf(of, parts, runWith({}, RUN));
  for (const { tool, manifest } of tools) {
    const args = given(tool);
    if (manifest === null || args === null) continue;
    const connected = mcpAdapter(parts).connect(manifestSchema.parse({ ...manifest, effect: 'read' }), 'acme');
    await connected.execute(runWith(args, RUN)).catch((error: unknown) => console.error(tool, error));
    await connected.close();
  }
}

async function byPerson(): Promise<void> {
  const redirectUrl = 'http://localhost:3000/callback';
  const isRegistered = context.client_id !== undefined;
  await withAuthorization(
    {
      ...{ url, terms: {}, fetch },
      person: {
        redirectUrl,
        async open(page) {
          const { headers } = await fetch(page, { redirect: 'manual' });
          return new URL(headers.get('location') ?? '', page).searchParams;
        },
      },
      clientMetadataUrl: 'https://conformance-test.local/client-metadata.json',
      ...(isRegistered && { client: { client_id: context.client_id, client_secret: context.client_secret } }),
    },
    async (client) => {
      const { tools } = await client.listTools();
      for (const { name } of tools) await client.callTool({ name, arguments: {} });
    },
  );
}

/** A machine: its client is a secret, and the issuer is named by the manifest, as an operator writes it after a question. */
async function byMachine(): Promise<void> {
  const metadata = await fetch(new URL(`/.well-known/oauth-protected-resource${url.pathname}`, url));
  const { authorization_servers } = (await metadata.json()) as { readonly authorization_servers: readonly string[] };
  const shown = `${authorization_servers[0]}`;
  const found = await fetch(new URL('/.well-known/oauth-authorization-server', shown));
  const { issuer } = (await found.json()) as { readonly issuer: string };
  mkdirSync(join(secretsDir, 'acme'));
  const { client_id, client_secret, private_key_pem: private_key, signing_algorithm: algorithm = 'ES256' } = context;
  const secret = private_key === undefined ? { client_id, client_secret } : { client_id, private_key, algorithm };
  writeFileSync(join(secretsDir, 'acme', 'machine'), JSON.stringify(secret));
  const hosts = [host(url.href), ...(new URL(issuer).host === url.host ? [] : [host(issuer)])];
  await calls(server({ hosts, credentials: [{ name: 'machine', host: url.host, oauth: { issuer } }] }), () => ({}));
}

if (scenario.startsWith('auth/client-credentials')) await byMachine();
else if (scenario.startsWith('auth/')) await byPerson();
else if (context.toolCalls !== undefined)
  for (const { name, arguments: given } of context.toolCalls)
    await calls(server(), (tool) => (tool === name ? given : null));
else await calls(server(), () => ({ a: 2, b: 3 }));
