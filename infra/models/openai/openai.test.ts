import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SlmCall, SlmProvider } from '../provider.ts';
import { type OpenAiTestServer, startOpenAiTestServer } from '../testing/openai-server.ts';
import { callOf, collect, describeProviderContract, failsWith, failureOf } from '../testing/provider-contract.ts';
import { readEmbeddings } from './embeddings.ts';
import { createOpenAiProvider, type OpenAiOptions } from './openai.ts';

const never = new AbortController().signal;

describe('the OpenAI-compatible provider', () => {
  let server: OpenAiTestServer;
  let made: SlmProvider[] = [];
  beforeAll(async () => {
    server = await startOpenAiTestServer();
  });
  afterAll(() => server.close());
  afterEach(async () => {
    await Promise.all(made.map((provider) => provider.close()));
    made = [];
    server.script();
  });

  const create = (changes: Partial<OpenAiOptions> = {}) => {
    const limits = { timeoutMs: 5_000, firstTokenTimeoutMs: 2_000, retryMinMs: 10, circuitOpenMs: 3_000 };
    return createOpenAiProvider({ baseUrl: server.baseUrl, apiKey: 'k', model: 'tiny', ...limits, ...changes });
  };
  const make = (changes: Partial<OpenAiOptions> = {}) => {
    const provider = create(changes);
    made.push(provider);
    return provider;
  };
  const ask = (provider: SlmProvider, changes: Partial<SlmCall> = {}) =>
    collect(provider.complete(callOf('Why do terraces warm?', changes), never));

  describeProviderContract(async () => create());

  it('sends messages, bounds, seed, model and key, and asks for the usage', async () => {
    server.script();
    const { done } = await ask(make(), { model: 'other', maxTokens: 5, seed: 9, temperature: 0.5, stop: ['.'] });
    expect(server.requests).toEqual([
      {
        path: '/v1/chat/completions',
        authorization: 'Bearer k',
        body: {
          model: 'other',
          messages: [{ role: 'user', content: 'Why do terraces warm?' }],
          max_tokens: 5,
          temperature: 0.5,
          seed: 9,
          stop: ['.'],
          stream: true,
          stream_options: { include_usage: true },
        },
      },
    ]);
    expect(done).toMatchObject({ modelId: 'other', usage: { promptTokens: 5, completionTokens: 5 } });
  });

  it('passes the form of the answer on', async () => {
    server.script();
    const provider = make();
    const schema = { type: 'object' };
    const named = { kind: 'json_schema', name: 'cord', schema: JSON.stringify(schema), strict: true } as const;
    await ask(provider, { format: { kind: 'json_object' } });
    await ask(provider, { format: { ...named, description: null } });
    await ask(provider, { format: { ...named, description: 'A cord' } });
    expect(server.requests.map(({ body }) => body.response_format)).toEqual([
      { type: 'json_object' },
      { type: 'json_schema', json_schema: { name: 'cord', schema, strict: true } },
      { type: 'json_schema', json_schema: { name: 'cord', description: 'A cord', schema, strict: true } },
    ]);
  });

  it('asks for embeddings of the requested model, and of its default without one', async () => {
    server.script();
    const provider = make();
    for (const model of ['other', null]) await provider.embed({ model, input: ['a'] }, never);
    expect(server.requests.map(({ body }) => body.model)).toEqual(['other', 'tiny']);
  });

  it('counts tokens itself when the server does not', async () => {
    server.script('no-usage');
    const { done } = await ask(make());
    expect(done.usage).toEqual({ promptTokens: 5, completionTokens: expect.any(Number) });
    expect(done.usage.completionTokens).toBeGreaterThan(0);
  });

  it('answers after retries of 429 and 503', async () => {
    server.script({ status: 429, headers: { 'retry-after-ms': '20' } }, { status: 503 });
    const { done } = await ask(make());
    expect(done.text).toMatch(/terraces/);
    expect(done.timeToFirstTokenMs).toBeGreaterThanOrEqual(20);
    expect(server.requests).toHaveLength(3);
  });

  it('does not wait for a long Retry-After, but passes it on', async () => {
    server.script({ status: 429, headers: { 'retry-after': '60' } });
    const failure = await failureOf(ask(make()));
    expect(failure).toMatchObject({ code: 'SLM_RATE_LIMITED', retryable: true, retryAfterMs: 60_000 });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [{ status: 400 }, 'SLM_REJECTED'],
    [{ status: 401 }, 'SLM_REJECTED'],
    [{ status: 404, code: 'model_not_found' }, 'SLM_MODEL_MISSING'],
    [{ status: 408 }, 'SLM_TIMEOUT'],
    ['content-filter', 'SLM_REJECTED'],
  ] as const)('reports %j as %s after one request', async (behaviour, code) => {
    server.script(behaviour);
    expect(await failureOf(ask(make()))).toEqual(failsWith(code));
    expect(server.requests).toHaveLength(1);
  });

  it.each(['cut-mid-stream', 'end-early'] as const)('fails after %s and repeats no text', async (behaviour) => {
    server.script(behaviour);
    const deltas: string[] = [];
    const work = (async () => {
      for await (const chunk of make().complete(callOf('hello'), never))
        if (chunk.kind === 'delta') deltas.push(chunk.text);
    })();
    expect(await failureOf(work)).toEqual(failsWith('SLM_UNAVAILABLE'));
    expect(deltas).toHaveLength(2);
    expect(server.requests).toHaveLength(1);
  });

  it.each(['hang', 'hang-mid-stream'] as const)(
    'times out on %s after one request, and closes the connection',
    async (behaviour) => {
      server.script(behaviour);
      const before = server.aborted();
      const failure = await failureOf(ask(make({ firstTokenTimeoutMs: 80 })));
      expect(failure).toMatchObject({ code: 'SLM_TIMEOUT', message: 'no token for 80 ms', retryable: true });
      expect(server.requests).toHaveLength(1);
      await expect.poll(() => server.aborted()).toBe(before + 1);
    },
  );

  it('bounds a call with its retries by the total time', async () => {
    server.script(...Array.from({ length: 9 }, () => ({ status: 500 })));
    const failure = await failureOf(ask(make({ timeoutMs: 100, retryMinMs: 80, attemptsMax: 9 })));
    expect(failure).toMatchObject({ code: 'SLM_TIMEOUT', message: 'no complete answer within 100 ms' });
  });

  it('stops calling a server that keeps failing, and calls it again after a while', async () => {
    server.script(...Array.from({ length: 6 }, () => ({ status: 500 })));
    const provider = make();
    expect(await failureOf(ask(provider))).toEqual(failsWith('SLM_UNAVAILABLE'));
    expect(await failureOf(ask(provider))).toEqual(failsWith('SLM_CIRCUIT_OPEN'));
    expect(server.requests).toHaveLength(5);
    expect(await failureOf(ask(provider))).toEqual(failsWith('SLM_CIRCUIT_OPEN'));
    expect(server.requests).toHaveLength(5);
    expect(await provider.health()).toEqual({ ok: false, detail: `${server.baseUrl}: circuit open` });
    server.script();
    const answer = await vi.waitFor(() => ask(provider), { timeout: 30_000, interval: 200 });
    expect(answer.done.text).toMatch(/terraces/);
    expect(await provider.health()).toMatchObject({ ok: true });
  });

  it.each([
    ['no-data', 'the server\'s answer to /embeddings has no valid "data"'],
    ['no-json', 'the answer of the model server cannot be read'],
  ] as const)('reports embeddings with %s by a code, without a message of JavaScript', async (behaviour, message) => {
    server.script(behaviour);
    const failure = await failureOf(make().embed({ model: null, input: ['a'] }, never));
    expect(failure).toMatchObject({ code: 'SLM_ANSWER_INVALID', message, retryable: false });
    expect(server.requests).toHaveLength(1);
  });

  it('reports vectors of another number or kind', () => {
    const vector = { index: 0, embedding: [1, 2] };
    expect(() => readEmbeddings({ data: [vector] }, 2)).toThrow('has 1 vectors for 2 inputs');
    expect(() => readEmbeddings({ data: [{ ...vector, embedding: 'AAAA' }] }, 1)).toThrow(
      'no valid "data.0.embedding"',
    );
    expect(() => readEmbeddings('<html>', 1)).toThrow('is no JSON object');
    expect(readEmbeddings({ data: [vector], usage: null }, 1).data).toEqual([vector]);
  });

  it('opens the circuit when every answer is cut off', async () => {
    server.script(...Array.from({ length: 9 }, () => 'cut-mid-stream' as const));
    const provider = make();
    const codes: unknown[] = [];
    for (let call = 0; call < 5; call += 1) codes.push(((await failureOf(ask(provider))) as { code: unknown }).code);
    expect(codes.at(0)).toBe('SLM_UNAVAILABLE');
    expect(codes.at(-1)).toBe('SLM_CIRCUIT_OPEN');
  });

  it('does not count rejections and rate limits against the server', async () => {
    server.script(...Array.from({ length: 12 }, (_, index) => ({ status: index % 2 ? 400 : 429 })));
    const provider = make({ attemptsMax: 1 });
    for (let call = 0; call < 12; call += 1) await failureOf(ask(provider));
    expect((await ask(provider)).done.text).toMatch(/terraces/);
  });

  it('does not send key or prompt to a redirect target', async () => {
    const other = await startOpenAiTestServer();
    for (const status of [301, 302, 307, 308]) {
      server.script({ status, headers: { location: `${other.baseUrl}/chat/completions` } });
      expect(await failureOf(ask(make({ attemptsMax: 1 })))).toEqual(failsWith('SLM_UNAVAILABLE'));
    }
    expect(other.requests).toEqual([]);
    await other.close();
  });

  it('reports that the server cannot be reached, and the reason', async () => {
    const provider = make({ baseUrl: 'http://127.0.0.1:9/v1', attemptsMax: 1 });
    expect(await failureOf(ask(provider))).toMatchObject({ code: 'SLM_UNAVAILABLE', message: /cannot be reached/ });
    expect(await provider.health()).toMatchObject({ ok: false });
  });
});
