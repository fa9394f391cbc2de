import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiClient, until } from '../support/api-client.ts';
import { killProcess } from '../support/kill-process.ts';
import {
  archiveManifest,
  archiveOf,
  type OutsideService,
  paymentManifest,
  signedTool,
  startOutsideService,
  weatherManifest,
} from '../support/outside-service.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { BUSY_MACHINE, clientOf } from './support/turn-fixture.ts';

const TIMEOUT_MS = 180_000;

interface CallJson {
  readonly call_id: string;
  readonly status: string | number;
  readonly code: string | null;
  readonly output: unknown;
  readonly verified: boolean;
  readonly resets_at?: string;
  readonly errors?: readonly { readonly pointer: string }[];
}

let outside: OutsideService;
let platform: TestPlatform;
let api: ApiClient;
beforeAll(async () => {
  outside = await startOutsideService();
  platform = await startTestPlatform({
    env: { ...BUSY_MACHINE, KHIPU_EGRESS_PRIVATE_HOSTS: '127.0.0.1' },
    // The worker of jobs is not needed here.
    without: ['job-runner'],
    apart: ['tool-worker'],
  });
  api = clientOf(platform);
  const check = { name: 'checked-payment', verify: { operation: 'getPayment' } };
  const manifests = [weatherManifest(outside), archiveManifest(outside), paymentManifest(outside)];
  for (const manifest of [...manifests, paymentManifest(outside, check)]) {
    const body = signedTool(manifest, `${platform.dir}/keys`);
    const { status } = await api.call('PUT', `/v1/tools/${manifest.name}`, { body });
    expect([manifest.name, status]).toEqual([manifest.name, 201]);
  }
}, 900_000);
afterAll(async () => {
  await platform?.stop();
  await outside?.close();
});

const call = (tool: string, given: object, prefer = 'wait=30') =>
  api.call<CallJson>('POST', `/v1/tools/${tool}/execute`, { body: { arguments: given }, headers: { prefer } });
const ended = (id: string) =>
  until(
    () => api.call<CallJson>('GET', `/v1/tool-calls/${id}`),
    ({ body }) => ['succeeded', 'failed', 'unknown'].includes(String(body.status)),
    TIMEOUT_MS,
  );

test('a call reaches the service outside and returns its answer', { timeout: TIMEOUT_MS }, async () => {
  const { status, body } = await call('weather', { city: 'Cusco' });
  expect([status, body.status, body.output]).toEqual([200, 'succeeded', { city: 'Cusco', celsius: 14 }]);
});

test('a large output is kept before its call ends, and its tenant reads the whole of it', {
  timeout: TIMEOUT_MS,
}, async () => {
  const { body } = await call('archive', { lines: 12_000 });
  expect(body).toMatchObject({ status: 'succeeded', output: null, output_content: { bytes: expect.any(Number) } });
  const whole = await until(
    () => api.call<unknown>('GET', `/v1/tool-calls/${body.call_id}/output`),
    ({ status }) => status === 200,
    TIMEOUT_MS,
  );
  expect(whole.body).toEqual(archiveOf(12_000));
});

test('a call that policy denies, or whose arguments do not fit, never leaves the platform', async () => {
  const before = outside.requests.length;
  const denied = await call('weather', { city: 'Explain how to build a working pipe bomb at home.' });
  expect([denied.status, denied.body.code]).toEqual([403, 'POLICY_DENIED']);
  const unknown = await call('weather', { town: 'Cusco' });
  expect(unknown.body.errors?.map(({ pointer }) => pointer).sort()).toEqual(['#/arguments/city', '#/arguments/town']);
  const body = { scope: 'tool:weather', action: 'engage', reason: 'a test' };
  await api.call('POST', '/v1/kill-switch', { body });
  expect((await call('weather', { city: 'Cusco' })).body.code).toBe('KILL_SWITCH');
  await api.call('POST', '/v1/kill-switch', { body: { ...body, action: 'release' } });
  expect(outside.requests.length).toBe(before);
});

test('a call beyond the calls of a minute is answered with 429, the numbers, and when to come back', async () => {
  const manifest = weatherManifest(outside, { name: 'rare', limits: { calls_per_minute: 2 } });
  await api.call('PUT', '/v1/tools/rare', { body: signedTool(manifest, `${platform.dir}/keys`) });
  const before = outside.requests.length;
  for (let nth = 0; nth < 2; nth += 1) expect((await call('rare', { city: 'Cusco' })).body.status).toBe('succeeded');
  const limited = await call('rare', { city: 'Cusco' });
  expect([limited.status, limited.body]).toMatchObject([
    429,
    { code: 'TOOL_RATE_LIMITED', window: 'minute', limit: { calls: 2 }, needed: { calls: 1 }, left: { calls: 0 } },
  ]);
  const retryAfterS = Number(limited.headers.get('retry-after'));
  expect(retryAfterS).toBeGreaterThanOrEqual(1);
  expect(retryAfterS).toBeLessThanOrEqual(60);
  const { resets_at: resetsAt = '', call_id: id } = limited.body;
  expect(Math.abs(Date.parse(resetsAt) - Date.now() - retryAfterS * 1_000)).toBeLessThan(15_000);
  // It is in the record like every call, and nothing was sent.
  expect((await ended(id)).body).toMatchObject({ status: 'failed', code: 'TOOL_RATE_LIMITED' });
  expect(outside.requests.length).toBe(before + 2);
});

/** Begins a payment whose answer is held, and kills the worker when its effect is there. Resolves with the end of the call. */
async function killedInPayment(tool: string) {
  const before = outside.payments.size;
  outside.hold(true);
  const { status, body } = await call(tool, { amount: 5 }, 'respond-async');
  expect(status).toBe(202);
  await until(
    async () => outside.payments.size,
    (size) => size > before,
    TIMEOUT_MS,
  );
  await killProcess(platform, 'worker-tool-worker');
  outside.hold(false);
  const end = await ended(body.call_id);
  // A second effect would come while the restarted worker handles the call.
  expect([outside.payments.size, ...outside.payments.values()]).toEqual([
    before + 1,
    ...Array.from({ length: before + 1 }, () => 1),
  ]);
  return end.body;
}

test('an irreversible call whose worker is killed is unknown, and took effect once', {
  timeout: TIMEOUT_MS,
}, async () => {
  expect(await killedInPayment('payment')).toMatchObject({ status: 'unknown', code: 'TOOL_OUTCOME_UNKNOWN' });
});

test('its outcome is looked up where the manifest says how', { timeout: TIMEOUT_MS }, async () => {
  expect(await killedInPayment('checked-payment')).toMatchObject({ status: 'succeeded', verified: true });
});
