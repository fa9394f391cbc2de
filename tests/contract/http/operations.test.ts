import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../support/api-client.ts';
import { type Harness, startHarness } from './support/harness.ts';

let platform: Harness;
beforeAll(async () => {
  platform = await startHarness();
});
afterAll(() => platform.close());

const open = (path: string) => platform.api.call(`GET`, path, { token: null });

interface Operation {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: object }>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}
const document = async () => (await platform.api.call<Document>('GET', '/openapi.json', { token: null })).body;

test('ready lists each dependency and its state', async () => {
  const ready = await open('/health/ready');
  expect(ready.status).toBe(200);
  expect(ready.body).toMatchObject({
    ok: true,
    parts: { kafka: { ok: true }, postgres: { ok: true }, tail: { ok: true } },
  });
  platform.log.away = true;
  const away = await open('/health/ready');
  platform.log.away = false;
  expect(away.status).toBe(503);
  expect(away.body).toMatchObject({ ok: false, parts: { kafka: { ok: false }, postgres: { ok: true } } });
  expect((await open('/health/live')).status).toBe(200);
});

test('metrics cover requests, commands, waits, streams and lag', async () => {
  await until(
    () => platform.api.start({ persona: 'guide' }),
    ({ status }) => status === 201,
  );
  const { body, headers } = await until(
    () => platform.api.call<string>('GET', '/metrics', { token: null }),
    (answer) => answer.body.includes('route="/v1/sessions/start"'),
  );
  expect(headers.get('content-type')).toMatch(/^text\/plain/);
  for (const name of [
    'khipu_http_request_duration_seconds_bucket',
    'khipu_gateway_commands_appended_total{record="StartSession"} 1',
    'khipu_gateway_outcome_wait_seconds_count{record="StartSession",result="SessionStarted"} 1',
    'khipu_sse_streams_open 0',
    'khipu_gateway_tail_lag_records',
  ])
    expect(body).toContain(name);
});

test('the document describes every public call', async () => {
  const { openapi, paths } = await document();
  expect(openapi).toBe('3.1.0');
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(calls).toEqual(
    expect.arrayContaining([
      'get /.well-known/jwks.json',
      'get /health/live',
      'get /health/ready',
      'get /metrics',
      'get /v1/audit',
      'get /v1/budgets',
      'get /v1/constitutions',
      'get /v1/constitutions/{version}',
      'get /v1/kill-switch',
      'get /v1/sessions',
      'get /v1/sessions/{session_id}',
      'get /v1/sessions/{session_id}/events',
      'get /v1/slm/health',
      'get /v1/slm/requests/{request_id}',
      'get /v1/turn/{session_id}',
      'post /v1/constitutions',
      'post /v1/constitutions/activations',
      'post /v1/constitutions/shadow',
      'post /v1/constitutions/{version}/reviews',
      'post /v1/constitutions/{version}/signatures',
      'post /v1/kill-switch',
      'post /v1/revocations',
      'post /v1/sessions/start',
      'post /v1/sessions/{session_id}/tokens',
      'post /v1/sessions/{session_id}/turns',
      'post /v1/slm/embedding',
      'post /v1/slm/infer_sync',
      'get /v1/roles',
      'post /v1/roles',
      'get /v1/roles/{role}',
      'put /v1/roles/{role}',
      'delete /v1/roles/{role}',
      'get /v1/users',
      'post /v1/users',
      'get /v1/users/{user_id}',
      'put /v1/users/{user_id}',
      'delete /v1/users/{user_id}',
      'get /v1/service-accounts',
      'post /v1/service-accounts',
      'get /v1/service-accounts/{service_account_id}',
      'put /v1/service-accounts/{service_account_id}',
      'delete /v1/service-accounts/{service_account_id}',
      'get /v1/tenants',
      'post /v1/tenants',
      'get /v1/tenants/{tenant_id}',
      'put /v1/tenants/{tenant_id}',
      'get /v1/api-keys',
      'post /v1/api-keys',
      'get /v1/api-keys/{key_id}',
      'delete /v1/api-keys/{key_id}',
      'post /v1/api-keys/{key_id}/rotate',
    ]),
  );
});

test('every operation has an id, a summary and described answers, and every reference resolves', async () => {
  const whole = await document();
  const operations = Object.values(whole.paths).flatMap((methods) => Object.values(methods));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { operationId, tags, summary, responses } of operations) {
    const errors = tags?.includes('openai') === true ? 'application/json' : 'application/problem+json';
    expect(summary, operationId).toBeTruthy();
    for (const [status, { description, content }] of Object.entries(responses)) {
      expect(description, `${operationId} ${status}`).toBeTruthy();
      // Headers that are too large are answered before the route is known.
      const type = status === '431' ? 'application/problem+json' : errors;
      if (Number(status) >= 400 && !/Health|ready/.test(operationId))
        expect(Object.keys(content ?? {}), `${operationId} ${status}`).toEqual([type]);
    }
  }
  for (const [, name] of JSON.stringify(whole).matchAll(/"#\/components\/schemas\/([^"]+)"/g))
    expect(Object.keys(whole.components.schemas)).toContain(name);
});

test('every secured operation refuses a request without credentials, as documented', async () => {
  const { paths } = await document();
  for (const [path, methods] of Object.entries(paths))
    for (const [method, { security, responses }] of Object.entries(methods)) {
      if (security === undefined) continue;
      const url = path.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');
      const { status } = await platform.api.call(method.toUpperCase(), url, { token: null });
      expect(status, `${method} ${path}`).toBe(401);
      expect(Object.keys(responses)).toContain('401');
    }
});

test('the documentation page loads from no other host', async () => {
  const page = await platform.api.call<string>('GET', '/docs', { token: null });
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  const sources = [...page.body.matchAll(/src="([^"]+)"/g)].map(([, source]) => source ?? '');
  expect(sources).toHaveLength(2);
  for (const source of sources) {
    expect(source).toMatch(/^\/docs\//);
    expect((await open(source)).status).toBe(200);
  }
});
