/** Installed capsules as tools, for the official client and for one that takes tasks. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiClient } from '../../support/api-client.ts';
import { GREETER_GRANT, publishedCapsule } from '../../support/capsules.ts';
import { type Harness, startHarness } from '../http/support/harness.ts';
import { send, taskIn } from './support.ts';

const BUSY_MS = 240_000;
const INPUT = { name: 'Ana' };

let platform: Harness;
let caller: ApiClient;
let client: Client;
beforeAll(async () => {
  platform = await startHarness();
  const capabilities = ['capsules:read', 'capsules:install', 'capsules:run', 'agents:*', 'slm:invoke:*'];
  caller = await platform.clientWith('acme', capabilities);
  const { capsule, digest } = await publishedCapsule(platform.api, platform.config.keysDir, { name: 'greeter' });
  const body = { capsule, digest, granted: [...GREETER_GRANT] };
  expect(await caller.call('POST', '/v1/marketplace/installs', { body })).toMatchObject({ status: 201 });
  client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  const requestInit = { headers: { authorization: `Bearer ${caller.apiKey}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${platform.url}/mcp`), { requestInit }));
}, BUSY_MS);
afterAll(async () => {
  await client?.close();
  await platform?.close();
});

const namesFor = async ({ apiKey: token }: ApiClient): Promise<unknown> => {
  const { result } = await send(platform.url, 'tools/list', {}, { token });
  return (result['tools'] as readonly { readonly name: string }[])
    .map(({ name }) => name)
    .filter((name) => name.startsWith('capsule.'));
};

test('an installed capsule is a tool of its tenant, with its own input schema', { timeout: BUSY_MS }, async () => {
  const { tools } = await client.listTools();
  expect(tools.find(({ name }) => name === 'capsule.greeter')).toMatchObject({
    ...{ title: 'demo/greeter@1.3.0', description: 'Greets a person by name' },
    inputSchema: { type: 'object', required: ['name'] },
  });
  // Another tenant has not installed it, and who may not run capsules is shown none.
  expect(await namesFor(platform.api)).toEqual([]);
  expect(await namesFor(await platform.clientWith('acme', ['capsules:read']))).toEqual([]);
});

test('it is called as a governed run, whose result has the run', { timeout: BUSY_MS }, async () => {
  const { content, isError = false, _meta } = await client.callTool({ name: 'capsule.greeter', arguments: INPUT });
  expect([isError, _meta?.['khipu/call']]).toEqual([false, expect.objectContaining({ status: 'completed' })]);
  expect(content).toEqual([{ type: 'text', text: expect.stringMatching(/./) }]);
  const { run_id: id } = (_meta?.['khipu/call'] ?? {}) as { readonly run_id?: string };
  expect((await caller.call('GET', `/v1/agents/runs/${id}`)).body).toMatchObject({ agent: 'greeter' });
});

test('it is refused with the code of the platform', { timeout: BUSY_MS }, async () => {
  const codeOf = async (name: string, given: Record<string, unknown>) => {
    const { isError, _meta } = await client.callTool({ name, arguments: given });
    return [isError, (_meta?.['khipu/problem'] as { readonly code?: string } | undefined)?.code];
  };
  expect(await codeOf('capsule.greeter', { name: 7 })).toEqual([true, 'CAPSULE_INPUT_INVALID']);
  expect(await codeOf('capsule.absent', INPUT)).toEqual([true, 'CAPSULE_INSTALL_UNKNOWN']);
});

test('its run is a task for a client that takes tasks, at every request', { timeout: BUSY_MS }, async () => {
  const sending = { token: caller.apiKey, takesTasks: true };
  const { result } = await send(platform.url, 'tools/call', { name: 'capsule.greeter', arguments: INPUT }, sending);
  expect(result).toMatchObject({ resultType: 'task', taskId: expect.stringMatching(/^run\./) });
  const ended = await taskIn(platform.url, String(result['taskId']), { token: caller.apiKey }, 'completed');
  expect(ended.result['result']).toMatchObject({ content: [{ type: 'text' }] });
  const other = { token: platform.api.apiKey, takesTasks: true };
  expect((await send(platform.url, 'tasks/get', { taskId: result['taskId'] }, other)).error.code).toBe(-32_602);
});

test('its run is cancelled by who may control runs', { timeout: BUSY_MS }, async () => {
  const sending = { token: caller.apiKey, takesTasks: true };
  const slow = { name: 'Ana [[delay:20000]]' };
  const { result } = await send(platform.url, 'tools/call', { name: 'capsule.greeter', arguments: slow }, sending);
  const taskId = String(result['taskId']);
  const weak = await platform.clientWith('acme', ['capsules:run']);
  const refused = await send(platform.url, 'tasks/cancel', { taskId }, { ...sending, token: weak.apiKey });
  expect(refused.error.data).toMatchObject({ code: 'CAPABILITY_MISSING' });
  expect((await send(platform.url, 'tasks/cancel', { taskId }, sending)).error).toBeUndefined();
  await taskIn(platform.url, taskId, { token: caller.apiKey }, 'cancelled');
});
