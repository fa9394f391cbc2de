import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApiKey } from '../../infra/security/api-key-file.ts';
import { send } from '../contract/mcp/support.ts';
import { type ApiClient, until } from '../support/api-client.ts';
import { killProcess } from '../support/kill-process.ts';
import { type OutsideService, paymentManifest, signedTool, startOutsideService } from '../support/outside-service.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { BUSY_MACHINE, clientOf } from './support/turn-fixture.ts';

const TIMEOUT_MS = 180_000;

interface Json {
  readonly call_id: string;
  readonly approval_id: string;
  readonly digest: string;
  readonly status: unknown;
  readonly code: string | null;
  readonly output: unknown;
  readonly items: readonly { readonly approval_id: string; readonly grant_id: string; readonly uses: number }[];
}

let outside: OutsideService;
let platform: TestPlatform;
let admin: ApiClient;
/** A principal that calls tools and decides on nothing. */
let agent: ApiClient;
let agentKey: string;
beforeAll(async () => {
  outside = await startOutsideService();
  platform = await startTestPlatform({
    env: { ...BUSY_MACHINE, KHIPU_EGRESS_PRIVATE_HOSTS: '127.0.0.1' },
    without: ['job-runner'],
    apart: ['tool-worker'],
  });
  admin = clientOf(platform);
  const pay = paymentManifest(outside, { approval: { required: 1 } });
  const brief = paymentManifest(outside, { name: 'brief', approval: { required: 1, expires_ms: 2_000 } });
  for (const manifest of [pay, brief]) {
    const body = signedTool(manifest, `${platform.dir}/keys`);
    expect((await admin.call('PUT', `/v1/tools/${manifest.name}`, { body })).status).toBe(201);
  }
  const of = { tenantId: 'demo', name: 'agent', capabilities: ['tool:execute:*'] };
  const { key } = createApiKey({ keysDir: `${platform.dir}/keys`, ...of });
  agentKey = key;
  agent = clientOf({ url: platform.url, apiKey: key });
  // A gateway looks for new keys once a second.
  await until(
    () => agent.call('GET', '/v1/tools/none'),
    ({ status }) => status === 403,
    TIMEOUT_MS,
  );
}, 900_000);
afterAll(async () => {
  await platform?.stop();
  await outside?.close();
});

const execute = (tool: string, amount = 5) =>
  agent.call<Json>('POST', `/v1/tools/${tool}/execute`, {
    ...{ body: { arguments: { amount } }, headers: { prefer: 'wait=30' } },
  });

async function held(tool: string, amount = 5): Promise<Json> {
  const { status, body } = await execute(tool, amount);
  expect([status, body]).toMatchObject([202, { status: 'waiting' }]);
  await until(
    () => admin.call<Json>('GET', `/v1/approvals/${body.approval_id}`),
    (answer) => answer.status === 200,
    TIMEOUT_MS,
  );
  return body;
}
const approve = ({ approval_id: id, digest }: Json, prefer = 'wait=30', more: object = {}) =>
  admin.call<Json>('POST', `/v1/approvals/${id}/decision`, {
    ...{ body: { outcome: 'approve', digest, reason: 'seen', ...more }, headers: { prefer } },
  });
const ended = async (id: string) =>
  (
    await until(
      () => admin.call<Json>('GET', `/v1/tool-calls/${id}`),
      ({ body }) => ['succeeded', 'refused', 'failed', 'unknown'].includes(String(body.status)),
      TIMEOUT_MS,
    )
  ).body;

/** Approves a call where people were asked about it. */
async function answeredOrApproved(callId: string): Promise<void> {
  const { body } = await until(
    () => admin.call<Json>('GET', `/v1/tool-calls/${callId}`),
    (answer) => ['waiting', 'succeeded'].includes(String(answer.body.status)),
    TIMEOUT_MS,
  );
  if (body.status !== 'waiting') return;
  const asked = await until(
    () => admin.call<Json>('GET', `/v1/approvals/${callId}`),
    ({ status }) => status === 200,
    TIMEOUT_MS,
  );
  expect((await approve(asked.body)).status).toBe(200);
}

