/** The official conformance package against the endpoint: every scenario for servers that it carries. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../checks/files.ts';
import { type Harness, startHarness } from '../http/support/harness.ts';
import { startProxy } from './proxy.ts';
import { register } from './support.ts';

const run = promisify(execFile);
const PACKAGE = join(projectRoot, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');

/** Scenarios of features that the endpoint does not have, and does not say that it has. */
const NOT_OFFERED: Readonly<Record<string, string>> = {
  ...{ 'logging-set-level': 'logging', 'completion-complete': 'completions' },
  ...{
    'tools-call-image': 'images of tools',
    'tools-call-audio': 'audio of tools',
    'tools-call-mixed-content': 'images of tools',
  },
  'tools-call-embedded-resource': 'resources in results',
  ...{ 'tools-call-with-logging': 'notifications of a call', 'tools-call-with-progress': 'notifications of a call' },
  ...{ 'tools-call-sampling': 'requests to the client', 'tools-call-elicitation': 'requests to the client' },
  ...{
    'elicitation-sep1034-defaults': 'requests to the client',
    'elicitation-sep1330-enums': 'requests to the client',
  },
  ...{ 'resources-list': 'resources', 'resources-read-text': 'resources', 'resources-read-binary': 'resources' },
  ...{
    'resources-templates-read': 'resources',
    'resources-subscribe': 'resources',
    'resources-unsubscribe': 'resources',
  },
  ...{ 'prompts-list': 'prompts', 'prompts-get-simple': 'prompts', 'prompts-get-with-args': 'prompts' },
  ...{ 'prompts-get-embedded-resource': 'prompts', 'prompts-get-with-image': 'prompts' },
};

const text: Readonly<Record<string, [number, string]>> = {
  '/simple': [200, 'This is a simple text response for testing.'],
  '/error': [400, 'failed'],
};
let outside: Server;
let platform: Harness;
let proxy: Awaited<ReturnType<typeof startProxy>>;
beforeAll(async () => {
  outside = createServer(({ url = '' }, response) => {
    const [status, body] = text[url] ?? [404, ''];
    response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
  });
  await new Promise<void>((listening) => outside.listen(0, '127.0.0.1', listening));
  const host = `127.0.0.1:${(outside.address() as AddressInfo).port}`;
  platform = await startHarness({ KHIPU_EGRESS_PRIVATE_HOSTS: '127.0.0.1', KHIPU_RATE_LIMIT_PER_MINUTE: '100000' });
  const tool = (name: string, path: string, changes: object = {}) => ({
    ...{ name, version: '1', description: `The tool ${name}`, adapter: 'declared', tier: 'declared', effect: 'read' },
    ...{ input_schema: { type: 'object' }, output_schema: {}, hosts: [{ host, methods: ['GET'], scheme: 'http' }] },
    config: {
      operation: 'get',
      openapi: {
        openapi: '3.1.0',
        servers: [{ url: `http://${host}` }],
        paths: { [path]: { get: { operationId: 'get' } } },
      },
    },
    ...changes,
  });
  const address = {
    $defs: { address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
  };
  const schema = {
    ...{ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', ...address },
    properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
    additionalProperties: false,
  };
  await register(platform, tool('test_simple_text', '/simple'));
  await register(platform, tool('test_error_handling', '/error'));
  await register(platform, tool('json_schema_2020_12_tool', '/simple', { input_schema: schema }));
  proxy = await startProxy(platform.url, platform.api.apiKey);
}, 120_000);
afterAll(async () => {
  proxy.close();
  outside.close();
  await platform.close();
});

/** Resolves with the checks of a scenario that failed, as `id: message`. */
async function failuresOf(scenario: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'khipu-conformance-'));
  try {
    const args = [PACKAGE, 'server', '--url', `${proxy.url}/mcp`, '--scenario', scenario, '--output-dir', folder];
    await run(process.execPath, args, { cwd: folder, timeout: 60_000 }).catch(() => undefined);
    const file = readdirSync(folder, { recursive: true })
      .map(String)
      .find((path) => path.endsWith('checks.json'));
    if (file === undefined) return [`${scenario}: no result`];
    const checks = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
      id: string;
      status: string;
      errorMessage?: string;
    }[];
    if (checks.length === 0) return [`${scenario}: no check`];
    return checks.filter(({ status }) => status === 'FAILURE').map(({ id, errorMessage }) => `${id}: ${errorMessage}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('every scenario of a feature that the endpoint has passes; it has no other', { timeout: 600_000 }, async () => {
  const { stdout } = await run(process.execPath, [PACKAGE, 'list', '--server']);
  const all = [...stdout.matchAll(/^ {2}- (\S+) \[/gm)].map(([, name]) => name ?? '');
  const known = Object.keys(NOT_OFFERED);
  expect(known.filter((name) => !all.includes(name))).toEqual([]);
  const offered = all.filter((name) => !known.includes(name));
  expect(offered.length).toBeGreaterThanOrEqual(7);
  const failed: Record<string, readonly string[]> = {};
  for (const name of offered) {
    const failures = await failuresOf(name);
    if (failures.length > 0) failed[name] = failures;
  }
  expect(failed).toEqual({});
  // The package sees what is missing.
  expect(await failuresOf('prompts-list')).not.toEqual([]);
});
