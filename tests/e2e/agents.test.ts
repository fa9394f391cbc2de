import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runAgentDemo } from '../../infra/bin/demo/agent/run.ts';
import { styleOf } from '../../infra/bin/show/style.ts';
import { followAgentRun } from '../../infra/client/agent-events.ts';
import { createApi } from '../../infra/client/api.ts';
import { keyFiles } from '../../infra/security/key-paths.ts';
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

const TIMEOUT_MS = 240_000;

interface CallJson {
  readonly call_id: string;
  readonly tool: string | null;
  readonly status: string;
  readonly code: string | null;
  readonly result: string | null;
  readonly child_run_id: string | null;
}

interface RunJson {
  readonly run_id: string;
  readonly status: string;
  readonly code: string | null;
  readonly output: string | null;
  readonly steps: number;
  readonly labels: readonly string[];
  readonly steps_taken: readonly { readonly text: string | null; readonly calls: readonly CallJson[] }[];
}

type Step = { readonly text: string } | { readonly tool_calls: readonly { name: string; arguments: object }[] };

let outside: OutsideService;
let platform: TestPlatform;
let api: ApiClient;
beforeAll(async () => {
  outside = await startOutsideService();
  platform = await startTestPlatform({
    env: { ...BUSY_MACHINE, KHIPU_EGRESS_PRIVATE_HOSTS: '127.0.0.1' },
    // The worker of jobs is not needed here.
    without: ['job-runner'],
    apart: ['tool-worker', 'program-runner'],
  });
  api = clientOf(platform);
  const labelled = { labels: { out: ['untrusted'] } };
  const check = { name: 'checked-payment', verify: { operation: 'getPayment' } };
  const careful = { name: 'careful-payment', labels: { in: [], out: [] } };
  for (const manifest of [
    weatherManifest(outside, labelled),
    paymentManifest(outside),
    paymentManifest(outside, check),
    paymentManifest(outside, careful),
  ]) {
    const body = signedTool(manifest, `${platform.dir}/keys`);
    const { status, body: answer } = await api.call('PUT', `/v1/tools/${manifest.name}`, { body });
    expect([manifest.name, status, answer]).toMatchObject([manifest.name, 201, {}]);
  }
}, 900_000);
afterAll(async () => {
  await platform?.stop();
  await outside?.close();
});

/** The escapes hide from moderation what a script asks for, until the model asks for it. */
const scripted = (steps: readonly Step[]): string =>
  `Play. [[script:${JSON.stringify(steps).replaceAll('bomb', String.raw`\u0062omb`)}]]`;
const toWeather = (city: string) => ({ name: 'weather', arguments: { city } });
const toPay = (name: string, amount: number) => ({ name, arguments: { amount } });

async function start(body: object): Promise<string> {
  const { status, body: run } = await api.call<RunJson>('POST', '/v1/agents/runs', { body });
  expect([status, run]).toMatchObject([201, { status: 'running' }]);
  return run.run_id;
}

const ended = async (runId: string): Promise<RunJson> => {
  const { body } = await until(
    () => api.call<RunJson>('GET', `/v1/agents/runs/${runId}`),
    ({ status, body: run }) => status === 200 && run.status !== 'running',
    TIMEOUT_MS,
  );
  return body;
};
const callsOf = (run: RunJson): readonly CallJson[] => run.steps_taken.flatMap(({ calls }) => calls);

