import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlmCall, SlmChunk, SlmDone, SlmErrorCode, SlmProvider, SlmTool } from '../provider.ts';

/** Long enough for a model on a loaded machine. */
const testMaxMs = 300_000;
const never = new AbortController().signal;
let requests = 0;

/** Returns a call with one user message and a new request id. */
export function callOf(prompt: string, changes: Partial<SlmCall> = {}): SlmCall {
  requests += 1;
  const messages = [{ role: 'user', content: prompt }] as const;
  return {
    requestId: `request-${requests}`,
    model: null,
    messages,
    maxTokens: 24,
    temperature: 0,
    seed: 1,
    ...changes,
  };
}

/** Reads a whole answer. Rejects when it ends without `done`. */
export async function collect(chunks: AsyncIterable<SlmChunk>): Promise<{ deltas: string[]; done: SlmDone }> {
  const deltas: string[] = [];
  let done: SlmDone | undefined;
  for await (const chunk of chunks) {
    if (done !== undefined) throw new Error(`${chunk.kind} after done`);
    if (chunk.kind === 'delta') deltas.push(chunk.text);
    else done = chunk;
  }
  if (done === undefined) throw new Error('ended without done');
  return { deltas, done };
}

/** A tool with few arguments, so that a small model asks for it within few tokens. */
export const forecastTool: SlmTool = {
  name: 'forecast',
  description: 'Returns the weather of the next days.',
  parameters: JSON.stringify({
    type: 'object',
    properties: { city: { enum: ['Cusco', 'Lima'] }, indoors: { type: 'boolean' } },
    required: ['city', 'indoors'],
    additionalProperties: false,
  }),
};

/** Another tool. */
export const countTool: SlmTool = {
  name: 'count_knots',
  description: 'Counts the knots of a cord.',
  parameters: JSON.stringify({ type: 'object', properties: { dyed: { type: 'boolean' } }, required: ['dyed'] }),
};

/** Resolves with the error of a call. Rejects when it succeeds. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

/** Returns a matcher for an SlmProviderError with `code`. */
export function failsWith(code: SlmErrorCode): unknown {
  return expect.objectContaining({ name: 'SlmProviderError', code });
}

/**
 * Declares the tests of the guarantees in `provider.ts`, which every adapter runs. `make` returns a new provider, which
 * the suite closes.
 */
