/** Installs of capsules as agents, for the official client of the Agent2Agent protocol. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type AgentCard, type StreamResponse, TaskState, verifyAgentCardSignature } from '@a2a-js/sdk';
import { base64url, decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { canonicalJson } from '../../../infra/governance/constitution/canonical-json.ts';
import { projectRoot } from '../../checks/files.ts';
import { type AgentClient, agentClient, messageWith, taskOf } from '../../support/a2a-client.ts';
import type { ApiClient } from '../../support/api-client.ts';
import { GREETER_GRANT, publishedCapsule } from '../../support/capsules.ts';
import { type Harness, startHarness } from '../http/support/harness.ts';

const run = promisify(execFile);
const BUSY_MS = 240_000;
const INPUT = { name: 'Ana' };
const SLOW = { name: 'Ana [[delay:20000]]' };
const CAPABILITIES = ['capsules:read', 'capsules:install', 'capsules:run', 'agents:*', 'slm:invoke:*'];
const PATH = '/a2a/acme/greeter';
const CARD = `${PATH}/.well-known/agent-card.json`;

let platform: Harness;
let caller: ApiClient;
let agent: AgentClient;
let digest: string;
beforeAll(async () => {
  platform = await startHarness();
  caller = await platform.clientWith('acme', CAPABILITIES);
  const published = await publishedCapsule(platform.api, platform.config.keysDir, { name: 'greeter' });
  ({ digest } = published);
  const body = { capsule: published.capsule, digest, granted: [...GREETER_GRANT] };
  expect(await caller.call('POST', '/v1/marketplace/installs', { body })).toMatchObject({ status: 201 });
  agent = await agentClient(platform.url, caller, { tenant: 'acme', install: 'greeter' });
}, BUSY_MS);
afterAll(() => platform?.close());

/** Sends a message of JSON-RPC, without the client. */
async function rpc(
  method: string,
  params: object,
  { token = caller.apiKey, path = PATH, headers = { 'a2a-version': '1.0' } as Record<string, string> } = {},
) {
  const response = await fetch(platform.url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 7, method, params }),
  });
  const body = (await response.json()) as {
    readonly id: number | null;
    readonly error?: { readonly code: number; readonly data?: readonly { readonly metadata?: { code?: string } }[] };
  };
  return {
    status: response.status,
    id: body.id,
    code: body.error?.code,
    platform: body.error?.data?.[0]?.metadata?.code,
  };
}
const message = (input: object, more: object = {}) => ({
  message: { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ data: input }], ...more },
});
const running = () => taskOf(agent.client, messageWith(SLOW, randomUUID(), { returnImmediately: true }));
const codesOf = async (...asked: readonly ReturnType<typeof rpc>[]) =>
  (await Promise.all(asked)).map(({ code, platform: own }) => [code, own]);

describe('the card of an install', () => {
  test('names the capsule by its digest, and the endpoint of its tenant', () => {
    const [offered] = agent.card.supportedInterfaces;
    expect([agent.card.name, agent.card.version, agent.card.provider?.organization]).toEqual([
      ...['greeter', '1.3.0', 'demo'],
    ]);
    expect(offered).toMatchObject({ url: platform.url + PATH, protocolBinding: 'JSONRPC', protocolVersion: '1.0' });
    expect(agent.card.capabilities?.extensions[0]?.params).toMatchObject({ capsule: 'demo/greeter@1.3.0', digest });
    expect(agent.card.defaultInputModes).toEqual(['application/json', 'text/plain']);
  });

  test('is signed over its canonical form (RFC 8785), with nothing left out', async () => {
    const { body } = await caller.call<Record<string, unknown>>('GET', CARD);
    const { signatures, ...card } = body;
    const [{ protected: header, signature }] = signatures as [{ protected: string; signature: string }];
    expect(decodeProtectedHeader({ protected: header })).toMatchObject({ alg: 'EdDSA', typ: 'JOSE' });
    const { keys } = (await platform.api.call<{ keys: [object] }>('GET', '/.well-known/jwks.json', { token: null }))
      .body;
    const signed = `${header}.${base64url.encode(canonicalJson(card))}`;
    const key = await crypto.subtle.importKey('jwk', keys[0], 'Ed25519', false, ['verify']);
    const bytes = Buffer.from(signature, 'base64url');
    expect(await crypto.subtle.verify('Ed25519', key, bytes, Buffer.from(signed))).toBe(true);
  });

  test('is refused by the official client when one byte of it differs, or another key has signed it', {
    timeout: BUSY_MS,
  }, async () => {
    const quiet = vi.spyOn(console, 'debug').mockReturnValue();
    const { body } = await caller.call<object>('GET', CARD);
    const { keys } = (await platform.api.call<{ keys: [object] }>('GET', '/.well-known/jwks.json', { token: null }))
      .body;
    const verify = verifyAgentCardSignature(async () => keys[0]);
    const text = JSON.stringify(body);
    await verify(JSON.parse(text) as AgentCard);
    const accepted: string[] = [];
    let read = 0;
    for (let at = 0; at < text.length; at += 1) {
      const flipped = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
      const card = parsed(flipped);
      if (card === null) continue;
      read += 1;
      await verify(card).then(
        () => accepted.push(flipped.slice(at - 20, at + 20)),
        () => undefined,
      );
    }
    expect(read).toBeGreaterThan(1_000);
    expect(accepted).toEqual([]);
    const other = await exportJWK((await generateKeyPair('EdDSA', { extractable: true })).publicKey);
    await expect(verifyAgentCardSignature(async () => other)(JSON.parse(text) as AgentCard)).rejects.toThrow();
    quiet.mockRestore();
  });

  test('is there for who may run capsules of the tenant, and for a name of this machine', async () => {
    const get = async (client: ApiClient, path = CARD) => {
      const { status, body } = await client.call<{ code?: string }>('GET', path);
      return [status, body.code];
    };
    expect(await get(platform.api)).toEqual([404, 'CAPSULE_INSTALL_UNKNOWN']);
    expect(await get(caller, CARD.replace('greeter', 'absent'))).toEqual([404, 'CAPSULE_INSTALL_UNKNOWN']);
    expect(await get(await platform.clientWith('acme', ['capsules:read']))).toEqual([403, 'CAPABILITY_MISSING']);
    // A client chooses its Host: a platform without a public URL signs no other name than its own.
    const headers = { authorization: `Bearer ${caller.apiKey}`, host: 'planted.example' };
    const { statusCode, json } = await platform.gateway.app.inject({ url: CARD, headers });
    expect([statusCode, json<{ code: string }>().code]).toEqual([400, 'REQUEST_INVALID']);
  });
});

