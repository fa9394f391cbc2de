import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiAnswer, type ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import {
  type OutsideService,
  signedTool,
  startOutsideService,
  weatherManifest,
} from '../../support/outside-service.ts';
import { type Harness, startHarness } from './support/harness.ts';

interface CallJson {
  readonly tool: string;
  readonly status: string;
  readonly result: string | null;
}

/** A run, a page, or a problem. */
interface RunJson extends ProblemJson {
  readonly run_id: string;
  readonly status: string & number;
  readonly output: string;
  readonly run_code: string | null;
  readonly tools: readonly { readonly name: string; readonly digest: string }[];
  readonly limits: Readonly<Record<string, unknown>>;
  readonly steps_taken: readonly {
    readonly calls: readonly CallJson[];
    readonly snapshot: { readonly digest: string; readonly bytes: number } | null;
  }[];
  readonly items: readonly RunJson[];
}

let platform: Harness;
let outside: OutsideService;
let other: ApiClient;
let digest: string;
beforeAll(async () => {
  outside = await startOutsideService();
  platform = await startHarness({ KHIPU_EGRESS_PRIVATE_HOSTS: '127.0.0.1' });
  other = await platform.clientWith('acme', ['agents:*', 'slm:*']);
  for (const name of ['weather', 'a.b', 'a_b']) {
    const body = signedTool(weatherManifest(outside, { name }), platform.config.keysDir);
    const put = await platform.api.call<{ digest: string }>('PUT', `/v1/tools/${name}`, { body });
    expect(put.status).toBe(201);
    if (name === 'weather') digest = put.body.digest;
  }
});
afterAll(async () => {
  await platform.close();
  await outside.close();
});

const start = (body: object, client = platform.api, headers: Record<string, string> = {}) =>
  client.call<RunJson>('POST', '/v1/agents/runs', { body: { prompt: 'What is a khipu?', ...body }, headers });
const get = (path: string, client = platform.api, headers: Record<string, string> = {}) =>
  client.call<RunJson>('GET', `/v1/agents/runs${path}`, { headers });
const problemOf = ({ status, body }: ApiAnswer<RunJson>) => [status, body.code];
const ended = (runId: string) =>
  until(
    () => get(`/${runId}`),
    ({ status, body }) => status === 200 && String(body.status) !== 'running',
  );
const script = (steps: readonly object[]) => `[[script:${JSON.stringify(steps)}]]`;

