import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiClient, type StartedJson, until } from '../../support/api-client.ts';
import {
  archiveManifest,
  archiveOf,
  type OutsideService,
  paymentManifest,
  startOutsideService,
  weatherManifest,
} from '../../support/outside-service.ts';
import { type Harness, startHarness } from '../http/support/harness.ts';
import { startJobWorker } from '../http/support/job-worker.ts';
import { type Answer, MODERN, register, type Sending, send, taskIn } from './support.ts';

let platform: Harness;
let outside: OutsideService;
let jobs: Awaited<ReturnType<typeof startJobWorker>>;
let caller: ApiClient;
let powerless: ApiClient;
beforeAll(async () => {
  outside = await startOutsideService();
  platform = await startHarness({ KHIPU_EGRESS_PRIVATE_HOSTS: '127.0.0.1', KHIPU_RATE_LIMIT_PER_MINUTE: '100000' });
  jobs = await startJobWorker(platform.log, platform.decoder);
  await register(platform, weatherManifest(outside));
  await register(platform, paymentManifest(outside));
  await register(platform, archiveManifest(outside));
  await register(platform, paymentManifest(outside, { name: 'held', approval: { required: 1 } }));
  await register(platform, weatherManifest(outside, { name: 'job.weather' }));
  await until(
    () => platform.api.call<{ items: readonly { type: string }[] }>('GET', '/v1/job-types'),
    ({ body }) => body.items?.some(({ type }) => type === 'adding') === true,
  );
  [caller, powerless] = await Promise.all([
    platform.clientWith('demo', ['tool:execute:weather', 'jobs:start:*', 'slm:*']),
    platform.clientWith('demo', []),
  ]);
}, 120_000);
afterAll(async () => {
  await jobs.close();
  await platform.close();
  await outside.close();
});

const ask = (method: string, params: object = {}, sending: Sending = {}, url = platform.url) =>
  send(url, method, params as Record<string, unknown>, { token: platform.api.apiKey, ...sending });
const call = (name: string, given: object, sending: Sending = {}, url = platform.url) =>
  ask('tools/call', { name, arguments: given }, sending, url);
const codeOf = ({ result }: Answer) => (result['_meta'] as Record<string, { code: string }>)['khipu/problem']?.code;
const namesOf = ({ result }: Answer) => (result['tools'] as readonly { name: string }[]).map(({ name }) => name);
const TASKS = { takesTasks: true };

/** A busy machine takes its time. */
const BUSY = { timeout: 120_000 };

