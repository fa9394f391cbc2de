import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startRecord } from '../../../gateways/http/sessions/commands.ts';
import { identityOf } from '../../../gateways/shared/idempotency.ts';
import type { LogAvailability } from '../../../gateways/shared/log/availability.ts';
import { CommandAppender } from '../../../gateways/shared/log/command-appender.ts';
import { drillOnce } from '../../../infra/bin/drill/kill-switch.ts';
import { readApiKeys } from '../../../infra/security/api-key-file.ts';
import { demoCapabilities } from '../../../infra/security/development-keys.ts';
import { governs } from '../../../schemas/capabilities.ts';
import { createLocalCodec } from '../../../streams/kernel/local-codec.ts';
import { type ApiClient, until } from '../../support/api-client.ts';
import { type Harness, startHarness } from './support/harness.ts';

let platform: Harness;
let operator: ApiClient;
let owner: ApiClient;
beforeAll(async () => {
  platform = await startHarness();
  [operator, owner] = await Promise.all([
    platform.clientWith('ops', ['kill-switch:set:*']),
    platform.clientWith('acme', ['kill-switch:set', 'slm:invoke:*']),
  ]);
});
afterAll(() => platform.close());

interface Switch {
  readonly scope: string;
  readonly engaged: boolean;
  readonly engaged_by: string;
  readonly event_id: string;
}
const set = (api: ApiClient, scope: string, action: 'engage' | 'release', more: object = {}) =>
  api.call<Record<string, unknown>>('POST', '/v1/kill-switch', { body: { scope, action, reason: 'a test', ...more } });
const engaged = async (api = operator) =>
  (await api.call<{ items: readonly Switch[] }>('GET', '/v1/kill-switch')).body.items;
const hello = { persona: 'guide' };

// A switch of one test must not stop the next one.
afterEach(async () => {
  for (const { scope } of await engaged()) {
    await set(operator, scope, 'release');
    await set(platform.api, scope, 'release');
  }
  expect(await engaged()).toEqual([]);
});