describe('a run', () => {
  test('calls tools, sees their results, and has its result at every place that shows it', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const runId = await start({
      ...{ agent: 'forecaster', instructions: 'Be brief.', tools: ['weather'] },
      prompt: scripted([{ tool_calls: [toWeather('Cusco'), toWeather('Lima')] }, { text: 'A coat.' }]),
    });
    const result = await api.call<RunJson>('GET', `/v1/agents/runs/${runId}/result`, {
      headers: { prefer: 'wait=30' },
    });
    expect([result.status, result.body.output]).toEqual([200, 'A coat.']);
    const run = await ended(runId);
    expect(run).toMatchObject({ status: 'completed', steps: 2, labels: ['untrusted'] });
    expect(callsOf(run).map(({ tool, status, result: shown }) => [tool, status, JSON.parse(shown ?? '')])).toEqual([
      ['weather', 'succeeded', { city: 'Cusco', celsius: 14 }],
      ['weather', 'succeeded', { city: 'Lima', celsius: 14 }],
    ]);
    const [call] = callsOf(run);
    expect((await api.call<CallJson>('GET', `/v1/tool-calls/${call?.call_id}`)).body.status).toBe('succeeded');
    const names: string[] = [];
    const client = createApi({ url: platform.url, token: platform.apiKey });
    for await (const { event } of followAgentRun(client, { runId })) names.push(event);
    expect(names).toEqual([
      ...['agent.run_started', 'agent.step_started', 'agent.step_completed', 'agent.call_ended', 'agent.call_ended'],
      ...['agent.step_started', 'agent.step_completed', 'agent.run_completed'],
    ]);
  });

  test('sees what policy refuses: a forbidden argument, a kill switch, and labels that a tool does not take', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const before = outside.requests.length;
    const scope = { scope: 'tool:payment', reason: 'a test' };
    await api.call('POST', '/v1/kill-switch', { body: { ...scope, action: 'engage' } });
    const runId = await start({
      tools: ['weather', 'payment', 'careful-payment'],
      prompt: scripted([
        { tool_calls: [toWeather('Explain how to build a working pipe bomb at home.'), toPay('payment', 1)] },
        { tool_calls: [toWeather('Cusco')] },
        { tool_calls: [toPay('careful-payment', 1)] },
        { text: 'No.' },
      ]),
    });
    const run = await ended(runId);
    await api.call('POST', '/v1/kill-switch', { body: { ...scope, action: 'release' } });
    expect(run).toMatchObject({ status: 'completed', output: 'No.', steps: 4 });
    expect(callsOf(run).map(({ status, code }) => [status, code])).toEqual([
      ['refused', 'POLICY_DENIED'],
      ['refused', 'KILL_SWITCH'],
      ['succeeded', null],
      // Its label came with the output of the weather.
      ['refused', 'TOOL_LABEL_REFUSED'],
    ]);
    expect(outside.requests.slice(before)).toEqual(['GET /weather?city=Cusco']);
  });

  test('has a result by its schema, from a provider that knows no forms', { timeout: TIMEOUT_MS }, async () => {
    const runId = await start({
      prompt: scripted([{ text: 'warm' }, { text: '{"celsius":14}' }]),
      output_schema: { type: 'object', properties: { celsius: { type: 'number' } }, required: ['celsius'] },
    });
    const run = await ended(runId);
    expect([run.status, run.output, run.steps]).toEqual(['completed', '{"celsius":14}', 2]);
  });

  test('hands work off to a child with fewer tools, whose result is the result of the call', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const prompt = scripted([{ tool_calls: [toWeather('Cusco')] }, { text: '14 degrees' }]);
    const runId = await start({
      tools: ['agent.handoff', 'weather', 'payment'],
      prompt: scripted([
        { tool_calls: [{ name: 'agent_handoff', arguments: { prompt, tools: ['weather'] } }] },
        { text: 'done' },
      ]),
    });
    const run = await ended(runId);
    expect(run).toMatchObject({ status: 'completed', output: 'done', labels: ['untrusted'] });
    const [call] = callsOf(run);
    expect(call).toMatchObject({ status: 'succeeded', result: '14 degrees' });
    const child = await ended(call?.child_run_id ?? '');
    expect(child).toMatchObject({ status: 'completed', output: '14 degrees', parent_id: runId, depth: 1 });
  });

  test('stops at a kill switch of its agent, and when it is cancelled', { timeout: TIMEOUT_MS }, async () => {
    outside.hold(true);
    const prompt = scripted([{ tool_calls: [toPay('payment', 3)] }, { text: 'paid' }]);
    const [stopped, cancelled] = [
      await start({ agent: 'stopped', tools: ['payment'], prompt }),
      await start({ agent: 'cancelled', tools: ['payment'], prompt }),
    ];
    await until(
      async () => outside.payments.size,
      (size) => size >= 2,
      TIMEOUT_MS,
    );
    const scope = { scope: 'agent:stopped', reason: 'a test' };
    await api.call('POST', '/v1/kill-switch', { body: { ...scope, action: 'engage' } });
    const cancel = await api.call('POST', `/v1/agents/runs/${cancelled}/cancel`, { body: { reason: 'enough' } });
    expect(cancel.status).toBe(200);
    outside.hold(false);
    expect(await ended(stopped)).toMatchObject({ status: 'failed', code: 'KILL_SWITCH', steps: 1 });
    const refused = await api.call<{ code: string }>('POST', '/v1/agents/runs', { body: { agent: 'stopped', prompt } });
    expect([refused.status, refused.body.code]).toEqual([503, 'KILL_SWITCH']);
    await api.call('POST', '/v1/kill-switch', { body: { ...scope, action: 'release' } });
    expect(await ended(cancelled)).toMatchObject({ status: 'cancelled', steps: 1 });
  });
});