describe('a run over HTTP', () => {
  test('is started, found in lists, and read with its steps and its result', async () => {
    const calls = [{ name: 'weather', arguments: { city: 'Cusco' } }];
    const prompt = script([{ tool_calls: calls }, { text: 'A coat.' }]);
    const started = await start({ agent: 'forecaster', prompt, tools: ['weather'], limits: { steps: 4 } });
    expect([started.status, started.headers.get('location')]).toEqual([201, `/v1/agents/runs/${started.body.run_id}`]);
    const { run_id } = started.body;
    const { body: run } = await ended(run_id);
    expect(run).toMatchObject({
      ...{ status: 'completed', output: 'A coat.', agent: 'forecaster', tools: [{ name: 'weather', digest }] },
      limits: { steps: 4, tokens: 200_000, cost: null, wall_ms: 3_600_000, identical_calls: 3 },
    });
    const [call] = run.steps_taken.flatMap((step) => step.calls);
    expect(call).toMatchObject({ tool: 'weather', status: 'succeeded', result: expect.stringContaining('14') });
    const result = await get(`/${run_id}/result`, platform.api, { prefer: 'wait=5' });
    expect([result.status, result.body.output, result.headers.get('preference-applied')]).toEqual([
      ...[200, 'A coat.', 'wait=5'],
    ]);
    for (const query of ['?agent=forecaster', '?status=completed'])
      expect((await get(query)).body.items.map((each) => each.run_id)).toContain(run_id);
    expect((await get('?status=failed')).body.items.map((each) => each.run_id)).not.toContain(run_id);
  });

  test('starts once for an Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'agents-once' };
    const [one, again] = [await start({}, platform.api, headers), await start({}, platform.api, headers)];
    expect([one.status, again.body.run_id]).toEqual([201, one.body.run_id]);
    expect(problemOf(await start({ prompt: 'Another?' }, platform.api, headers))).toEqual([
      ...[422, 'IDEMPOTENCY_KEY_REUSED'],
    ]);
  });

  test('that fails is a problem with its own code', async () => {
    const calls = [{ name: 'weather', arguments: { city: 'Cusco' } }];
    const { body } = await start({
      prompt: script([{ tool_calls: calls }]),
      tools: ['weather'],
      limits: { steps: 1 },
    });
    await ended(body.run_id);
    const result = await get(`/${body.run_id}/result`);
    expect([result.status, result.body.code, result.body.run_code]).toEqual([
      ...[409, 'AGENT_RUN_FAILED', 'AGENT_STEPS_EXHAUSTED'],
    ]);
  });

  test('is cancelled while it waits; then it has ended', async () => {
    const { body } = await start({ prompt: 'Wait. [[delay:20000]]' });
    const cancel = () =>
      platform.api.call<RunJson>('POST', `/v1/agents/runs/${body.run_id}/cancel`, { body: { reason: 'enough' } });
    const waiting = get(`/${body.run_id}/result`, platform.api, { prefer: 'wait=20' });
    const unfinished = await get(`/${body.run_id}/result`);
    expect([unfinished.status, unfinished.body.status]).toEqual([202, 'running']);
    expect([(await cancel()).status, problemOf(await cancel())]).toEqual([200, [409, 'AGENT_RUN_ENDED']]);
    expect(problemOf(await waiting)).toEqual([409, 'AGENT_RUN_CANCELLED']);
  });

  test('of a program is read with its calls, and forked at one with another answer', async () => {
    const program = 'here = weather("Cusco")["celsius"]\nprint(input)\n[here, here + 1]';
    const { body } = await start({ program, prompt: 'hello', tools: ['weather'] });
    const { body: run } = await ended(body.run_id);
    expect(run).toMatchObject({ status: 'completed', program, forked_from: null, prompt: 'hello' });
    expect(JSON.parse(run.output)).toEqual({ value: [14, 15], printed: 'hello\n' });
    const [call] = run.steps_taken.flatMap((step) => step.calls);
    expect(call).toMatchObject({ tool: 'weather', arguments: '{"city":"Cusco"}', status: 'succeeded' });
    // The program waited for its call; after it, nothing waits.
    expect(run.steps_taken.map(({ snapshot }) => snapshot)).toEqual([
      { digest: expect.stringMatching(/^[0-9a-f]{64}$/), bytes: expect.any(Number) },
      null,
    ]);
    const fork = (given: object, runId = run.run_id, client = platform.api) =>
      client.call<RunJson>('POST', `/v1/agents/runs/${runId}/fork`, { body: given });
    const forked = await fork({ call: 1, answer: { celsius: -4 } });
    expect(forked.status).toBe(201);
    const { body: other_ } = await ended(forked.body.run_id);
    expect(other_).toMatchObject({ status: 'completed', program, forked_from: `${run.run_id}/1` });
    expect(JSON.parse(other_.output)).toEqual({ value: [-4, -3], printed: 'hello\n' });
    expect(problemOf(await fork({ call: 2, answer: null }))).toEqual([404, 'AGENT_CALL_UNKNOWN']);
    expect(problemOf(await fork({ call: 1, answer: 'x'.repeat(40_000) }))).toEqual([400, 'REQUEST_INVALID']);
    expect(problemOf(await fork({ call: 1, answer: null }, run.run_id, other))).toEqual([404, 'RESOURCE_UNKNOWN']);
  });

  test('has a prompt or a program, and names that a program can call', async () => {
    expect(problemOf(await start({ prompt: '' }))).toEqual([400, 'REQUEST_INVALID']);
    expect(problemOf(await start({ program: '1', code_mode: true }))).toEqual([400, 'REQUEST_INVALID']);
    expect(problemOf(await start({ program: '1', tools: ['agent.handoff'] }))).toEqual([400, 'REQUEST_INVALID']);
  });

  test('is refused for tools and schemas that are not used, before anything is appended', async () => {
    expect(problemOf(await start({ tools: ['wether'] }))).toEqual([404, 'TOOL_UNKNOWN']);
    expect(problemOf(await start({ tools: ['a.b', 'a_b'] }))).toEqual([400, 'REQUEST_INVALID']);
    expect(problemOf(await start({ output_schema: { pattern: '(a+)+$' } }))).toEqual([422, 'AGENT_SCHEMA_INVALID']);
    const large = { description: 'x'.repeat(40_000) };
    expect(problemOf(await start({ output_schema: large }))).toEqual([422, 'AGENT_SCHEMA_INVALID']);
    for (const limits of [{ steps: 0 }, { cost: '1.5.5' }, { wall_ms: 1 }, { stepz: 1 }])
      expect(problemOf(await start({ limits }))).toEqual([400, 'REQUEST_INVALID']);
  });

  test('needs the capability of the agent, of its model and of each tool', async () => {
    const clientWith = (capabilities: readonly string[]) => platform.clientWith('demo', [...capabilities]);
    expect(problemOf(await start({}, await clientWith(['slm:*'])))).toEqual([403, 'CAPABILITY_MISSING']);
    expect(problemOf(await start({}, await clientWith(['agents:*'])))).toEqual([403, 'POLICY_DENIED']);
    const noTool = await clientWith(['agents:*', 'slm:*']);
    expect(problemOf(await start({ tools: ['weather'] }, noTool))).toEqual([403, 'POLICY_DENIED']);
    expect((await start({}, noTool)).status).toBe(201);
  });

  test('does not exist for another tenant', async () => {
    const { body } = await start({});
    await ended(body.run_id);
    for (const path of ['', '/result', '/events'])
      expect(problemOf(await get(`/${body.run_id}${path}`, other))).toEqual([404, 'RESOURCE_UNKNOWN']);
    const cancel = await other.call<RunJson>('POST', `/v1/agents/runs/${body.run_id}/cancel`, {
      body: { reason: 'x' },
    });
    expect(problemOf(cancel)).toEqual([404, 'RESOURCE_UNKNOWN']);
    expect((await get('', other)).body.items).toEqual([]);
  });

  test('stops at the kill switch of its agent', async () => {
    const set = (action: string) =>
      platform.api.call('POST', '/v1/kill-switch', { body: { scope: 'agent:risky', action, reason: 'a drill' } });
    await set('engage');
    expect(problemOf(await start({ agent: 'risky' }))).toEqual([503, 'KILL_SWITCH']);
    expect((await start({ agent: 'other' })).status).toBe(201);
    await set('release');
  });
});