test('a call waits, is approved by another key, and runs once through kill -9 between the grant and the effect', {
  timeout: 2 * TIMEOUT_MS,
}, async () => {
  const waiting = await held('payment');
  expect(outside.payments.size).toBe(0);
  // The worker is not there when the call is granted, so that the effect comes after both deaths.
  const restarted = killProcess(platform, 'worker-tool-worker');
  const granted = approve(waiting, 'respond-async');
  await Promise.all([restarted, granted, killProcess(platform, 'stream-all')]);
  expect(await ended(waiting.call_id)).toMatchObject({ status: 'succeeded', output: { paid: 5 } });
  // A second decision would let it run again.
  const again = await until(
    () => approve(waiting),
    ({ status }) => status !== 202,
    TIMEOUT_MS,
  );
  expect([again.status, again.body.code]).toEqual([409, 'APPROVAL_ENDED']);
  expect([...outside.payments.values()]).toEqual([1]);
});

test('a call without a decision in time is refused, and its effect never comes', {
  timeout: TIMEOUT_MS,
}, async () => {
  const before = outside.payments.size;
  const waiting = await held('brief');
  expect(await ended(waiting.call_id)).toMatchObject({ status: 'refused', code: 'APPROVAL_EXPIRED' });
  expect(outside.payments.size).toBe(before);
  const list = await admin.call<Json>('GET', '/v1/approvals?status=expired');
  expect(list.body.items.map(({ approval_id: id }) => id)).toContain(waiting.approval_id);
});

test('a grant covers the same calls of a key outside sessions, over HTTP and MCP and through kill -9, and no other', {
  timeout: 2 * TIMEOUT_MS,
}, async () => {
  const waiting = await held('payment', 31);
  const grant = { lifetime_ms: 600_000, uses_max: 20 };
  expect((await approve(waiting, 'wait=30', { grant })).status).toBe(200);
  expect(await ended(waiting.call_id)).toMatchObject({ status: 'succeeded' });
  const active = async (uses: number) =>
    (
      await until(
        () => admin.call<Json>('GET', '/v1/approval-grants?status=active'),
        ({ body }) => body.items[0]?.uses === uses,
        TIMEOUT_MS,
      )
    ).body.items;
  const [given] = await active(0);
  expect((await execute('payment', 31)).body).toMatchObject({ status: 'succeeded', output: { paid: 31 } });
  const { result } = (await send(
    platform.url,
    'tools/call',
    { name: 'payment', arguments: { amount: 31 } },
    { token: agentKey },
  )) as { readonly result?: unknown };
  expect(result).toMatchObject({ structuredContent: { paid: 31 } });
  // The processor dies while calls ask for the grant: each runs once, by the grant, or by people when it is back too late.
  const [first, second] = await Promise.all([
    execute('payment', 31),
    execute('payment', 31),
    killProcess(platform, 'stream-all'),
  ]);
  for (const { body } of [first, second]) {
    await answeredOrApproved(body.call_id);
    expect(await ended(body.call_id)).toMatchObject({ status: 'succeeded', output: { paid: 31 } });
  }
  // The grant is in force after the death as before it.
  expect((await execute('payment', 31)).body).toMatchObject({ status: 'succeeded', output: { paid: 31 } });
  expect(await active(5)).toHaveLength(1);
  await held('payment', 32);
  const revoked = await admin.call('DELETE', `/v1/approval-grants/${given?.grant_id}`, {
    headers: { prefer: 'wait=30' },
  });
  expect(revoked.status).toBe(204);
  await held('payment', 31);
  expect([...outside.payments.values()].filter((times) => times !== 1)).toEqual([]);
});
