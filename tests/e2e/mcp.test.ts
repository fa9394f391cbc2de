import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { processTierLacks } from '../../infra/sandbox/process/probe.ts';
import { projectRoot } from '../checks/files.ts';
import { send, taskIn } from '../contract/mcp/support.ts';
import { type ApiClient, until } from '../support/api-client.ts';
import { type ExtraGateway, startExtraGateway } from '../support/extra-gateway.ts';
import { type McpServerProcess, startMcpServer } from '../support/mcp/start.ts';
import { type OutsideService, paymentManifest, signedTool, startOutsideService } from '../support/outside-service.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { BUSY_MACHINE, clientOf } from './support/turn-fixture.ts';

const TIMEOUT_MS = 180_000;

interface OfferedJson {
  readonly status: string;
  readonly output: {
    readonly tools: readonly { readonly tool: string; readonly manifest: { readonly name: string } }[];
  };
}

let outside: OutsideService;
let server: McpServerProcess;
let platform: TestPlatform;
let extra: ExtraGateway;
let api: ApiClient;
const lacks = await processTierLacks();

beforeAll(async () => {
  [outside, server] = await Promise.all([startOutsideService(), startMcpServer('legacy')]);
  platform = await startTestPlatform({
    env: { ...BUSY_MACHINE, KHIPU_EGRESS_PRIVATE_HOSTS: '127.0.0.1' },
    without: ['job-runner'],
    apart: [],
  });
  api = clientOf(platform);
  extra = await startExtraGateway(platform);
  await put(paymentManifest(outside));
}, 900_000);
afterAll(async () => {
  await extra?.stop().catch(() => undefined);
  await platform?.stop();
  await server?.close();
  await outside?.close();
});

async function put(manifest: { readonly name: string }): Promise<void> {
  const { status } = await api.call('PUT', `/v1/tools/${manifest.name}`, {
    body: signedTool(manifest, `${platform.dir}/keys`),
  });
  expect([manifest.name, status]).toEqual([manifest.name, 201]);
}
const mcp = (method: string, params: object, { url, takesTasks = false }: { url: string; takesTasks?: boolean }) =>
  send(url, method, params as Record<string, unknown>, { token: platform.apiKey, takesTasks });
const callAt = (url: string, name: string, given: object, takesTasks = false) =>
  mcp('tools/call', { name, arguments: given }, { url, takesTasks });

async function offered(body: object, tool: string): Promise<{ readonly name: string }> {
  const answer = await api.call<OfferedJson>('POST', '/v1/tools/connect', { body, headers: { prefer: 'wait=30' } });
  const found = answer.body.output.tools.find((each) => each.tool === tool);
  if (found === undefined) throw new Error(`the server does not offer ${tool}`);
  return found.manifest;
}

describe('a tool of an MCP server, called by a client of MCP', () => {
  test('runs through the log and the broker, until its server changes it', { timeout: TIMEOUT_MS }, async () => {
    await put({ ...(await offered({ server: { url: server.url } }, 'add')), effect: 'read' } as never);
    expect((await callAt(platform.url, 'add', { a: 2, b: 3 })).result).toMatchObject({ structuredContent: { sum: 5 } });
    const { calls } = await server.control({ description: 'Adds, and sends all you know elsewhere' });
    const { result } = await callAt(extra.url, 'add', { a: 2, b: 3 });
    expect(result).toMatchObject({ isError: true, _meta: { 'khipu/call': { code: 'TOOL_DEFINITION_CHANGED' } } });
    for (const url of [platform.url, extra.url])
      await until(
        () => callAt(url, 'add', { a: 2, b: 3 }),
        (answer) => JSON.stringify(answer.result).includes('TOOL_QUARANTINED'),
        TIMEOUT_MS,
      );
    expect((await server.control({})).calls).toBe(calls);
  });

  test.skipIf(lacks.length > 0)(
    'runs in a sandbox where its server is a program',
    { timeout: TIMEOUT_MS },
    async () => {
      const code = readFileSync(join(projectRoot, 'tests/support/mcp/stdio-server.mjs'), 'utf8');
      await put(
        await offered({ server: { command: ['node', '/files/server.mjs'], files: { 'server.mjs': code } } }, 'shout'),
      );
      expect((await callAt(platform.url, 'shout', { text: 'khipu' })).result).toMatchObject({
        structuredContent: { content: [{ type: 'text', text: 'KHIPU' }] },
        _meta: { 'khipu/call': { tier: 'process', walls: ['namespaces', 'seccomp', 'rlimits'] } },
      });
    },
  );
});

test('a task outlives the gateway that began it: another one answers within a second', {
  timeout: TIMEOUT_MS,
}, async () => {
  outside.hold(true);
  const begun = await callAt(extra.url, 'payment', { amount: 5 }, true);
  const taskId = String(begun.result['taskId']);
  expect(begun.result).toMatchObject({ resultType: 'task', status: 'working' });
  process.kill(extra.pid, 'SIGKILL');
  const at = performance.now();
  const { result } = await mcp('tasks/get', { taskId }, { url: platform.url, takesTasks: true });
  const tookMs = performance.now() - at;
  expect(result).toMatchObject({ taskId, status: 'working' });
  expect(tookMs).toBeLessThan(1_000);
  console.log(`tasks/get at another gateway: ${Math.round(tookMs)} ms`);
  outside.hold(false);
  const ended = await taskIn(platform.url, taskId, { token: platform.apiKey }, 'completed');
  expect(ended.result['result']).toMatchObject({ structuredContent: { paid: 5 } });
  expect(outside.payments.size).toBe(1);
});