export function describeProviderContract(make: () => Promise<SlmProvider>): void {
  describe('as any provider', { timeout: testMaxMs }, () => {
    let provider: SlmProvider;
    const ask = (prompt: string, changes?: Partial<SlmCall>, signal = never) =>
      collect(provider.complete(callOf(prompt, changes), signal));
    const embed = (input: readonly string[], signal = never) => provider.embed({ model: null, input }, signal);
    beforeAll(async () => {
      provider = await make();
    }, testMaxMs);
    afterAll(() => provider.close(), testMaxMs);

    it('yields non-empty deltas, then done with their concatenation', async () => {
      const { deltas, done } = await ask('Why do terraces keep the mountain warm?');
      expect(deltas.length).toBeGreaterThan(0);
      expect(deltas).not.toContain('');
      expect(deltas.join('')).toBe(done.text);
      expect(done.modelId).toBe(provider.modelId);
    });

    it('measures tokens and times', async () => {
      const { done } = await ask('Count the knots on this cord.');
      expect(done.usage.promptTokens).toBeGreaterThan(4);
      expect(done.usage.completionTokens).toBeGreaterThan(0);
      expect(done.timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
      expect(done.latencyMs).toBeGreaterThanOrEqual(done.timeToFirstTokenMs);
    });

    it('stops at maxTokens and reports that', async () => {
      const { done } = await ask('Tell a long story about a llama.', { maxTokens: 3 });
      expect(done).toMatchObject({ finishReason: 'length', text: expect.stringMatching(/\S/) });
      expect(done.usage.completionTokens).toBeLessThanOrEqual(3);
    });

    it('gives the same answer to the same messages and seed', async () => {
      const [first, second] = [await ask('Name a river.'), await ask('Name a river.')];
      expect(second.done.text).toBe(first.done.text);
    });

    it('fails as SLM_CANCELLED when the signal is already aborted', async () => {
      expect(await failureOf(ask('hello', {}, AbortSignal.abort()))).toEqual(failsWith('SLM_CANCELLED'));
    });

    it('stops in mid-stream when the signal is aborted, and answers the next call', async () => {
      const controller = new AbortController();
      const chunks = provider.complete(callOf('Tell a long story about rain.'), controller.signal);
      const failure = await failureOf(
        (async () => {
          for await (const _ of chunks) controller.abort();
        })(),
      );
      expect(failure).toEqual(failsWith('SLM_CANCELLED'));
      expect((await ask('Name a river.')).done.text).not.toBe('');
    });

    it('allows a reader to stop early', async () => {
      for await (const chunk of provider.complete(callOf('Tell a long story about snow.'), never)) {
        expect(chunk.kind).toBe('delta');
        break;
      }
      expect((await ask('Name a river.')).done.text).not.toBe('');
    });

    it('keeps concurrent calls apart, also when one of them is cancelled', async () => {
      const prompts = ['Name a river.', 'Name a mountain.', 'Name a city.', 'Name a star.'];
      const alone: string[] = [];
      for (const prompt of prompts) alone.push((await ask(prompt)).done.text);
      const cancelled = new AbortController();
      const leaver = failureOf(ask('Tell a long story about wind.', {}, cancelled.signal));
      const together = prompts.map((prompt) => ask(prompt));
      cancelled.abort();
      expect((await Promise.all(together)).map(({ done }) => done.text)).toEqual(alone);
      expect(await leaver).toEqual(failsWith('SLM_CANCELLED'));
    });

    const tools = [forecastTool, countTool];
    const anyForecast = { city: expect.stringMatching(/^(Cusco|Lima)$/), indoors: expect.any(Boolean) };

    it('asks for the tool that the call names, with arguments of its schema', async () => {
      const { done } = await ask('Count the knots.', { tools, toolChoice: { name: 'count_knots' }, maxTokens: 200 });
      expect(done).toMatchObject({ finishReason: 'tool_calls', toolCalls: [{ name: 'count_knots' }] });
      for (const { id, arguments: given } of done.toolCalls ?? []) {
        expect(id).not.toBe('');
        expect(JSON.parse(given)).toEqual({ dyed: expect.any(Boolean) });
      }
      expect(done.usage.completionTokens).toBeGreaterThan(1);
    });

    it('asks for a tool where the call requires one', async () => {
      const { deltas, done } = await ask('How warm is Cusco?', { tools, toolChoice: 'required', maxTokens: 200 });
      expect(done.finishReason).toBe('tool_calls');
      expect(deltas.join('')).toBe(done.text);
      const asked = done.toolCalls ?? [];
      expect(asked.length).toBeGreaterThan(0);
      expect(new Set(asked.map(({ id }) => id)).size).toBe(asked.length);
      for (const { name, arguments: given } of asked)
        expect(JSON.parse(given)).toEqual(name === 'forecast' ? anyForecast : { dyed: expect.any(Boolean) });
    });

    it('asks for no tool where the call allows none', async () => {
      const { done } = await ask('How warm is Cusco?', { tools, toolChoice: 'none' });
      expect(done.toolCalls).toBeUndefined();
      expect(done.text).not.toBe('');
    });

    it('reads calls and their results, and counts their tokens and those of the tools', async () => {
      const toolCalls = [{ id: 'call_1', name: 'forecast', arguments: '{"city":"Cusco","indoors":false}' }];
      const messages = [
        { role: 'user', content: 'How warm is Cusco?' },
        { role: 'assistant', content: '', toolCalls },
        { role: 'tool', content: 'It is 17 degrees.', toolCallId: 'call_1' },
      ] as const;
      const offered = (await ask('', { messages, tools, toolChoice: 'none' })).done;
      const alone = (await ask('How warm is Cusco?', { tools, toolChoice: 'none' })).done;
      expect(offered.text).not.toBe('');
      expect(offered.usage.promptTokens).toBeGreaterThan(alone.usage.promptTokens + 10);
      const auto = (await ask('How warm is Cusco?', { tools })).done;
      expect(auto.usage.promptTokens).toBeGreaterThan((await ask('How warm is Cusco?')).done.usage.promptTokens + 20);
      expect(auto.finishReason === 'tool_calls').toBe(auto.toolCalls !== undefined);
    });

    it.each([
      ['no messages', { messages: [] }],
      ['a choice of a tool that is not offered', { tools: [forecastTool], toolChoice: { name: 'other' } }],
      ['two tools of one name', { tools: [forecastTool, forecastTool] }],
      ['a tool whose schema is no JSON', { tools: [{ ...forecastTool, parameters: '{' }] }],
      ['no room for an answer', { maxTokens: 0 }],
      ['a temperature out of range', { temperature: 2.5 }],
      ['a seed that is not an integer', { seed: 0.5 }],
      ['more than four texts that end the answer', { stop: ['a', 'b', 'c', 'd', 'e'] }],
      ['an empty text that ends the answer', { stop: ['a', ''] }],
    ] satisfies [string, Partial<SlmCall>][])('rejects %s as SLM_REJECTED', async (_, changes) => {
      expect(await failureOf(ask('hello', changes))).toEqual(failsWith('SLM_REJECTED'));
    });

    it('embeds each input to a vector of length 1, in order', async () => {
      const both = await embed(['a knotted cord', 'the price of bread']);
      const single = await embed(['the price of bread']);
      expect(both.vectors).toHaveLength(2);
      for (const vector of both.vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      expect(both.vectors[1]?.[0]).toBeCloseTo(single.vectors[0]?.[0] ?? Number.NaN, 5);
      expect(both.promptTokens).toBeGreaterThan(single.promptTokens);
      expect(both.modelId).not.toBe('');
    });

    it('computes embeddings with the requested model', async () => {
      const { modelId } = await provider.embed({ model: provider.modelId, input: ['a knotted cord'] }, never);
      expect(modelId).toBe(provider.modelId);
    });

    it('rejects an empty embedding request, and a cancelled one', async () => {
      expect(await failureOf(embed([]))).toEqual(failsWith('SLM_REJECTED'));
      expect(await failureOf(embed([' ']))).toEqual(failsWith('SLM_REJECTED'));
      expect(await failureOf(embed(['cord'], AbortSignal.abort()))).toEqual(failsWith('SLM_CANCELLED'));
    });

    it('is healthy, with one line of detail', async () => {
      expect(await provider.health()).toEqual({ ok: true, detail: expect.stringMatching(/.+/) });
    });

    it('fails open and later calls as SLM_UNAVAILABLE after close', async () => {
      const other = await make();
      const chunks = other.complete(callOf('Tell a long story about fire.'), never)[Symbol.asyncIterator]();
      await chunks.next();
      await other.close();
      const rest = (async () => {
        while (!(await chunks.next()).done);
      })();
      expect(await failureOf(rest)).toEqual(failsWith('SLM_UNAVAILABLE'));
      expect(await failureOf(collect(other.complete(callOf('hello'), never)))).toEqual(failsWith('SLM_UNAVAILABLE'));
      expect(await other.health()).toMatchObject({ ok: false });
      await other.close();
    });
  });
}