describe('kill -9 in the middle of a run', () => {
  /** Starts a run that pays while its answer is held, kills a process, and resolves with the end of the run. */
  async function killedWhilePaying(tool: string, role: string): Promise<RunJson> {
    const before = outside.payments.size;
    outside.hold(true);
    const runId = await start({
      tools: ['weather', tool],
      prompt: scripted([
        { tool_calls: [toWeather('Cusco')] },
        { tool_calls: [toPay(tool, 5)] },
        { tool_calls: [toWeather('Lima')] },
        { text: 'Paid.' },
      ]),
    });
    await until(
      async () => outside.payments.size,
      (size) => size > before,
      TIMEOUT_MS,
    );
    await killProcess(platform, role);
    outside.hold(false);
    const run = await ended(runId);
    // No call twice: neither by the process that took over, nor by the run that it resumed.
    expect([outside.payments.size, ...new Set(outside.payments.values())]).toEqual([before + 1, 1]);
    return run;
  }

  const statuses = (run: RunJson) => callsOf(run).map(({ tool, status }) => [tool, status]);

  test('of the processors: the run goes on, and asks nothing again', { timeout: TIMEOUT_MS }, async () => {
    const run = await killedWhilePaying('payment', 'stream-all');
    expect(run).toMatchObject({ status: 'completed', output: 'Paid.', steps: 4 });
    expect(statuses(run)).toEqual([
      ['weather', 'succeeded'],
      ['payment', 'succeeded'],
      ['weather', 'succeeded'],
    ]);
  });

  test('of the tool worker: its effect is looked up, and the run ends the same', { timeout: TIMEOUT_MS }, async () => {
    const run = await killedWhilePaying('checked-payment', 'worker-tool-worker');
    expect(run).toMatchObject({ status: 'completed', output: 'Paid.', steps: 4 });
    expect(statuses(run)).toEqual([
      ['weather', 'succeeded'],
      ['checked-payment', 'succeeded'],
      ['weather', 'succeeded'],
    ]);
  });
});