/** Returns a text as a card; null for one that is no JSON. */
function parsed(text: string): AgentCard | null {
  try {
    return JSON.parse(text) as AgentCard;
  } catch {
    return null;
  }
}

describe('a message', () => {
  test('is a governed run, whose result is the artifact of its task', { timeout: BUSY_MS }, async () => {
    const task = await taskOf(agent.client, messageWith(INPUT, randomUUID()));
    expect([task.status?.state, task.contextId]).toEqual([TaskState.TASK_STATE_COMPLETED, task.id]);
    expect(task.artifacts).toMatchObject([{ name: 'result', parts: [{ content: { $case: 'text' } }] }]);
    const shown = await caller.call<{ agent: string; output: string }>('GET', `/v1/agents/runs/${task.id}`);
    expect(shown.body).toMatchObject({ agent: 'greeter', output: task.artifacts[0]?.parts[0]?.content?.value });
    expect(await agent.client.getTask({ tenant: '', id: task.id })).toEqual(task);
  });

  test('starts one run, however often it is sent, and takes a text for the one field', {
    timeout: BUSY_MS,
  }, async () => {
    const id = randomUUID();
    const first = await taskOf(agent.client, messageWith('Ana', id));
    const again = await taskOf(agent.client, messageWith(INPUT, id));
    expect(again.id).toBe(first.id);
    expect(await codesOf(rpc('SendMessage', message({ name: 'Eva' }, { messageId: id })))).toEqual([
      [-32_602, 'IDEMPOTENCY_KEY_REUSED'],
    ]);
  });

  test('is streamed: the task, its steps, its result and its end', { timeout: BUSY_MS }, async () => {
    const updates: StreamResponse[] = [];
    for await (const update of agent.client.sendMessageStream(messageWith(INPUT, randomUUID()))) updates.push(update);
    expect(updates.map(({ payload }) => payload?.$case)).toEqual([
      ...['task', 'statusUpdate', 'artifactUpdate', 'statusUpdate'],
    ]);
    expect(updates.at(-1)?.payload?.value).toMatchObject({ status: { state: TaskState.TASK_STATE_COMPLETED } });
  });

  test('is refused with the code of the platform', { timeout: BUSY_MS }, async () => {
    const weak = (await platform.clientWith('acme', ['capsules:read'])).apiKey;
    const ungranted = (await platform.clientWith('acme', ['capsules:run'])).apiKey;
    expect(
      await codesOf(
        rpc('SendMessage', message({ name: 7 })),
        rpc('SendMessage', message(INPUT), { token: weak }),
        rpc('SendMessage', message(INPUT), { token: ungranted }),
        rpc('SendMessage', message(INPUT), { token: platform.api.apiKey }),
        rpc('SendMessage', message(INPUT), { path: '/a2a/acme/absent' }),
        rpc('SendStreamingMessage', message({ name: 7 })),
        rpc('SendMessage', { message: { messageId: 'm', role: 'ROLE_USER', parts: [{ url: 'https://a.example' }] } }),
        rpc('SendMessage', message(INPUT, { contextId: randomUUID() })),
        rpc('SendMessage', message(INPUT, { messageId: '' })),
        rpc('SendMessage', { message: { messageId: 'm', parts: 7 } }),
      ),
    ).toEqual([
      [-32_602, 'CAPSULE_INPUT_INVALID'],
      [-32_004, 'CAPABILITY_MISSING'],
      [-32_004, 'POLICY_DENIED'],
      [-32_004, 'CAPSULE_INSTALL_UNKNOWN'],
      [-32_004, 'CAPSULE_INSTALL_UNKNOWN'],
      [-32_602, 'CAPSULE_INPUT_INVALID'],
      [-32_005, undefined],
      [-32_004, undefined],
      [-32_602, undefined],
      [-32_602, undefined],
    ]);
  });

  test('needs credentials and the version of the protocol', async () => {
    const none = await rpc('SendMessage', message(INPUT), { token: '' });
    expect([none.status, none.id, none.platform]).toEqual([401, null, 'UNAUTHENTICATED']);
    const nonsense = await rpc('SendMessage', message(INPUT), { token: 'nonsense' });
    expect([nonsense.status, nonsense.platform]).toEqual([401, 'TOKEN_INVALID']);
    const old = await rpc('SendMessage', message(INPUT), { headers: {} });
    expect([old.status, old.id, old.code]).toEqual([200, 7, -32_009]);
    const { code } = await rpc('DropTask', {});
    expect(code).toBe(-32_601);
  });

  test('is stopped by the kill switch of the tenant', { timeout: BUSY_MS }, async () => {
    const set = (action: string) =>
      platform.api.call('POST', '/v1/kill-switch', { body: { scope: 'tenant:acme', action, reason: 'a test' } });
    expect((await set('engage')).status).toBe(200);
    expect(await codesOf(rpc('SendMessage', message(INPUT)))).toEqual([[-32_603, 'KILL_SWITCH']]);
    expect((await set('release')).status).toBe(200);
  });
});