describe('an engaged switch', () => {
  test('refuses new work at this gateway at once, as 503 with Retry-After, and counts it', async () => {
    const { status, body } = await set(operator, 'global', 'engage', { mode: 'drain' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      scope: 'global',
      engaged: true,
      mode: 'drain',
      reason: 'a test',
      two_person: false,
      release_proposed_by: null,
      engaged_by: expect.stringMatching(/^api_key:/),
    });
    const commands = async () =>
      (await platform.log.watermarks(['sessions.commands', 'inference.commands'])).map(({ high }) => high);
    const before = await commands();
    for (const refused of [
      await platform.api.start(hello),
      await platform.acme.start(hello),
      await platform.api.call('POST', '/v1/slm/infer_sync', { body: { prompt: 'hi' } }),
      await platform.api.call('POST', '/v1/slm/embedding', { body: { input: 'hi' } }),
    ]) {
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBe('30');
      expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(refused.body).toMatchObject({ code: 'KILL_SWITCH', status: 503, scope: 'global' });
    }
    expect(await commands()).toEqual(before);
    const metrics = await platform.api.call<string>('GET', '/metrics', { token: null });
    expect(metrics.body).toContain('khipu_gateway_refused_total{record="StartSession",outcome="kill_switch"} 2');
    expect(metrics.body).toContain('khipu_gateway_refused_total{record="InferText",outcome="kill_switch"} 1');
  });

  test('refuses it at every other gateway within a second', async () => {
    const further = await platform.another();
    const since = performance.now();
    await set(operator, 'global', 'engage');
    await until(
      () => fetch(`${further.url}/v1/sessions/start`, startOf(platform.api)),
      ({ status }) => status === 503,
      1_000,
    );
    expect(performance.now() - since).toBeLessThan(1_000);
    await further.close();
  });

  test('refuses another turn of a running session, and allows reads', async () => {
    const { body: session } = await platform.api.start({ ...hello, prompt: 'What is a khipu?' });
    await set(operator, 'tenant:demo', 'engage');
    expect(await platform.api.turn(session, 'and who could read it?')).toMatchObject({
      status: 503,
      body: { code: 'KILL_SWITCH', scope: 'tenant:demo' },
    });
    for (const path of ['/v1/sessions', `/v1/sessions/${session.session_id}`, '/v1/audit', '/health/live'])
      expect((await platform.api.call('GET', path)).status, path).toBe(200);
    expect((await platform.api.stream(session, session.turn_url)).length).toBeGreaterThan(0);
  });

  test('of one tenant or model does not stop another', async () => {
    await set(operator, 'tenant:acme', 'engage');
    await set(operator, 'model:large', 'engage');
    expect((await platform.acme.start(hello)).status).toBe(503);
    expect((await platform.api.start(hello)).status).toBe(201);
    expect((await platform.api.start({ ...hello, model: 'large' })).status).toBe(503);
    expect((await platform.api.start({ ...hello, model: 'small' })).status).toBe(201);
  });

  test('that is released lets work run, with the Idempotency-Key that was refused', async () => {
    const idempotencyKey = randomUUID();
    await set(operator, 'global', 'engage');
    expect((await platform.api.start(hello, { idempotencyKey })).status).toBe(503);
    const released = await set(operator, 'global', 'release');
    expect(released).toMatchObject({ status: 200, body: { engaged: false } });
    expect((await platform.api.start(hello, { idempotencyKey })).status).toBe(201);
  });

  test('that ended a request allows a repeat with its Idempotency-Key after the release', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const requests = async () =>
      (await platform.log.watermarks(['slm.requests'])).reduce((sum, { high }) => sum + high, 0);
    const ask = () =>
      platform.api.call('POST', '/v1/slm/infer_sync', { body: { prompt: '[[delay:700]] hi' }, headers });
    const before = await requests();
    const asking = ask();
    await until(requests, (count) => count > before);
    await set(operator, 'global', 'engage');
    expect(await asking).toMatchObject({ status: 503, body: { code: 'KILL_SWITCH' } });
    await set(operator, 'global', 'release');
    expect(await ask()).toMatchObject({ status: 200, body: { text: expect.any(String) } });
  });

  test('that policy read before the gateway allows a repeat of the start after the release', async () => {
    const idempotencyKey = randomUUID();
    await set(operator, 'global', 'engage');
    const [key] = readApiKeys(join(platform.config.keysDir, 'api-keys.json'));
    const { id = '', capabilities = [] } = key ?? {};
    const caller = { kind: 'api_key', tenantId: 'demo', principal: `api_key:${id}`, capabilities } as const;
    const identity = identityOf(caller, { operationId: 'startSession', tenantId: 'demo', params: {} }, idempotencyKey);
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const late = await lateGateway();
    const services = { tables: { personas: { value: new Map() } } };
    await late.append(startRecord({ caller, identity, body: hello, requestDigest: 'd', services }), {
      ...{ id: identity.commandId, tenantId: 'demo', place: 'demo/0', traceparent },
    });
    const refused = await until(
      () => platform.api.call('GET', `/v1/sessions/${identity.subjectId}`),
      ({ body }) => body['status'] === 'refused',
    );
    expect(refused.body).toMatchObject({ code: 'KILL_SWITCH', decision: { reasons: ['KILL_SWITCH'] } });
    await set(operator, 'global', 'release');
    const again = await platform.api.start(hello, { idempotencyKey });
    expect(again).toMatchObject({ status: 201, body: { session_id: identity.subjectId } });
  });

  test.each(['stop', 'finish_step', 'drain'])('is listed with its mode %s', async (mode) => {
    expect((await set(operator, 'job:report', 'engage', { mode })).body).toMatchObject({ mode });
    expect(await engaged()).toMatchObject([{ scope: 'job:report', mode }]);
  });

  test('of mode stop ends a running turn; drain lets it finish', async () => {
    const [first, second] = [
      await platform.api.start({ ...hello, prompt: '[[delay:1500]] one' }),
      await platform.api.start({ ...hello, prompt: '[[delay:1500]] two', model: 'small' }),
    ];
    await set(operator, 'model:default', 'engage');
    await set(operator, 'model:small', 'engage', { mode: 'drain' });
    const [stopped, drained] = await Promise.all([
      platform.api.stream(first.body, first.body.turn_url),
      platform.api.stream(second.body, second.body.turn_url),
    ]);
    expect(stopped.at(-1)).toMatchObject({ event: 'turn.failed', data: { code: 'KILL_SWITCH' } });
    expect(drained.at(-1)).toMatchObject({ event: 'turn.completed' });
  });
});

