import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authorize } from '../../../infra/bin/tools/authorize.ts';
import type { EgressRecord } from '../../../infra/egress/record.ts';
import { replaceSecret } from '../../../infra/security/secret-file.ts';
import { secretSource } from '../../../infra/security/secret-source.ts';
import { mcpAdapter } from '../../../infra/tools/adapters/mcp/adapter.ts';
import { localParts, offersOf, runWith, serverOf } from '../../../infra/tools/adapters/mcp/testing.ts';
import { type Manifest, manifestSchema } from '../../../infra/tools/manifest/manifest.ts';
import { type Authorizing, withAuthorization } from '../../../infra/tools/oauth/authorize.ts';
import { CLIENT_DOCUMENT, MACHINE, type OAuthMcpServer, startOAuthMcpServer } from '../../support/mcp/oauth-server.ts';

let server: OAuthMcpServer;
let folder: string;
const records: EgressRecord[] = [];
beforeAll(async () => {
  server = await startOAuthMcpServer();
  folder = mkdtempSync(join(tmpdir(), 'khipu-oauth-'));
  mkdirSync(join(folder, 'acme'));
}, 60_000);
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  server.issuerShown = server.issuer;
  server.tamper = () => undefined;
  records.length = 0;
});

const BUSY_MS = 60_000;
const REDIRECT = 'http://127.0.0.1/callback';
const error = (code: string, more: object = {}) => expect.objectContaining({ code, ...more });
const path = () => join(folder, 'acme', 'guarded-client');
const keepClient = (client: object) => writeFileSync(path(), JSON.stringify(client), { mode: 0o600 });
const parts = (changes: object = {}) =>
  localParts({
    ...{ secretsDir: folder, secrets: secretSource({}), writeSecret: replaceSecret },
    onRequest: (record) => void records.push(record),
    ...changes,
  });

/** A manifest of the server, whose tokens its authorization server issues. */
const manifest = (changes: Partial<Manifest> = {}): Manifest =>
  serverOf(
    { url: server.url },
    {
      hosts: [server.host, server.issuerHost].map((host) => ({ host, methods: ['GET', 'POST'], scheme: 'http' })),
      credentials: [{ name: 'guarded-client', host: server.host, oauth: { issuer: server.issuer } }],
      ...changes,
    },
  );

/** Resolves with a tool of the server that is ready, and that keeps its token. */
async function connected(base = manifest(), given = parts()) {
  const offers = await offersOf(base, given, runWith({}, { timeoutMs: BUSY_MS }));
  const found = manifestSchema.parse({ ...(offers.tools[0]?.manifest as object), effect: 'read' });
  return mcpAdapter(given).connect(found, 'acme');
}
const echo = (tool: Awaited<ReturnType<typeof connected>>, text = 'hello') =>
  tool.execute(runWith({ text }, { timeoutMs: BUSY_MS }));
const ask = (given = parts()) => offersOf(manifest(), given, runWith({}, { timeoutMs: BUSY_MS }));
const said = (text: string) => ({ output: { content: [{ type: 'text', text }] } });

describe('a server that takes tokens of OAuth alone', { timeout: BUSY_MS }, () => {
  it('is called with a token of the client, which is asked for once and for this server', async () => {
    keepClient(MACHINE);
    const tool = await connected();
    const before = server.asked.length;
    expect(await echo(tool)).toEqual(said('hello'));
    expect(await echo(tool, 'again')).toEqual(said('again'));
    expect(server.asked.length).toBe(before + 1);
    const { grant_type, resource, scope } = Object.fromEntries(server.asked.at(-1) ?? []);
    expect([grant_type, resource, scope]).toEqual(['client_credentials', server.url, 'tools']);
    await tool.close();
  });

  it('is called with a signed assertion of the client', async () => {
    keepClient({ client_id: 'signing', private_key: server.privateKey, algorithm: 'ES256' });
    const tool = await connected();
    expect(await echo(tool)).toEqual(said('hello'));
    expect(server.asked.at(-1)?.get('client_assertion_type')).toContain('jwt-bearer');
    await tool.close();
  });

  it('is asked with another token when one has ended', async () => {
    keepClient(MACHINE);
    const tool = await connected();
    await echo(tool);
    const [first] = server.tokens.slice(-1);
    server.expire();
    expect(await echo(tool)).toEqual(said('hello'));
    expect(server.tokens.at(-1)).not.toBe(first);
    await tool.close();
  });

  it('gets nothing of a client whose tokens another authorization server issues', async () => {
    keepClient(MACHINE);
    const before = server.asked.length;
    server.issuerShown = `http://${server.host}`;
    await expect(ask()).rejects.toEqual(error('TOOL_CREDENTIAL_REQUIRED'));
    server.issuerShown = 'https://login.evil.example';
    await expect(ask()).rejects.toEqual(expect.objectContaining({ effect: 'none' }));
    expect(server.asked.length).toBe(before);
  });

  it('is not reached where its authorization server is not among the hosts', async () => {
    const { hosts, credentials } = manifest();
    expect(() => manifest({ hosts: hosts.slice(0, 1) })).toThrow(/issuer/);
    expect(() => manifestSchema.parse({ ...manifest(), adapter: 'http.fetch', credentials })).toThrow(/MCP server/);
  });

  it('refuses a client that the authorization server does not know, without the secret in the reason', async () => {
    keepClient({ ...MACHINE, client_secret: 'wrong-secret-of-a-machine-long-enough' });
    const refused: Error = await ask().catch((thrown) => thrown);
    expect(refused).toEqual(error('TOOL_CREDENTIAL_REQUIRED'));
    expect(refused.message).not.toContain('wrong-secret');
    keepClient({ client: 'no' });
    await expect(ask()).rejects.toEqual(error('TOOL_CREDENTIAL_UNAVAILABLE'));
  });

  it('leaves no token and no secret in the records of its requests', async () => {
    keepClient(MACHINE);
    const tool = await connected();
    await echo(tool);
    const shown = JSON.stringify([records, tool.requests('call-1')]);
    expect(records.map(({ host, port }) => `${host}:${port}`)).toContain(server.issuerHost);
    for (const secret of [...server.tokens, MACHINE.client_secret]) expect(shown).not.toContain(secret);
    await tool.close();
  });
});