test('the client of the page verifies the card and has its task done', { timeout: BUSY_MS }, async () => {
  const { apiKey: KHIPU_API_KEY } = platform.api;
  const body = { capsule: 'demo/greeter@1.3.0', digest, granted: [...GREETER_GRANT] };
  expect((await platform.api.call('POST', '/v1/marketplace/installs', { body })).status).toBe(201);
  const env = { ...process.env, KHIPU_URL: platform.url, KHIPU_API_KEY };
  const { stdout } = await run(process.execPath, [join(projectRoot, 'docs/examples/a2a-client.ts')], { env });
  expect(JSON.parse(stdout)).toEqual({ agent: 'greeter', state: 'TASK_STATE_COMPLETED', results: 1 });
});

describe('a task', () => {
  test('is followed by another client, and cancelled by who may control runs', { timeout: BUSY_MS }, async () => {
    const { id } = await running();
    const states: (TaskState | undefined)[] = [];
    const following = (async () => {
      for await (const { payload } of agent.client.resubscribeTask({ tenant: '', id }))
        if (payload?.$case === 'task' || payload?.$case === 'statusUpdate') states.push(payload.value.status?.state);
    })();
    const weak = (await platform.clientWith('acme', ['capsules:run'])).apiKey;
    expect(await codesOf(rpc('CancelTask', { id }, { token: weak }))).toEqual([[-32_004, 'CAPABILITY_MISSING']]);
    const cancelled = await agent.client.cancelTask({ tenant: '', id, metadata: undefined });
    expect(cancelled.status?.state).toBe(TaskState.TASK_STATE_CANCELED);
    await following;
    expect(states).toEqual([TaskState.TASK_STATE_WORKING, TaskState.TASK_STATE_CANCELED]);
    expect(await codesOf(rpc('CancelTask', { id }), rpc('SubscribeToTask', { id }))).toEqual([
      [-32_002, undefined],
      [-32_004, undefined],
    ]);
  });

  test('exists for its tenant and its install alone', { timeout: BUSY_MS }, async () => {
    const { id } = await running();
    const { body } = await caller.call<{ digest: string }>('GET', '/v1/marketplace/installs/greeter');
    const second = { capsule: 'demo/greeter@1.3.0', digest: body.digest, granted: [...GREETER_GRANT], name: 'second' };
    expect((await caller.call('POST', '/v1/marketplace/installs', { body: second })).status).toBe(201);
    const token = platform.api.apiKey;
    expect(
      await codesOf(
        rpc('GetTask', { id }, { path: '/a2a/acme/second' }),
        rpc('GetTask', { id: randomUUID() }),
        rpc('GetTask', { id: 'none' }),
        rpc('GetTask', { id }, { token }),
        rpc('GetTask', { id }, { token, path: '/a2a/demo/greeter' }),
      ),
    ).toEqual([
      [-32_001, undefined],
      [-32_001, 'RESOURCE_UNKNOWN'],
      [-32_001, undefined],
      [-32_004, 'CAPSULE_INSTALL_UNKNOWN'],
      [-32_001, 'RESOURCE_UNKNOWN'],
    ]);
    expect(await codesOf(rpc('GetTask', { id }))).toEqual([[undefined, undefined]]);
    await agent.client.cancelTask({ tenant: '', id, metadata: undefined });
  });
});
