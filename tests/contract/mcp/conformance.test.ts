/**
 * The official conformance package against the endpoint: the requirement sets of 2025-11-25 and 2026-07-28, each at its own
 * wire, with the scenarios of extensions that the package reports and does not score.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../checks/files.ts';
import { type Harness, startHarness } from '../http/support/harness.ts';
import { startProxy } from './proxy.ts';
import { register, send } from './support.ts';

const run = promisify(execFile);
const PACKAGE = join(projectRoot, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');

const named = (feature: string, ...ids: readonly string[]): Record<string, string> =>
  Object.fromEntries(ids.map((id) => [id, feature]));

/**
 * Scenarios, or checks of a scenario as `scenario:check`, that need a feature which the endpoint does not have and does not say
 * that it has. Each fails, in each set that has it: an entry that passes is an error of this list.
 */
const NOT_OFFERED: Readonly<Record<string, string>> = {
  ...named('logging', 'logging-set-level', 'tools-call-with-logging'),
  ...named('logging', 'server-stateless:sep-2575-server-no-log-without-loglevel'),
  ...named('completions', 'completion-complete'),
  ...named('bytes in results', 'tools-call-image', 'tools-call-audio', 'tools-call-mixed-content'),
  ...named('resources in results', 'tools-call-embedded-resource'),
  ...named('progress of a call', 'tools-call-with-progress'),
  ...named('requests to the client', 'tools-call-sampling', 'tools-call-elicitation'),
  ...named('requests to the client', 'elicitation-sep1034-defaults', 'elicitation-sep1330-enums'),
  ...named('tasks that end with an error of the protocol', 'tasks-lifecycle:sep-2663-tasks-get-status-failed'),
  ...named(
    'tools that need a capability of the client',
    'tasks-required-task-error',
    'server-stateless:sep-2575-server-rejects-undeclared-capability',
    'server-stateless:sep-2575-missing-capability-http-400',
    'server-stateless:sep-2575-http-server-no-independent-requests-on-stream',
  ),
  ...named('resources', 'resources-list', 'resources-read-text', 'resources-read-binary', 'resources-templates-read'),
  ...named('resources', 'resources-subscribe', 'resources-unsubscribe'),
  ...named('resources', 'caching:sep-2549-resources-list-caching-hints'),
  ...named('resources', 'caching:sep-2549-resources-templates-list-caching-hints'),
  ...named('prompts', 'prompts-list', 'prompts-get-simple', 'prompts-get-with-args', 'prompts-get-embedded-resource'),
  ...named('prompts', 'prompts-get-with-image', 'caching:sep-2549-prompts-list-caching-hints'),
  ...named(
    'tools that ask their caller',
    ...['basic-elicitation', 'basic-sampling', 'basic-list-roots', 'request-state', 'multiple-input-requests'].map(
      (name) => `input-required-result-${name}`,
    ),
    ...['multi-round', 'non-tool-request', 'result-type', 'tampered-state', 'capability-check'].map(
      (name) => `input-required-result-${name}`,
    ),
    ...['tasks-mrtr-input', 'tasks-mrtr-composition'],
  ),
};