describe('what a person authorizes', { timeout: BUSY_MS }, () => {
  const asked = (changes: Partial<Authorizing> = {}): Authorizing => ({
    ...{ url: new URL(server.url), terms: { issuer: server.issuer }, fetch },
    person: { redirectUrl: REDIRECT, open: (page) => server.open(page) },
    ...changes,
  });
  const authorized = (changes: Partial<Authorizing> = {}) =>
    withAuthorization(asked(changes), async (client) => (await client.listTools()).tools.map(({ name }) => name));

  it.each([
    ['a client that registers itself', undefined],
    ['the metadata document of the client', CLIENT_DOCUMENT],
  ])('lets a worker go on without the person: %s', async (_how, clientMetadataUrl) => {
    const { value, secret } = await authorized({ clientMetadataUrl });
    expect(value).toEqual(['echo']);
    const exchange = server.asked.at(-1);
    expect([exchange?.get('code_verifier'), exchange?.get('resource')]).toEqual([expect.any(String), server.url]);
    if (clientMetadataUrl !== undefined) expect(secret?.client_id).toBe(CLIENT_DOCUMENT);
    keepClient(secret ?? {});
    const tool = await connected();
    expect(await echo(tool)).toEqual(said('hello'));
    // A refresh token of this server is used once: the next one is kept in its place.
    const kept = JSON.parse(readFileSync(path(), 'utf8')) as { readonly refresh_token: string };
    expect(kept.refresh_token).not.toBe((secret as typeof kept | null)?.refresh_token);
    server.expire();
    expect(await echo(tool)).toEqual(said('hello'));
    await tool.close();
  });

  it('is kept by the command for the owner of the file alone, where workers find it', async () => {
    process.env['KHIPU_EGRESS_PRIVATE_HOSTS'] = '127.0.0.1';
    const visit = async (page: URL) => {
      const back = new URL(page.searchParams.get('redirect_uri') ?? '');
      back.search = (await server.open(page)).toString();
      await fetch(back);
    };
    const show = (page: URL) => void visit(page);
    const { path: kept, tools } = await authorize(manifest(), { tenant: 'acme', secrets: folder, show });
    delete process.env['KHIPU_EGRESS_PRIVATE_HOSTS'];
    expect([kept, tools, statSync(kept).mode & 0o777]).toEqual([path(), ['echo'], 0o600]);
    const tool = await connected();
    expect(await echo(tool)).toEqual(said('hello'));
    await tool.close();
  });

  it('is asked for again when its refresh token is no longer valid', async () => {
    const { secret } = await authorized();
    keepClient({ ...secret, refresh_token: 'gone' });
    await expect(ask()).rejects.toEqual(error('TOOL_CREDENTIAL_REQUIRED'));
  });

  it('is not taken where the next refresh token cannot be kept', async () => {
    const { secret } = await authorized();
    keepClient(secret ?? {});
    const writeSecret = () => {
      throw new Error('EROFS');
    };
    await expect(ask(parts({ writeSecret }))).rejects.toEqual(error('TOOL_CREDENTIAL_UNAVAILABLE'));
  });

  it.each([
    [
      'of another issuer (RFC 9207)',
      /issuer/i,
      (answer: URLSearchParams) => answer.set('iss', 'https://login.evil.example'),
    ],
    ['without an issuer', /\biss\b|issuer/i, (answer: URLSearchParams) => answer.delete('iss')],
    ['to another request', /state differs/, (answer: URLSearchParams) => answer.set('state', 'x')],
  ])('is not taken from an answer %s', async (_which, why, tamper) => {
    const before = server.asked.length;
    server.tamper = tamper;
    await expect(authorized()).rejects.toThrow(why);
    expect(server.asked.length).toBe(before);
  });

  it('is not asked for at another authorization server than the manifest names', async () => {
    await expect(authorized({ terms: { issuer: 'https://login.example' } })).rejects.toEqual(
      error('TOOL_CREDENTIAL_REQUIRED'),
    );
  });
});