describe('setting a switch', () => {
  test.each([
    ['allows the own tenant, with the plain capability', () => owner, 'tenant:acme', 200],
    ['refuses another tenant', () => owner, 'tenant:demo', 403],
    ['refuses the global scope', () => owner, 'global', 403],
    ['refuses a model', () => owner, 'model:large', 403],
    ['refuses every scope without the capability', () => platform.acme, 'tenant:acme', 403],
    ['allows a tool, even when none runs', () => operator, 'tool:shell', 200],
    ['allows a capsule', () => operator, 'capsule:weaver', 200],
  ])('%s', async (_what, api, scope, status) => {
    const answer = await set(api(), scope, 'engage');
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body).toMatchObject({ code: 'CAPABILITY_MISSING' });
    expect((await engaged()).map((each) => each.scope)).toEqual(status === 200 ? [scope] : []);
  });

  test('is refused for sessions, even when their key may do it', async () => {
    const { body: session } = await platform.api.start(hello);
    expect(session.capabilities).toEqual(demoCapabilities.filter((capability) => !governs(capability)));
    const { status, body } = await platform.api.call('POST', '/v1/kill-switch', {
      token: session.token,
      body: { scope: 'tenant:demo', action: 'engage', reason: 'x' },
    });
    expect({ status, code: body['code'] }).toEqual({ status: 403, code: 'CREDENTIAL_NOT_ALLOWED' });
    const asked = await platform.api.start({ ...hello, capabilities: ['kill-switch:set:global'] });
    expect(asked.status).toBe(403);
    expect(asked.body.decision.reasons).toEqual(['CAPABILITY_NOT_FOR_SESSIONS']);
  });

  test('requires two principals for the release when the engagement asks for it: one proposes, the other releases', async () => {
    await set(operator, 'global', 'engage', { two_person: true });
    for (const _ of [1, 2])
      expect(await set(operator, 'global', 'release')).toMatchObject({
        status: 202,
        body: { scope: 'global', status: 'release_proposed' },
      });
    expect((await platform.api.start(hello)).status).toBe(503);
    expect(await set(platform.api, 'global', 'release')).toMatchObject({ status: 200, body: { engaged: false } });
    expect((await platform.api.start(hello)).status).toBe(201);
  });
});

describe('the list', () => {
  test('has principal, reason and time, and shows switches of other tenants only to callers that may set them', async () => {
    await set(operator, 'tenant:demo', 'engage', { reason: 'a leak' });
    await set(operator, 'model:large', 'engage');
    expect((await engaged()).map(({ scope }) => scope)).toEqual(['tenant:demo', 'model:large']);
    expect((await engaged(owner)).map(({ scope }) => scope)).toEqual(['model:large']);
    expect((await platform.acme.call('GET', '/v1/kill-switch')).status).toBe(403);
    const [first] = (await operator.call<{ items: readonly object[] }>('GET', '/v1/kill-switch')).body.items;
    expect(first).toMatchObject({ reason: 'a leak', engaged: true, since: expect.stringMatching(/^\d{4}-.*Z$/) });
  });

  test('is available while the log is unavailable; setting is not', async () => {
    platform.log.away = true;
    const answer = await set(operator, 'global', 'engage');
    platform.log.away = false;
    expect(answer).toMatchObject({ status: 503, body: { code: 'LOG_UNAVAILABLE' } });
    await until(
      () => platform.api.start(hello),
      ({ status }) => status === 201,
    );
  });
});

test.each([
  ['no scope', { scope: 'everything', action: 'engage', reason: 'x' }],
  ['no reason', { scope: 'global', action: 'engage', reason: '' }],
  ['another action', { scope: 'global', action: 'pause', reason: 'x' }],
  ['a mode of a release', { scope: 'global', action: 'release', reason: 'x', mode: 'stop' }],
])('a body with %s is not valid', async (_what, body) => {
  expect(await operator.call('POST', '/v1/kill-switch', { body })).toMatchObject({
    status: 400,
    body: { code: 'REQUEST_INVALID' },
  });
});

test('a switch that is not engaged cannot be released', async () => {
  expect(await set(operator, 'model:unused', 'release')).toMatchObject({
    status: 409,
    body: { code: 'KILL_SWITCH_NOT_ENGAGED' },
  });
});

const startOf = ({ apiKey }: ApiClient): RequestInit => ({
  method: 'POST',
  headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
  body: JSON.stringify(hello),
});

test('a drill measures the time to effect at every gateway and in policy, and leaves no switch engaged', async () => {
  const further = await platform.another();
  const kafka = { log: platform.log, decoder: platform.decoder, close: async () => undefined };
  const drill = { kafka, gateways: [platform.url, further.url], apiKey: platform.api.apiKey };
  for (const _ of [1, 2]) {
    const run = await drillOnce(drill);
    expect(run.gateways).toHaveLength(2);
    for (const ms of [run.answer, run.policy, ...run.gateways]) expect(ms).toBeGreaterThan(0);
    expect(await engaged()).toEqual([]);
  }
  await set(operator, 'model:khipu-drill', 'engage');
  await expect(drillOnce(drill)).rejects.toMatchObject({ code: 'DRILL_FAILED' });
  await further.close();
});

/** Appends like a gateway that has not read the switch yet. */
const lateGateway = async (): Promise<CommandAppender> =>
  new CommandAppender({
    appender: await platform.log.appender(),
    codec: createLocalCodec(),
    availability: { up: true, reportDown: () => undefined } as LogAvailability,
  });
