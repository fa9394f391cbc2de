import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOpenAiProvider } from '../openai/openai.ts';
import { type OpenAiTestServer, startOpenAiTestServer } from '../testing/openai-server.ts';
import { callOf, collect, failsWith, failureOf } from '../testing/provider-contract.ts';
import { createModelMetrics } from './model-metrics.ts';
import { type ModelServer, ModelServers } from './model-servers.ts';
import { type DeclaredModel, sameName } from './provider-declaration.ts';

const never = new AbortController().signal;
let first: OpenAiTestServer;
let second: OpenAiTestServer;
beforeAll(async () => {
  [first, second] = [await startOpenAiTestServer(), await startOpenAiTestServer()];
});
afterAll(() => Promise.all([first.close(), second.close()]));
beforeEach(() => {
  for (const server of [first, second]) server.script();
});

function running(name: string, { baseUrl }: OpenAiTestServer, models: readonly DeclaredModel[]) {
  const bounds = { timeoutMs: 20_000, firstTokenTimeoutMs: 1_500, attemptsMax: 1, circuitOpenMs: 60_000 };
  return {
    adapter: createOpenAiProvider({ baseUrl, model: models[0]?.upstream ?? '', ...bounds }),
    declaration: {
      ...{ name, kind: 'openai' as const, baseUrl, modelPath: null, models, secret: null },
      ...{ pricePerMillionTokens: '0.200', currency: 'USD' },
    },
  };
}

/** Two providers: `small` at both, by another name at the second one; `large` at the second one alone. */
function twoProviders() {
  const register = new Registry();
  const servers = new ModelServers(
    [
      running('one', first, [sameName('small')]),
      running('two', second, [{ name: 'small', upstream: 'org/small' }, sameName('large')]),
    ],
    createModelMetrics(register),
  );
  const sent: string[] = [];
  const onServer = ({ declaration, upstream }: ModelServer) => sent.push(`${declaration.name} ${upstream}`);
  return {
    servers,
    sent,
    ask: (model: string | null, prompt = 'Why do terraces warm?') =>
      collect(servers.complete(callOf(prompt, { model }), never, onServer)),
    embed: (model: string | null) => servers.embed({ model, input: ['a cord'] }, never, onServer),
    metrics: () => register.metrics(),
  };
}

describe('a call', () => {
  it('goes to the provider of its model, under the name that the provider has for it', async () => {
    const { ask, embed, sent, metrics } = twoProviders();
    expect((await ask('large')).done.modelId).toBe('large');
    expect((await ask('small')).done.modelId).toBe('small');
    await embed(null);
    await embed('large');
    expect(sent).toEqual(['two large', 'one small', 'one small', 'two large']);
    expect([first, second].map(({ requests }) => requests.map(({ body }) => body.model))).toEqual([
      ['small', 'small'],
      ['large', 'large'],
    ]);
    expect(await metrics()).toContain('khipu_model_calls_total{provider="two",model="large",outcome="completed"} 2');
    expect(await metrics()).toContain('khipu_model_tokens_total{provider="one",model="small",kind="prompt"} 7');
  });

  it.each([
    ['fails', { status: 503 }, 'SLM_UNAVAILABLE'],
    ['has too many requests', { status: 429, headers: { 'retry-after': '60' } }, 'SLM_RATE_LIMITED'],
    ['lost the model', { status: 404, code: 'model_not_found' }, 'SLM_MODEL_MISSING'],
    ['hangs', 'hang', 'SLM_TIMEOUT'],
  ] as const)('goes on to the next provider of its model when the first one %s', async (_, behaviour, code) => {
    const { ask, embed, sent, metrics } = twoProviders();
    first.script(behaviour, behaviour);
    expect((await ask('small')).done.modelId).toBe('org/small');
    expect(sent).toEqual(['one small', 'two org/small']);
    expect(await metrics()).toContain(`khipu_model_fallbacks_total{provider="one",model="small",code="${code}"} 1`);
    if (behaviour !== 'hang') expect((await embed('small')).modelId).toBe('org/small');
  });

  it('never goes on to a provider that has another model, nor after its first text, nor when it is refused', async () => {
    const { ask, sent } = twoProviders();
    second.script({ status: 503 });
    expect(await failureOf(ask('large'))).toEqual(failsWith('SLM_UNAVAILABLE'));
    first.script('cut-mid-stream');
    expect(await failureOf(ask('small'))).toEqual(failsWith('SLM_UNAVAILABLE'));
    first.script({ status: 400 });
    expect(await failureOf(ask('small'))).toEqual(failsWith('SLM_REJECTED'));
    expect(sent).toEqual(['two large', 'one small', 'one small']);
    expect(await failureOf(ask('huge'))).toEqual(failsWith('SLM_MODEL_MISSING'));
  });

  it('fails like the last provider when all of them fail', async () => {
    const { ask, sent } = twoProviders();
    first.script({ status: 503 });
    second.script({ status: 429, headers: { 'retry-after': '60' } });
    expect(await failureOf(ask('small'))).toEqual(failsWith('SLM_RATE_LIMITED'));
    expect(sent).toHaveLength(2);
  });
});

it('each provider has a circuit of its own: one that keeps failing is not called, and the other one answers', async () => {
  const { servers, ask, metrics } = twoProviders();
  first.script(...new Array(6).fill({ status: 503 }));
  for (let call = 0; call < 8; call += 1) expect((await ask('small')).done.modelId).toBe('org/small');
  expect(first.requests.length).toBeLessThan(8);
  expect((await ask('large')).done.modelId).toBe('large');
  const text = await metrics();
  expect(text).toContain('khipu_model_circuit_open{provider="one"} 1');
  expect(text).toContain('khipu_model_circuit_open{provider="two"} 0');
  expect(text).toMatch(/khipu_model_calls_total\{provider="one",model="small",outcome="SLM_CIRCUIT_OPEN"\} [1-9]/);
  expect(await servers.health()).toEqual({
    ok: true,
    detail: expect.stringMatching(/^one: .*circuit open; two: .*reachable/),
  });
  await servers.close();
  expect(await servers.health()).toMatchObject({ ok: false });
});