const text: Readonly<Record<string, [number, string]>> = {
  '/simple': [200, 'This is a simple text response for testing.'],
  '/error': [400, 'failed'],
  '/slow-error': [400, 'failed'],
};
let outside: Server;
let platform: Harness;
let proxy: Awaited<ReturnType<typeof startProxy>>;
beforeAll(async () => {
  outside = createServer(async ({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://outside');
    const seconds = searchParams.get('seconds');
    // Longer than a call waits before it becomes a task.
    if (pathname === '/slow-error' || (seconds !== null && seconds !== '0')) await pause(4_000);
    const [status, body] =
      pathname === '/greet' ? [200, `Hello, ${searchParams.get('name')}!`] : (text[pathname] ?? [404, '']);
    response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
  });
  await new Promise<void>((listening) => outside.listen(0, '127.0.0.1', listening));
  const host = `127.0.0.1:${(outside.address() as AddressInfo).port}`;
  platform = await startHarness({ KHIPU_EGRESS_PRIVATE_HOSTS: '127.0.0.1', KHIPU_RATE_LIMIT_PER_MINUTE: '100000' });
  const inQuery = (...names: readonly string[]) => names.map((name) => ({ name, in: 'query', schema: {} }));
  const tool = (name: string, path: string, changes: object = {}, parameters: readonly object[] = []) => ({
    ...{ name, version: '1', description: `The tool ${name}`, adapter: 'declared', tier: 'declared', effect: 'read' },
    ...{ input_schema: { type: 'object' }, output_schema: {}, hosts: [{ host, methods: ['GET'], scheme: 'http' }] },
    config: {
      operation: 'get',
      openapi: {
        openapi: '3.1.0',
        servers: [{ url: `http://${host}` }],
        paths: { [path]: { get: { operationId: 'get', parameters } } },
      },
    },
    ...changes,
  });
  const schema = {
    ...{ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' },
    $defs: {
      address: {
        ...{ $anchor: 'addressDef', type: 'object' },
        properties: { street: { type: 'string' }, city: { type: 'string' } },
      },
    },
    properties: {
      ...{ name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
      ...{ contactMethod: { type: 'string', enum: ['phone', 'email'] }, phone: { type: 'string' } },
      email: { type: 'string' },
    },
    allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
    if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: { required: ['phone'] },
    else: { required: ['email'] },
    additionalProperties: false,
  };
  const takes = (properties: object) => ({ input_schema: { type: 'object', properties } });
  const routed = { city: { type: 'string', 'x-mcp-header': 'City' } };
  for (const each of [
    tool('answer', '/simple'),
    tool('test_simple_text', '/simple'),
    tool('test_error_handling', '/error'),
    tool('json_schema_2020_12_tool', '/simple', { input_schema: schema }),
    tool('routed', '/simple', takes(routed), inQuery('city')),
    tool('greet', '/greet', takes({ name: { type: 'string' } }), inQuery('name')),
    tool(
      'slow_compute',
      '/simple',
      takes({ seconds: { type: 'number' }, label: { type: 'string' } }),
      inQuery('seconds', 'label'),
    ),
    tool('failing_job', '/slow-error'),
    tool('confirm_delete', '/simple', { ...takes({ filename: { type: 'string' } }), approval: { required: 1 } }),
  ])
    await register(platform, each);
  proxy = await startProxy(platform.url, platform.api.apiKey);
}, 120_000);
afterAll(async () => {
  proxy.close();
  outside.close();
  await platform.close();
});

interface Check {
  readonly id: string;
  readonly status: string;
  readonly errorMessage?: string;
}

/** Runs one requirement set. Resolves with the failed checks of each scenario that ran, as `check: message`. */
async function failuresOf(revision: string): Promise<ReadonlyMap<string, readonly [id: string, message: string][]>> {
  const folder = mkdtempSync(join(tmpdir(), 'khipu-conformance-'));
  try {
    const args = [PACKAGE, 'server', '--url', `${proxy.url}/mcp`, '--requirements', revision, '--output-dir', folder];
    // A busy machine takes its time.
    args.push('--timeout', '120000');
    await run(process.execPath, args, { cwd: folder, timeout: 1_700_000, maxBuffer: 64 << 20 }).catch(() => undefined);
    return new Map(
      readdirSync(folder).map((each) => {
        const checks = JSON.parse(readFileSync(join(folder, each, 'checks.json'), 'utf8')) as readonly Check[];
        const failed = checks.filter(({ status }) => status === 'FAILURE');
        const name = each.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, '');
        return [name, failed.map(({ id, errorMessage = '' }) => [id, errorMessage])];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Resolves with the names of the scenarios for servers that a requirement set has, scored or not. */
async function scenariosOf(revision: string): Promise<readonly string[]> {
  const { stdout } = await run(process.execPath, [PACKAGE, 'list', '--requirements', revision]);
  const [, scored = '', others = ''] =
    /Server scenarios[^\n]*\n([\s\S]*?)\n\n[\s\S]*?never scored:([\s\S]*)/.exec(stdout) ?? [];
  const names = (of: string, pattern: RegExp) => [...of.matchAll(pattern)].map(([, name]) => name ?? '');
  return [...names(scored, /^ {2}- (\S+)$/gm), ...names(others, /^ {4}- (\S+) \[server\]$/gm)];
}

test('the endpoint declares tools and tasks alone', async () => {
  const { result } = await send(platform.url, 'server/discover', {}, { token: platform.api.apiKey });
  const capabilities = result['capabilities'] as { readonly extensions: object };
  expect(Object.keys(capabilities).sort()).toEqual(['extensions', 'tools']);
  expect(Object.keys(capabilities.extensions)).toEqual(['io.modelcontextprotocol/tasks']);
});

test.each([
  ['2025-11-25', 33],
  ['2026-07-28', 50],
])(
  'every scenario of %s of a feature that the endpoint has passes',
  { timeout: 1_800_000 },
  async (revision, total) => {
    const [all, ran] = [await scenariosOf(revision), await failuresOf(revision)];
    expect([...ran.keys()].sort()).toEqual([...all].sort());
    expect(ran.size).toBe(total);
    const unexpected: string[] = [];
    for (const [name, failed] of ran) {
      for (const [id, message] of failed)
        if (!(name in NOT_OFFERED) && !(`${name}:${id}` in NOT_OFFERED)) unexpected.push(`${name}:${id}: ${message}`);
      // An entry that is not needed is an error, so that the list says what is missing and no more.
      if (name in NOT_OFFERED && failed.length === 0) unexpected.push(`${name} passes`);
      for (const entry of Object.keys(NOT_OFFERED).filter((each) => each.startsWith(`${name}:`)))
        if (!failed.some(([id]) => entry === `${name}:${id}`)) unexpected.push(`${entry} passes`);
    }
    expect(unexpected).toEqual([]);
  },
);
