import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEngineClient, type EngineOptions, type EngineUnavailable } from './client.ts';
import type { EngineInput } from './input.ts';
import { createEngineMetrics } from './metrics.ts';
import { json, startTestEngine, type TestEngine } from './testing.ts';

let engine: TestEngine;
beforeEach(async () => {
  engine = await startTestEngine();
});
afterEach(() => engine.close());

const input = { tenant: 'demo', action: 'SubmitTurn' } as unknown as EngineInput;
const never = new AbortController().signal;

const clientWith = (options: Partial<EngineOptions> = {}) => {
  const register = new Registry();
  const client = createEngineClient(
    { url: engine.url, token: null, timeoutMs: 2_000, ...options },
    createEngineMetrics(register),
  );
  const counted = async () => {
    const { values } = (await register.getSingleMetric('khipu_policy_engine_requests_total')?.get()) ?? { values: [] };
    return Object.fromEntries(values.map(({ labels, value }) => [labels['outcome'], value]));
  };
  return { client, counted, ask: () => client.ask(input, never) };
};

const failure = (asked: Promise<unknown>): Promise<EngineUnavailable> =>
  asked.then(
    () => Promise.reject(new Error('the request succeeded')),
    (error) => error,
  );

describe('a request', () => {
  it('has the form of the data API, and carries the token', async () => {
    await clientWith({ token: 'secret' }).ask();
    expect(engine.asked).toMatchObject([
      {
        method: 'POST',
        path: '/v1/data/khipu/decision',
        headers: { authorization: 'Bearer secret', 'content-type': 'application/json' },
        body: { input },
      },
    ]);
  });

  it('is answered, timed and counted', async () => {
    const { ask, counted } = clientWith();
    engine.answer = json({ result: { allow: false, reasons: ['freeze'] }, decision_id: 'd-1' });
    const answer = await ask();
    expect(answer).toMatchObject({ outcome: 'deny', reasons: ['freeze'], engineDecisionId: 'd-1', detail: '' });
    expect(answer.latencyMs).toBeGreaterThanOrEqual(0);
    expect(await counted()).toEqual({ deny: 1 });
  });
});

describe('an engine that misbehaves', () => {
  it.each<[string, TestEngine['answer'], string]>([
    ['fails', json({ code: 'internal_error' }, 500), 'answers 500'],
    ['is overloaded', json({}, 429), 'answers 429'],
    ['cuts the connection', (response) => response.destroy(), 'other side closed'],
    [
      'cuts off its answer',
      (response) => response.writeHead(200).write('{"res', () => response.destroy()),
      'other side closed',
    ],
    ['does not answer', () => undefined, 'no answer in 200 ms'],
    ['stops in the middle', (response) => void response.writeHead(200).write('{"result": tr'), 'no answer in 200 ms'],
  ])('that %s is asked again', async (_, answer, message) => {
    engine.answer = answer;
    const { ask, counted } = clientWith({ timeoutMs: message.startsWith('no answer') ? 200 : 30_000 });
    const failed = await failure(ask());
    expect(failed).toMatchObject({ code: 'POLICY_ENGINE_UNAVAILABLE', retryable: true, message });
    expect(failed.latencyMs).toBeLessThan(30_000);
    expect(await counted()).toEqual({ unavailable: 1 });
  });

  it.each<[string, TestEngine['answer'], string]>([
    ['refuses us', json({ code: 'unauthorized' }, 401), 'answers 401'],
    ['does not have the path', json({}, 404), 'answers 404'],
    ['redirects', (response) => response.writeHead(307, { location: '/elsewhere' }).end(), 'answers 307'],
  ])('that %s is not asked again', async (_, answer, message) => {
    engine.answer = answer;
    expect(await failure(clientWith().ask())).toMatchObject({ retryable: false, message });
    expect(engine.asked).toHaveLength(1);
  });

  it.each<[string, TestEngine['answer']]>([
    ['no JSON', (response) => response.end('<html>')],
    ['nothing', (response) => response.end()],
    ['another shape', json({ result: { allowed: true } })],
    ['a decision of another kind', json({ result: 'true' })],
    ['an object whose allow is not a boolean', json({ result: { allow: 1 } })],
    ['reasons that are not texts', json({ result: { allow: true, reasons: [1] } })],
    ['a body that is too large', (response) => response.end(JSON.stringify({ result: true, pad: 'x'.repeat(70_000) }))],
  ])('that answers with %s gives no decision', async (_, answer) => {
    engine.answer = answer;
    expect(await clientWith().ask()).toMatchObject({ outcome: 'invalid', reasons: [], engineDecisionId: null });
  });

  it('gets no requests after five failures, and one more later', async () => {
    engine.answer = json({}, 503);
    const { client, ask, counted } = clientWith({ circuitOpenMs: 2_000 });
    for (let n = 0; n < 5; n += 1) await failure(ask());
    expect(await failure(ask())).toMatchObject({
      retryable: false,
      message: expect.stringContaining('gets no requests'),
    });
    expect(engine.asked).toHaveLength(5);
    expect(await client.health()).toMatchObject({ ok: false });
    expect(await counted()).toEqual({ unavailable: 5, 'circuit-open': 1 });
    engine.answer = json({ result: true });
    expect(await vi.waitFor(ask, { timeout: 30_000 })).toMatchObject({ outcome: 'allow' });
    expect(await client.health()).toMatchObject({ ok: true, detail: expect.stringMatching(/^127.* answers 200$/) });
  });
});

it('the end of a run ends its request, and does not count against the engine', async () => {
  engine.answer = () => undefined;
  const { client, counted } = clientWith();
  const run = new AbortController();
  const asked = failure(client.ask(input, run.signal));
  await sleep(50);
  run.abort(new Error('the partition is lost'));
  expect(await asked).toMatchObject({ message: 'the partition is lost' });
  expect(await counted()).toEqual({});
});

it('the health of the process reports an unavailable engine', async () => {
  const { client } = clientWith();
  await engine.close();
  expect(await client.health()).toMatchObject({ ok: false, detail: expect.stringContaining('ECONNREFUSED') });
  engine = await startTestEngine();
});
