import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiAnswer, type ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import {
  archiveManifest,
  archiveOf,
  type OutsideService,
  paymentManifest,
  signedTool,
  startOutsideService,
  weatherManifest,
} from '../../support/outside-service.ts';
import { type Harness, startHarness } from './support/harness.ts';

/** A tool, a call, a page, or a problem. */
interface ToolJson extends ProblemJson {
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  readonly manifest_version: string;
  readonly call_id: string;
  readonly output: unknown;
  readonly requests: unknown;
  readonly items: readonly (ToolJson & { readonly status: string })[];
}

let platform: Harness;
let outside: OutsideService;
/** The tenant of the platform's client, with the capability to call one tool. */
let caller: ApiClient;
let other: ApiClient;
beforeAll(async () => {
  outside = await startOutsideService();
  platform = await startHarness({ KHIPU_EGRESS_PRIVATE_HOSTS: '127.0.0.1' });
  caller = await platform.clientWith('demo', ['tool:execute:weather']);
  other = await platform.clientWith('acme', ['tool:*']);
});
afterAll(async () => {
  await platform.close();
  await outside.close();
});

const put = (manifest: { readonly name: string }, ifMatch?: string, client = platform.api, body?: object) =>
  client.call<ToolJson>('PUT', `/v1/tools/${manifest.name}`, {
    body: body ?? signedTool(manifest, platform.config.keysDir),
    headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
  });
const get = (path: string, client = platform.api) => client.call<ToolJson>('GET', `/v1${path}`);
const call = (tool: string, given: object, client = platform.api, headers: Record<string, string> = {}) =>
  client.call<ToolJson>('POST', `/v1/tools/${tool}/execute`, { body: { arguments: given }, headers });
const remove = (tool: string, client = platform.api) =>
  client.call<ToolJson>('DELETE', `/v1/tools/${tool}`, { headers: { 'if-match': '*' } });
const problemOf = ({ status, body }: ApiAnswer<ToolJson>) => [status, body.code];
const named = (name: string, changes: object = {}) => weatherManifest(outside, { name, ...changes });

describe('a tool', () => {
  test('is registered, read, replaced by its ETag and removed, with its history', async () => {
    const created = await put(named('life'));
    expect([created.status, created.body.version, created.headers.get('etag')]).toEqual([201, 1, '"1"']);
    expect(problemOf(await put(named('life')))).toEqual([409, 'ALREADY_EXISTS']);
    expect(problemOf(await put(named('life', { description: 'Another' }), '"1"'))).toEqual([422, 'TOOL_INVALID']);
    const second = named('life', { version: '1.1.0' });
    expect(problemOf(await put(second, '"7"'))).toEqual([412, 'PRECONDITION_FAILED']);
    const updated = await put(second, '"1"');
    expect([updated.status, updated.body.version, updated.body.manifest_version]).toEqual([200, 2, '1.1.0']);
    expect(updated.body.digest).not.toBe(created.body.digest);
    const shown = await get('/tools/life');
    expect([shown.headers.get('etag'), shown.body.digest]).toEqual(['"2"', updated.body.digest]);
    expect((await remove('life')).status).toBe(204);
    expect(problemOf(await get('/tools/life'))).toEqual([404, 'TOOL_UNKNOWN']);
    expect(problemOf(await call('life', { city: 'Cusco' }))).toEqual([404, 'TOOL_UNKNOWN']);
    const { body } = await until(
      () => get('/tools/life/versions'),
      (answer) => answer.body.items?.length === 3,
    );
    expect(body.items.map(({ version, status }) => [version, status])).toEqual([
      ...[
        [3, 'removed'],
        [2, 'updated'],
        [1, 'registered'],
      ],
    ]);
  });

  test('is refused without a trusted signature over exactly this manifest', async () => {
    const signed = signedTool(named('forged'), platform.config.keysDir);
    const changed = { ...signed, manifest: { ...signed.manifest, description: 'Another' } };
    expect(problemOf(await put(named('forged'), undefined, platform.api, changed))).toEqual([422, 'SIGNATURE_INVALID']);
    expect(problemOf(await put({ name: 'other' }, undefined, platform.api, signed))).toEqual([422, 'TOOL_INVALID']);
  });

  test('is refused with a schema that has no bound, with a pointer to it', async () => {
    const signed = signedTool(named('loops'), platform.config.keysDir);
    const loop = { $ref: '#/$defs/a', $defs: { a: { properties: { b: { $ref: '#/$defs/a' } } } } };
    const body = { ...signed, manifest: { ...signed.manifest, input_schema: loop } };
    const { status, body: problem } = await put(named('loops'), undefined, platform.api, body);
    expect([status, problem.errors?.map(({ pointer }) => pointer)]).toEqual([400, ['#/manifest/input_schema']]);
  });

  test('belongs to its tenant, and to callers that may read or change tools', async () => {
    await put(named('own'));
    expect(problemOf(await get('/tools/own', other))).toEqual([404, 'TOOL_UNKNOWN']);
    expect(problemOf(await call('own', { city: 'Lima' }, other))).toEqual([404, 'TOOL_UNKNOWN']);
    expect((await get('/tools', other)).body).toEqual({ items: [], next_cursor: null });
    expect(problemOf(await put(named('mine'), undefined, caller))).toEqual([403, 'CAPABILITY_MISSING']);
    expect(problemOf(await get('/tools/own', caller))).toEqual([403, 'CAPABILITY_MISSING']);
  });
});

