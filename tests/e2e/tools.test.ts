import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiClient, until } from '../support/api-client.ts';
import { killProcess } from '../support/kill-process.ts';
import {
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

interface JobJson {
  readonly status: string;
  readonly steps: readonly { readonly name: string }[];
}

let outside: OutsideService;
let platform: TestPlatform;
let api: ApiClient;
beforeAll(async () => {
  outside = await startOutsideService();
  platform = await startTestPlatform({
    env: { ...BUSY_MACHINE, KHIPU_EGRESS_PRIVATE_HOSTS: '127.0.0.1' },
  });
  api = clientOf(platform);
  const check = { name: 'checked-payment', verify: { operation: 'getPayment' } };
  for (const manifest of [weatherManifest(outside), paymentManifest(outside), paymentManifest(outside, check)]) {
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

test('a workflow calls tools at once, waits, and goes on after kill -9 of its worker and of the processors', {
  timeout: 2 * TIMEOUT_MS,
}, async () => {
  const ask = (city: string) => ({ call: 'weather', with: { city } });
  const workflow = {
    document: { dsl: '1.0.3', namespace: 'test', name: 'compare', version: '1.0.0' },
    do: [
      { both: { fork: { branches: [{ left: ask('Cusco') }, { right: ask('Lima') }] } } },
      { pause: { wait: { seconds: 5 } } },
      {
        again: {
          try: [{ none: { call: 'no-such-tool' } }],
          catch: { as: 'e', do: [{ s: { set: { code: '${ $e.code }', cities: '${ [.[].city] }' } } }] },
        },
      },
      {
        approval: {
          listen: { to: { one: { with: { type: 'approved' } } } },
          output: { as: '{ by: .[0], was: $input }' },
        },
      },
    ],
  };
  const before = outside.requests.length;
  const { body: started } = await until(
    () =>
      api.call<{ job_id: string }>('POST', '/v1/jobs/start', { body: { type: 'workflow.run', input: { workflow } } }),
    ({ status }) => status === 201,
    60_000,
  );
  const jobOf = () => api.call<JobJson>('GET', `/v1/jobs/${started.job_id}`);
  const isAt = (name: string) => until(jobOf, ({ body }) => body.steps.some((step) => step.name === name), TIMEOUT_MS);
  await isAt('do.1.pause');
  await Promise.all([killProcess(platform, 'worker-job-runner'), killProcess(platform, 'stream-all')]);
  await isAt('approved');
  await killProcess(platform, 'worker-job-runner');
  await api.call('POST', `/v1/jobs/${started.job_id}/signals/approved`, { body: { payload: 'ana' } });
  const { body: job } = await until(
    jobOf,
    ({ body }) => ['completed', 'failed', 'dead'].includes(body.status),
    TIMEOUT_MS,
  );
  expect(job).toMatchObject({ status: 'completed' });
  const { body: result } = await api.call('GET', `/v1/jobs/${started.job_id}/result`);
  expect(result).toMatchObject({ result: { by: 'ana', was: { code: 'TOOL_UNKNOWN', cities: ['Cusco', 'Lima'] } } });
  // Each call went out once.
  expect(outside.requests.length).toBe(before + 2);
});
