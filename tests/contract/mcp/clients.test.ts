/** Clients of the protocol, unchanged: only their URL and their credentials are those of a gateway. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../checks/files.ts';
import { pythonEnvironment } from '../../checks/python.ts';
import { ApiClient } from '../../support/api-client.ts';
import { type OutsideService, startOutsideService, weatherManifest } from '../../support/outside-service.ts';
import { type Harness, startHarness } from '../http/support/harness.ts';
import { type OidcServer, PUBLIC_URL, startOidcServer } from '../http/support/oidc-server.ts';
import { register, send } from './support.ts';

const run = promisify(execFile);
const BUSY_MS = 240_000;

let outside: OutsideService;
let provider: OidcServer;
let platform: Harness;
let caller: ApiClient;
beforeAll(async () => {
  [outside, provider] = await Promise.all([
    startOutsideService(),
    startOidcServer({ 'ci-agent': { tenant: 'demo', roles: ['agent'] } }),
  ]);
  platform = await startHarness({
    KHIPU_EGRESS_PRIVATE_HOSTS: '127.0.0.1',
    KHIPU_IDENTITY_ISSUER_URL: provider.issuer,
  });
  await register(platform, weatherManifest(outside));
  caller = await platform.clientWith('demo', ['tool:execute:weather', 'slm:*']);
  const role = { name: 'agent', capabilities: ['tool:execute:weather'] };
  expect(await platform.api.call('POST', '/v1/roles', { body: role })).toMatchObject({ status: 201 });
}, BUSY_MS);
afterAll(async () => {
  await platform.close();
  await Promise.all([provider.stop(), outside.close()]);
});

const seen = (protocol: string) => ({
  ...{ protocol, tools: ['weather'], output: { city: 'Cusco', celsius: 14 } },
  refused: [true, 'TOOL_ARGUMENTS_INVALID'],
});
const environment = () => ({ ...process.env, KHIPU_URL: platform.url, KHIPU_API_KEY: caller.apiKey });

describe('the client of TypeScript', () => {
  test('of the page lists and calls by 2026-07-28', { timeout: BUSY_MS }, async () => {
    const { stdout } = await run(process.execPath, [join(projectRoot, 'docs/examples/mcp-client.ts')], {
      env: environment(),
    });
    expect(JSON.parse(stdout)).toEqual(seen('2026-07-28'));
  });

  test('as it is by default, and the SDK before it, list and call by 2025-11-25', { timeout: BUSY_MS }, async () => {
    const requestInit = { headers: { authorization: `Bearer ${caller.apiKey}` } };
    const url = new URL(`${platform.url}/mcp`);
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
    const old = new OldClient({ name: 'test', version: '1' });
    await old.connect(new OldTransport(url, { requestInit }) as never);
    for (const each of [client, old]) {
      expect((await each.listTools()).tools.map(({ name }) => name)).toEqual(['weather']);
      const { structuredContent } = await each.callTool({ name: 'weather', arguments: { city: 'Cusco' } });
      expect(structuredContent).toEqual({ city: 'Cusco', celsius: 14 });
      const refused = await each.callTool({ name: 'weather', arguments: {} });
      expect(refused).toMatchObject({ isError: true, _meta: { 'khipu/problem': { code: 'TOOL_ARGUMENTS_INVALID' } } });
      await each.close();
    }
  });
});

// Its packages are installed once, which takes some seconds.
test('the client of Python lists and calls by 2026-07-28', { timeout: BUSY_MS }, async () => {
  const python = join(await pythonEnvironment('mcp-client', 'tests/contract/mcp/python/requirements.txt'), 'python');
  const { stdout } = await run(python, [join(projectRoot, 'docs/examples/mcp-client.py')], { env: environment() });
  expect(JSON.parse(stdout)).toEqual(seen('2026-07-28'));
});

describe('the endpoint as a protected resource', { timeout: BUSY_MS }, () => {
  test('names who issues tokens for it, in its metadata and in its challenge', async () => {
    const { status, headers } = await send(platform.url, 'tools/list');
    const url = `${platform.url}/.well-known/oauth-protected-resource/mcp`;
    expect([status, headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer realm="khipu", resource_metadata="${url}"`,
    ]);
    for (const each of [url, `${platform.url}/.well-known/oauth-protected-resource`])
      expect(await (await fetch(each)).json()).toMatchObject({
        ...{
          resource: `${platform.url}/mcp`,
          authorization_servers: [provider.issuer],
          bearer_methods_supported: ['header'],
        },
      });
  });

  test('takes tokens of the platform or of this resource alone, and passes none on', async () => {
    const resource = `${PUBLIC_URL}/mcp`;
    const { url, close } = await platform.configured({ KHIPU_PUBLIC_URL: PUBLIC_URL });
    for (const [aud, at, status] of [
      ...[
        ['khipu', url, 200],
        [resource, url, 200],
        ['urn:other', url, 401],
        [`${resource}/other`, url, 401],
      ],
      // Without a public URL no resource is known: a Host that a caller chose must not decide.
      [`${platform.url}/mcp`, platform.url, 401],
    ] as const) {
      const token = await provider.token('ci-agent', aud === 'khipu' ? {} : { audience: String(aud) });
      expect([aud, (await send(String(at), 'tools/list', {}, { token })).status]).toEqual([aud, status]);
    }
    const token = await provider.token('ci-agent', { audience: resource });
    // A token for this resource is none for the rest of the API.
    expect((await new ApiClient({ url, apiKey: token }).call('GET', '/v1/tools')).status).toBe(401);
    const { result } = await send(url, 'tools/call', { name: 'weather', arguments: { city: 'Cusco' } }, { token });
    expect(result).toMatchObject({ structuredContent: { city: 'Cusco', celsius: 14 } });
    expect(JSON.stringify(outside.headers())).not.toContain(token);
    const metadata = await (await fetch(`${url}/.well-known/oauth-protected-resource/mcp`)).json();
    expect(metadata).toMatchObject({ resource });
    // The platform as a client of other authorization servers: its id is the URL of its document.
    const document = await (await fetch(`${url}/.well-known/oauth-client.json`)).json();
    expect(document).toMatchObject({
      ...{ client_id: `${PUBLIC_URL}/.well-known/oauth-client.json`, token_endpoint_auth_method: 'none' },
      redirect_uris: ['http://127.0.0.1/callback'],
    });
    await close();
  });
});