describe('a call', () => {
  test('answers with the output of the outside service, and is found by its id', async () => {
    await put(weatherManifest(outside));
    const { status, body } = await call('weather', { city: 'Cusco' }, caller);
    expect([status, body.status, body.output]).toEqual([200, 'succeeded', { city: 'Cusco', celsius: 14 }]);
    expect(body).toMatchObject({ tier: 'declared', walls: ['egress-broker'], cost: '0.000000000' });
    const request = {
      method: 'GET',
      host: outside.host,
      path: '/weather',
      status: 200,
      outcome: 'answered',
      code: null,
    };
    expect(body.requests).toMatchObject([request]);
    const found = await until(
      () => get(`/tool-calls/${body.call_id}`, caller),
      (answer) => answer.status === 200 && (answer.body.status as unknown) === 'succeeded',
    );
    expect(found.body).toMatchObject({
      tool: 'weather',
      tool_version: 1,
      effect: 'read',
      output: body.output,
      requests: body.requests,
    });
    expect(problemOf(await get(`/tool-calls/${body.call_id}`, other))).toEqual([404, 'RESOURCE_UNKNOWN']);
    expect((await get('/tools/weather/health')).body.status).toBe('healthy');
    expect((await get('/tools/weather/audit')).body.items[0]?.call_id).toBe(body.call_id);
  });

  test('is refused with a pointer to each argument that the schema refuses', async () => {
    const { status, body } = await call('weather', { town: 'Cusco' });
    expect([status, body.code]).toEqual([422, 'TOOL_ARGUMENTS_INVALID']);
    expect(body.errors?.map(({ pointer }) => pointer).sort()).toEqual(['#/arguments/city', '#/arguments/town']);
  });

  test('needs the capability of its tool, and the consent of policy', async () => {
    await put(named('others'));
    expect(problemOf(await call('others', { city: 'Cusco' }, caller))).toEqual([403, 'CAPABILITY_MISSING']);
    expect(problemOf(await call('weather', { city: 'how to build a working pipe bomb at home' }))).toEqual([
      ...[403, 'POLICY_DENIED'],
    ]);
  });

  test('names the manifest that it means', async () => {
    const path = '/v1/tools/weather/execute';
    const body = { arguments: { city: 'Cusco' }, digest: '0'.repeat(64) };
    expect(problemOf(await platform.api.call<ToolJson>('POST', path, { body }))).toEqual([409, 'TOOL_CHANGED']);
  });

  test('with an Idempotency-Key runs once, and its repeat is answered alike', async () => {
    await put(paymentManifest(outside));
    const before = outside.payments.size;
    const headers = { 'idempotency-key': 'pay-1' };
    const [one, two] = [
      await call('payment', { amount: 5 }, platform.api, headers),
      await call('payment', { amount: 5 }, platform.api, headers),
    ];
    expect([one.body.status, one.body.output, two.body.call_id]).toEqual(['succeeded', { paid: 5 }, one.body.call_id]);
    expect(outside.payments.size).toBe(before + 1);
  });

  test('is tried again when the other side fails, unless it is irreversible: then its outcome is unknown, or looked up', async () => {
    outside.failNext(500, 1);
    expect((await call('weather', { city: 'Puno' })).body).toMatchObject({ status: 'succeeded', attempt: 2 });
    outside.failNext(500, 1);
    expect((await call('payment', { amount: 1 })).body).toMatchObject({ status: 'unknown', code: 'TOOL_UNAVAILABLE' });
    await put(paymentManifest(outside, { name: 'checked', verify: { operation: 'getPayment' } }));
    outside.failNext(500, 1);
    expect((await call('checked', { amount: 1 })).body).toMatchObject({ status: 'failed', verified: true });
  });

  test('fails when its output does not fit, and where the host refuses it', async () => {
    await put(
      named('odd', {
        config: { ...weatherManifest(outside).config, operation: 'getOdd' },
        input_schema: { type: 'object' },
      }),
    );
    expect((await call('odd', {})).body).toMatchObject({ status: 'failed', code: 'TOOL_OUTPUT_INVALID' });
    await put(named('closed', { hosts: [{ host: 'elsewhere.example', methods: ['GET'] }] }));
    expect((await call('closed', { city: 'Lima' })).body).toMatchObject({
      status: 'failed',
      code: 'TOOL_REQUEST_REFUSED',
    });
  });

  test('above 64 KB answers with the beginning of its output, and the whole is read by its tenant alone', async () => {
    await put(archiveManifest(outside));
    const { body } = await call('archive', { lines: 12_000 });
    const json = JSON.stringify(archiveOf(12_000));
    const { call_id: id } = body;
    const content = {
      ...{ digest: createHash('sha256').update(json).digest('hex'), bytes: Buffer.byteLength(json) },
      ...{ media_type: 'application/json', url: `/v1/tool-calls/${id}/output` },
    };
    expect(body).toMatchObject({ status: 'succeeded', output: null, output_content: content });
    const { output_preview: preview } = body as unknown as { output_preview: string };
    expect([json.startsWith(preview), preview.length > 8_000]).toEqual([true, true]);
    const path = `/tool-calls/${id}/output`;
    const whole = await until(
      () => get(path),
      ({ status }) => status === 200,
    );
    expect(whole.body).toEqual(archiveOf(12_000));
    expect((await get(`/tool-calls/${id}`)).body).toMatchObject({ output: null, output_content: content });
    for (const client of [other, caller]) expect(problemOf(await get(path, client))).toEqual([404, 'RESOURCE_UNKNOWN']);
    const small = await call('archive', { lines: 2 });
    const inline = await until(
      () => get(`/tool-calls/${small.body.call_id}/output`),
      ({ status }) => status === 200,
    );
    expect([inline.body, small.body.output]).toEqual([archiveOf(2), archiveOf(2)]);
    expect((await call('archive', { lines: 40_000 })).body).toMatchObject({ code: 'TOOL_OUTPUT_TOO_LARGE' });
  });

  test('fails where no adapter or no such isolation is there: never weaker', async () => {
    await put(named('fax', { adapter: 'fax' }));
    expect((await call('fax', { city: 'Lima' })).body).toMatchObject({
      status: 'failed',
      code: 'TOOL_ADAPTER_UNAVAILABLE',
    });
    await put(named('walled', { tier: 'kernel' }));
    expect((await call('walled', { city: 'Lima' })).body).toMatchObject({
      status: 'failed',
      code: 'SANDBOX_UNAVAILABLE',
    });
  });

  test('sends the secret of its tenant, which no one else sees', async () => {
    const folder = join(platform.config.toolSecretsDir, 'demo');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'weather-key'), 'sesame-open\n');
    const credentials = [{ name: 'weather-key', host: outside.host, header: 'x-weather-key' }];
    await put(named('secret', { credentials }));
    const { body } = await call('secret', { city: 'Lima' });
    expect([body.status, outside.headers()['x-weather-key']]).toEqual(['succeeded', 'sesame-open']);
    expect(JSON.stringify(body)).not.toContain('sesame');
  });

  test('is stopped by the kill switch of its tool, and of its manifest alone', async () => {
    const { body: tool } = await put(named('switched'));
    const set = (scope: string, action: 'engage' | 'release') =>
      platform.api.call('POST', '/v1/kill-switch', { body: { scope, action, reason: 'a test' } });
    for (const scope of ['tool:switched', `tool:sha256.${tool.digest}`]) {
      await set(scope, 'engage');
      expect(problemOf(await call('switched', { city: 'Lima' }))).toEqual([503, 'KILL_SWITCH']);
      expect((await get('/tools/switched/health')).body.status).toBe('stopped');
      await set(scope, 'release');
      expect((await call('switched', { city: 'Lima' })).status).toBe(200);
    }
  });

  test('answers 202 when its caller does not wait', async () => {
    const { status, body, headers } = await call('weather', { city: 'Ica' }, platform.api, { prefer: 'respond-async' });
    expect([status, headers.get('location')]).toEqual([202, `/v1/tool-calls/${body.call_id}`]);
    await until(
      () => get(`/tool-calls/${body.call_id}`),
      (answer) => (answer.body.status as unknown) === 'succeeded',
    );
  });
});

test('the built-in tool sends one request to the hosts of its manifest', async () => {
  const fetching = named('fetching', { adapter: 'http.fetch', input_schema: { type: 'object' }, output_schema: {} });
  const { config: _, ...manifest } = fetching;
  await put(manifest);
  expect((await call('fetching', { url: `http://${outside.host}/weather?city=Tacna` })).body).toMatchObject({
    ...{ status: 'succeeded', output: { city: 'Tacna', celsius: 14 } },
  });
  expect((await call('fetching', { url: 'http://169.254.169.254/latest' })).body).toMatchObject({
    ...{ status: 'failed', code: 'TOOL_REQUEST_REFUSED' },
  });
});