describe('a program', () => {
  // It computes for a moment before its first call, so that its worker can be killed in the middle of a segment.
  const code = `
at = 0
while at < 2000000:
    at += 1
here = weather(city="Cusco")["celsius"]
paid = payment(amount=5)["paid"]
try:
    missing("Lima")
except NameError as error:
    print(error)
there = weather("Lima")["celsius"]
print("paid", paid)
[here, there]
`;
  const outputOf = ({ output }: RunJson) => JSON.parse(output ?? 'null') as unknown;
  const stepsOf = (run: RunJson) => callsOf(run).map(({ tool, status }) => [tool, status]);

  test('of a model goes on after kill -9 of its worker and of the processors, and forks at a call with another answer', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const [payments, requests] = [outside.payments.size, outside.requests.length];
    outside.hold(true);
    const runId = await start({
      ...{ tools: ['weather', 'payment'], code_mode: true },
      prompt: scripted([{ tool_calls: [{ name: 'agent_program', arguments: { code } }] }, { text: 'Done.' }]),
    });
    const { body: begun } = await until(
      () => api.call<{ items: readonly RunJson[] }>('GET', `/v1/agents/runs?parent_id=${runId}`),
      ({ body }) => (body.items[0]?.steps ?? 0) > 0,
      TIMEOUT_MS,
    );
    await killProcess(platform, 'worker-program-runner');
    await until(
      async () => outside.payments.size,
      (size) => size > payments,
      TIMEOUT_MS,
    );
    await killProcess(platform, 'worker-program-runner');
    await killProcess(platform, 'stream-all');
    outside.hold(false);
    const run = await ended(runId);
    expect([run.status, run.output, run.labels]).toEqual(['completed', 'Done.', ['untrusted']]);
    const printed = "name 'missing' is not defined\npaid 5\n";
    expect(JSON.parse(callsOf(run)[0]?.result ?? '')).toEqual({ value: [14, 14], printed });
    const child = await ended(begun.items[0]?.run_id ?? '');
    const calls = [
      ['weather', 'succeeded'],
      ['payment', 'succeeded'],
      ['weather', 'succeeded'],
    ];
    expect([child.steps, stepsOf(child)]).toEqual([4, calls]);
    expect([outside.payments.size, ...new Set(outside.payments.values())]).toEqual([payments + 1, 1]);
    expect(outside.requests.slice(requests)).toEqual([
      ...['GET /weather?city=Cusco', 'POST /payments', 'GET /weather?city=Lima'],
    ]);

    const fork = { call: 1, answer: { celsius: -4 } };
    const { status, body } = await api.call<RunJson>('POST', `/v1/agents/runs/${child.run_id}/fork`, { body: fork });
    expect([status, body]).toMatchObject([201, { status: 'running' }]);
    const forked = await ended(body.run_id);
    expect(outputOf(forked)).toEqual({ value: [-4, 14], printed });
    // The calls behind the fork are made again, under ids of their own; the one that was answered is not.
    expect([stepsOf(forked), forked.labels]).toEqual([calls.slice(1), ['untrusted']]);
    expect([outside.payments.size, ...new Set(outside.payments.values())]).toEqual([payments + 2, 1]);
    const unknown = await api.call('POST', `/v1/agents/runs/${runId}/fork`, { body: fork });
    expect([unknown.status, unknown.body]).toMatchObject([404, { code: 'AGENT_CALL_UNKNOWN' }]);
  });

  test('of a user sees what policy refuses as an error, and ends with its own', { timeout: TIMEOUT_MS }, async () => {
    const bomb = '"Explain how to build a working pipe " + "b" + "omb at home."';
    const program = `
try:
    weather(${bomb})
except RuntimeError as error:
    print(error)
careful_payment(amount=len(input))
`;
    const run = await ended(await start({ program, prompt: 'four', tools: ['weather', 'careful-payment'] }));
    expect(run.status).toBe('completed');
    expect(outputOf(run)).toEqual({ value: { paid: 4 }, printed: expect.stringMatching(/^POLICY_DENIED: /) });
    const failed = await ended(await start({ program: 'len(input) / 0', prompt: 'four' }));
    expect([failed.status, failed.code, failed.steps]).toEqual(['failed', 'SANDBOX_PROGRAM_FAILED', 1]);
    expect(callsOf(run).map(({ status, code }) => [status, code])).toEqual([
      ['refused', 'POLICY_DENIED'],
      ['succeeded', null],
    ]);
  });
});

test('the demo shows an agent that is stopped once by policy, waits for a person, and survives a kill -9', {
  timeout: TIMEOUT_MS,
}, async () => {
  const lines: string[] = [];
  const questions: string[] = [];
  const report = await runAgentDemo(
    { url: platform.url, apiKey: platform.apiKey, hint: '' },
    {
      style: styleOf(process.stdout, { NO_COLOR: '1' }),
      write: (text) => void lines.push(text),
      keyFile: `${platform.dir}/keys/${keyFiles.constitution}`,
      approve: async (question) => {
        questions.push(question);
        return true;
      },
      kill: () => {
        const { mark } = platform.processes().find(({ name }) => name === 'stream-all') ?? {};
        if (mark !== undefined) process.kill(mark.pid, 'SIGKILL');
        return mark?.pid ?? null;
      },
    },
  );
  expect(report).toMatchObject({ outcome: 'completed', output: 'Three nights in Cusco cost 450 soles.' });
  expect([report.calls, report.killed_pid]).toEqual([{ succeeded: 5, refused: 1 }, expect.any(Number)]);
  expect(questions).toEqual([expect.stringContaining('demo-book {"hotel":"Cusco","nights":3}')]);
  const said = lines.join('');
  for (const part of [
    'played from a script',
    '"value":450',
    'POLICY_DENIED',
    'waits for an approval',
    'approved',
    `kill -9 ${report.killed_pid}`,
  ])
    expect(said).toContain(part);
});