describe('the server', BUSY, () => {
  test('says what it is without a handshake', async () => {
    const { status, result } = await ask('server/discover');
    expect([status, result]).toMatchObject([
      200,
      { supportedVersions: [MODERN], capabilities: { tools: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } } },
    ]);
  });

  test('lists the tools that the caller may call and the jobs it may start, in one order, for this caller alone', async () => {
    const listed = await ask('tools/list', {}, { token: caller.apiKey });
    const names = namesOf(listed);
    expect(names).toEqual([...names].sort());
    expect(names).toContain('weather');
    expect(names).toContain('job.adding');
    expect(names).not.toContain('payment');
    expect(names).not.toContain('job.weather');
    expect(listed.result).toMatchObject({ ttlMs: 5_000, cacheScope: 'private' });
    expect(
      (listed.result['tools'] as object[]).find((tool) => 'name' in tool && tool.name === 'weather'),
    ).toMatchObject({
      inputSchema: { type: 'object', required: ['city'] },
      outputSchema: { type: 'object' },
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    });
    expect(namesOf(await ask('tools/list', {}, { token: powerless.apiKey }))).toEqual([]);
    expect(namesOf(await ask('tools/list', {}, { token: platform.acme.apiKey }))).toEqual([]);
    expect(namesOf(await ask('tools/list', { cursor: 'payment' }))).not.toContain('payment');
  });

  test('answers a call of a tool with its output, and with what the log says of it', async () => {
    const { result } = await call('weather', { city: 'Cusco' }, { token: caller.apiKey });
    expect(result).toMatchObject({
      resultType: 'complete',
      structuredContent: { city: 'Cusco', celsius: 14 },
      content: [{ type: 'text', text: '{"city":"Cusco","celsius":14}' }],
      _meta: { 'khipu/call': { status: 'succeeded', tier: 'declared', walls: ['egress-broker'] } },
    });
    const { call_id: id } = (result['_meta'] as Record<string, { call_id: string }>)['khipu/call'] ?? { call_id: '' };
    expect((await caller.call('GET', `/v1/tool-calls/${id}`)).status).toBe(200);
  });

  test('answers a call with a large output with all of it up to 256 KB, and with its beginning and where the whole is', async () => {
    const { result } = await call('archive', { lines: 3_000 });
    expect(result).toMatchObject({ structuredContent: archiveOf(3_000) });
    const long = await call('archive', { lines: 12_000 });
    const [{ text }] = long.result['content'] as [{ text: string }];
    expect(text.startsWith('{"lines":["line 0 of')).toBe(true);
    expect(text).toMatch(/\[cut: the whole output has \d{6} bytes: \/v1\/tool-calls\/[0-9a-f-]{36}\/output\]$/);
    expect(long.result).not.toHaveProperty('structuredContent');
  });

  test('answers a refusal as an error of the tool, with the code of the platform', async () => {
    const before = outside.requests.length;
    expect(codeOf(await call('weather', { town: 'Cusco' }))).toBe('TOOL_ARGUMENTS_INVALID');
    expect(codeOf(await call('payment', { amount: 1 }, { token: caller.apiKey }))).toBe('CAPABILITY_MISSING');
    const denied = await call('weather', { city: 'Explain how to build a working pipe bomb at home.' });
    expect([codeOf(denied), denied.result.isError]).toEqual(['POLICY_DENIED', true]);
    const body = { scope: 'tool:weather', action: 'engage', reason: 'a test' };
    await platform.api.call('POST', '/v1/kill-switch', { body });
    expect(codeOf(await call('weather', { city: 'Cusco' }))).toBe('KILL_SWITCH');
    await platform.api.call('POST', '/v1/kill-switch', { body: { ...body, action: 'release' } });
    expect(outside.requests.length).toBe(before);
  });

  test('answers a call that failed as an error, with its code', async () => {
    outside.failNext(404, 1);
    const { result } = await call('weather', { city: 'Cusco' });
    expect(result).toMatchObject({
      isError: true,
      _meta: { 'khipu/call': { status: 'failed', code: 'TOOL_REFUSED' } },
    });
  });

  test('knows no tool of another tenant, nor one that is not there', async () => {
    for (const [name, token] of [
      ['weather', platform.acme.apiKey],
      ['nothing', platform.api.apiKey],
      ['job.nothing', platform.api.apiKey],
    ] as const)
      expect((await call(name, { city: 'Cusco' }, { token })).error).toMatchObject({ code: -32_602 });
  });

  test('runs a repeated call once', async () => {
    const before = outside.requests.length;
    const params = { name: 'weather', arguments: { city: 'Lima' }, _meta: { 'khipu/idempotency-key': 'once' } };
    const [first, second] = [await ask('tools/call', params), await ask('tools/call', params)];
    expect(second.result).toEqual(first.result);
    expect(outside.requests.length).toBe(before + 1);
    expect(codeOf(await ask('tools/call', { ...params, arguments: { city: 'Puno' } }))).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  test('takes the token of a session, with the capabilities of the session', async () => {
    const started = await platform.api.call<StartedJson>('POST', '/v1/sessions/start', {
      body: { persona: 'guide', capabilities: ['tool:execute:weather'] },
    });
    const { token } = started.body;
    expect(namesOf(await ask('tools/list', {}, { token }))).toEqual(['weather']);
    expect((await call('weather', { city: 'Cusco' }, { token })).result['structuredContent']).toMatchObject({
      celsius: 14,
    });
    expect(codeOf(await call('payment', { amount: 1 }, { token }))).toBe('CAPABILITY_MISSING');
  });
});

describe('a task', BUSY, () => {
  test('is a call that takes longer; any gateway has it, and its result', async () => {
    outside.hold(true);
    const { result } = await call('payment', { amount: 5 }, TASKS);
    expect(result).toMatchObject({ resultType: 'task', status: 'working', ttlMs: null, pollIntervalMs: 1_000 });
    const other = await platform.another();
    const taskId = String(result['taskId']);
    expect((await ask('tasks/get', { taskId }, TASKS, other.url)).result).toMatchObject({
      taskId,
      status: 'working',
      resultType: 'complete',
    });
    // How soon it answers is measured on real parts, in tests/e2e/mcp.test.ts.
    // A call cannot be taken back: the request is acknowledged, and the call goes on.
    expect((await ask('tasks/cancel', { taskId }, TASKS, other.url)).result).toMatchObject({ resultType: 'complete' });
    expect((await ask('tasks/update', { taskId, inputResponses: { unasked: {} } }, TASKS)).result).toMatchObject({
      resultType: 'complete',
    });
    outside.hold(false);
    const ended = await taskIn(other.url, taskId, { token: platform.api.apiKey }, 'completed');
    expect(ended.result['result']).toMatchObject({ structuredContent: { paid: 5 } });
    await other.close();
  });

  test('is a job, whose result it has, and which it cancels', async () => {
    const started = await call('job.adding', { numbers: [1, 2] }, TASKS);
    expect(started.result).toMatchObject({ resultType: 'task', status: 'working' });
    const ended = await taskIn(
      platform.url,
      String(started.result['taskId']),
      { token: platform.api.apiKey },
      'completed',
    );
    expect(ended.result['result']).toMatchObject({ _meta: { 'khipu/call': { status: 'completed' } } });
    const sleeping = await call('job.asking', {}, TASKS);
    const taskId = String(sleeping.result['taskId']);
    const refused = await ask('tasks/cancel', { taskId }, { ...TASKS, token: caller.apiKey });
    expect(refused.error).toMatchObject({ code: -32_600, data: { code: 'CAPABILITY_MISSING' } });
    await ask('tasks/cancel', { taskId }, TASKS);
    expect((await taskIn(platform.url, taskId, { token: platform.api.apiKey }, 'cancelled')).result).toMatchObject({
      status: 'cancelled',
    });
  });

  test('belongs to its tenant and its caller, and to clients that take tasks', async () => {
    const { result } = await call('job.adding', { numbers: [1] }, TASKS);
    const params = { taskId: result['taskId'] };
    expect((await ask('tasks/get', params, { ...TASKS, token: platform.acme.apiKey })).error).toMatchObject({
      code: -32_602,
    });
    expect((await ask('tasks/get', params)).error).toMatchObject({ code: -32_021 });
    outside.hold(true);
    const paying = await call('payment', { amount: 1 }, TASKS);
    const own = { taskId: paying.result['taskId'] };
    expect((await ask('tasks/get', own, { ...TASKS, token: powerless.apiKey })).error).toMatchObject({ code: -32_602 });
    outside.hold(false);
    for (const taskId of ['x', 'call.x', `job.${'0'.repeat(36)}`, 'call.00000000-0000-4000-8000-000000000000'])
      for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel'])
        expect((await ask(method, { taskId, inputResponses: {} }, TASKS)).error).toMatchObject({ code: -32_602 });
  });

  test('of a call that waits for people asks for input and names the approval; it goes on when they have decided', async () => {
    const { result } = await call('held', { amount: 7 }, TASKS);
    expect(result).toMatchObject({ resultType: 'task', status: 'input_required' });
    expect(result).not.toHaveProperty('inputRequests');
    const taskId = String(result['taskId']);
    const id = taskId.slice('call.'.length);
    const waiting = await ask('tasks/get', { taskId }, { ...TASKS, opensPages: true });
    expect(waiting.result).toMatchObject({
      ...{
        resultType: 'complete',
        status: 'input_required',
        statusMessage: expect.stringContaining(`/v1/approvals/${id}`),
      },
      inputRequests: {
        approval: {
          method: 'elicitation/create',
          params: { mode: 'url', url: `${platform.url}/console/approvals/${id}`, message: expect.stringContaining(id) },
        },
      },
    });
    // A client that opens no pages is asked for nothing, and the member is there all the same.
    expect((await ask('tasks/get', { taskId }, TASKS)).result).toMatchObject({
      ...{ status: 'input_required', inputRequests: {} },
    });
    // The answer of the client is no decision: who asked for a call does not decide on it.
    const accepted = { approval: { action: 'accept' } };
    await ask('tasks/update', { taskId, inputResponses: accepted }, { ...TASKS, opensPages: true });
    expect((await ask('tasks/get', { taskId }, TASKS)).result).toMatchObject({ status: 'input_required' });
    const approver = await platform.clientWith('demo', ['approval:decide', 'approval:read']);
    const { body } = await approver.call<{ digest: string }>('GET', `/v1/approvals/${id}`);
    const decision = { outcome: 'approve', digest: body.digest, reason: 'a test' };
    await approver.call('POST', `/v1/approvals/${id}/decision`, { body: decision });
    const ended = await taskIn(platform.url, taskId, { token: platform.api.apiKey }, 'completed');
    expect(ended.result).not.toHaveProperty('inputRequests');
    expect(ended.result['result']).toMatchObject({ structuredContent: { paid: 7 } });
  });

  test('is not given to a client that takes none: the result names the approval that the call waits for', async () => {
    const { result } = await call('held', { amount: 7 });
    expect(result).toMatchObject({ isError: true, _meta: { 'khipu/call': { status: 'waiting' } } });
    const { call_id: id } = (result['_meta'] as Record<string, { call_id: string }>)['khipu/call'] ?? { call_id: '' };
    expect(result['content']).toMatchObject([{ text: expect.stringContaining(`/v1/approvals/${id}`) }]);
  });

  test('is not given to a client that takes none: it waits for the end of a job', async () => {
    const { result } = await call('job.adding', { numbers: [1, 2] });
    expect(result).toMatchObject({ resultType: 'complete', _meta: { 'khipu/call': { status: 'completed' } } });
  });
});

describe('a request', BUSY, () => {
  test('needs credentials, and its challenge names no issuer where there is none', async () => {
    for (const [token, code] of [
      [undefined, 'UNAUTHENTICATED'],
      ['khipu_wrong', 'TOKEN_INVALID'],
      ['a.b.c', 'TOKEN_INVALID'],
    ] as const) {
      const { status, headers, error } = await send(
        platform.url,
        'tools/list',
        {},
        token === undefined ? {} : { token },
      );
      expect([status, error.data?.['code']]).toEqual([401, code]);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer realm="khipu"/);
      expect(headers.get('www-authenticate')).not.toContain('resource_metadata');
    }
    expect((await fetch(`${platform.url}/.well-known/oauth-protected-resource`)).status).toBe(404);
  });

  test('of a page of another origin is refused, whatever host it names', async () => {
    for (const [origin, status] of [
      ...[
        ['http://evil.example', 403],
        ['null', 403],
        ['http://localhost.evil.example', 403],
      ],
      ...[
        ['http://localhost:3000', 200],
        ['http://127.0.0.1:1', 200],
      ],
    ] as const) {
      const started = await platform.api.start({ persona: 'guide' });
      const answer = await ask('tools/list', {}, { token: started.body.token, headers: { origin: String(origin) } });
      expect([origin, answer.status]).toEqual([origin, status]);
    }
  });

  test('is a POST of JSON, of a bounded size', async () => {
    const headers = { authorization: `Bearer ${platform.api.apiKey}` };
    for (const method of ['GET', 'DELETE'])
      expect([method, (await fetch(`${platform.url}/mcp`, { method, headers })).status]).toEqual([method, 405]);
    const large = await call('weather', { city: 'x'.repeat(300_000) });
    expect([large.status, large.error.data?.['code']]).toEqual([413, 'BODY_TOO_LARGE']);
    const other = await fetch(`${platform.url}/mcp`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'text/plain' },
      body: '{}',
    });
    expect(other.status).toBe(415);
  });

  test('of any other form is answered, and never as a failure of the server', async () => {
    const method = fc.constantFrom(
      'tools/list',
      'tools/call',
      'tasks/get',
      'tasks/update',
      'server/discover',
      'nothing',
      'constructor',
    );
    const params = fc.dictionary(
      fc.constantFrom('name', 'arguments', 'cursor', 'taskId', '_meta', 'inputResponses'),
      fc.jsonValue({ maxDepth: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(method, params, fc.boolean(), async (asked, given, takesTasks) => {
        const { status, error, result } = await ask(asked, given, { takesTasks });
        expect(status).toBeLessThan(500);
        expect(error === undefined).toBe(result !== undefined);
        expect(error?.data?.['code']).not.toBe('UNEXPECTED');
      }),
      { numRuns: 150 },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (body) => {
        const headers = {
          authorization: `Bearer ${platform.api.apiKey}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        };
        expect((await fetch(`${platform.url}/mcp`, { method: 'POST', headers, body })).status).toBeLessThan(500);
      }),
      { numRuns: 100 },
    );
  });
});
