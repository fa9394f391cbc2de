import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { type SlmMessage, slmErrorCodes } from '../provider.ts';
import {
  callOf,
  collect,
  countTool,
  describeProviderContract,
  failsWith,
  failureOf,
  forecastTool,
} from '../testing/provider-contract.ts';
import { createDeterministicProvider } from './deterministic.ts';

const limits = { timeoutMs: 30_000, firstTokenTimeoutMs: 20_000, delayMs: 0 };
const never = new AbortController().signal;

describe('the deterministic provider', () => {
  const provider = createDeterministicProvider(limits);
  const ask = async (prompt: string, changes = {}) =>
    (await collect(provider.complete(callOf(prompt, { maxTokens: 4_000, ...changes }), never))).done;

  describeProviderContract(async () => createDeterministicProvider(limits));

  it('answers one sentence of 12 to 40 words with the key words of the prompt', async () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const { text } = await ask('Why do terraces warm the mountain?', { seed });
      expect(text.split(' ').length).toBeGreaterThanOrEqual(12);
      expect(text.split(' ').length).toBeLessThanOrEqual(40);
      expect(text).toMatch(/^[A-Z].*\bterraces\b.*[^,]\.$/);
    }
  });

  it('always gives the same answer to a message and a seed, so that recorded answers stay valid', async () => {
    const { text, usage } = await ask('What is a khipu?', { seed: 7 });
    expect({ text, usage }).toMatchInlineSnapshot(`
      {
        "text": "Looking at it closely, the weaver is tied to khipu while the record holds khipu before the record speaks of khipu so that each cord is tied to khipu so that a careful reader is tied to khipu before.",
        "usage": {
          "completionTokens": 41,
          "promptTokens": 5,
        },
      }
    `);
  });

  it('ends before a stop text, also one over several words', async () => {
    const { text } = await ask('What is a khipu?', { seed: 7 });
    const stopped = (stop: readonly string[]) => ask('What is a khipu?', { seed: 7, stop });
    expect(await stopped(['weaver is tied', 'absent'])).toMatchObject({
      ...{ text: text.slice(0, text.indexOf('weaver is tied')), finishReason: 'stop' },
    });
    expect((await stopped(['absent'])).text).toBe(text);
    expect((await stopped(['Looking'])).text).toBe('');
  });

  it('answers with a JSON object when it is asked for one, and refuses a schema', async () => {
    const { text } = await ask('What is a "khipu"?', { format: { kind: 'json_object' } });
    expect(JSON.parse(text)).toEqual({ answer: (await ask('What is a "khipu"?')).text });
    const schema = { kind: 'json_schema', name: 'x', description: null, schema: '{}', strict: true } as const;
    expect(await failureOf(ask('What is a khipu?', { format: schema }))).toEqual(failsWith('SLM_FORMAT_UNSUPPORTED'));
  });

  describe('with a script', () => {
    const tools = [forecastTool, countTool];
    const steps = [
      { tool_calls: [{ name: 'forecast', arguments: { city: 'Lima', note: 'a "]]" of [brackets]' } }] },
      { text: 'Then I count.', tool_calls: [{ name: 'count_knots', arguments: '{no json' }, { name: 'other' }] },
      { text: 'It is  17 degrees.\nWarm.' },
    ];
    const system = { role: 'system', content: `Help. [[script:${JSON.stringify(steps)}]] Be brief.` } as const;
    const user = { role: 'user', content: 'How warm is Lima?' } as const;
    const answered = (count: number): SlmMessage[] =>
      Array.from({ length: count }, () => ({ role: 'assistant', content: 'x' }));

    it('answers with the step of the number of assistant messages after it', async () => {
      const play = (count: number) => ask('', { messages: [system, user, ...answered(count)], tools });
      const [first, second, third] = [await play(0), await play(1), await play(2)];
      const asked = [{ name: 'forecast', arguments: '{"city":"Lima","note":"a \\"]]\\" of [brackets]"}' }];
      expect(first).toMatchObject({ text: '', finishReason: 'tool_calls', toolCalls: asked });
      expect(second).toMatchObject({
        ...{ text: 'Then I count.', finishReason: 'tool_calls' },
        toolCalls: [
          { name: 'count_knots', arguments: '{no json' },
          { name: 'other', arguments: '{}' },
        ],
      });
      expect(third).toMatchObject({ text: 'It is  17 degrees.\nWarm.', finishReason: 'stop' });
      expect(third.toolCalls).toBeUndefined();
      const ids = [...(first.toolCalls ?? []), ...(second.toolCalls ?? [])].map(({ id }) => id);
      expect(new Set(ids).size).toBe(3);
      expect((await play(0)).toolCalls).toEqual(first.toolCalls);
    });

    it('gives plain text beyond the script, as without one', async () => {
      const beyond = await ask('', { messages: [system, user, ...answered(3)], tools });
      const plain = { ...system, content: 'Help.  Be brief.' };
      expect(beyond.text).toBe((await ask('', { messages: [plain, user, ...answered(3)], tools })).text);
    });

    it('plays the last script, and leaves out its calls where none are allowed', async () => {
      const later = { ...user, content: 'Again [[script:[{"text":"two"}]]]' };
      expect((await ask('', { messages: [system, user, ...answered(1), later], tools })).text).toBe('two');
      expect(await ask('', { messages: [system, user], tools, toolChoice: 'none' })).toMatchObject({
        finishReason: 'stop',
        text: expect.stringMatching(/\.$/),
      });
      expect((await ask('', { messages: [system, user] })).toolCalls).toBeUndefined();
    });

    it('plays a text also where the answer has a form', async () => {
      const schema = { kind: 'json_schema', name: 'x', description: null, schema: '{}', strict: true } as const;
      expect((await ask('[[script:[{"text":"{}"}]]]', { format: schema })).text).toBe('{}');
    });

    it.each(['[[script:[{]]', '[[script:{}]]', '[[script:[{"say":"x"}]]]', '[[script:[1', '[[script:[}]]'])(
      'refuses %s',
      async (prompt) => {
        expect(await failureOf(ask(prompt))).toEqual(failsWith('SLM_REJECTED'));
      },
    );
  });

  it('makes arguments of the schema of a tool that it must ask for', async () => {
    const parameters = {
      type: 'object',
      properties: {
        city: { type: 'string', maxLength: 12 },
        days: { type: 'integer', minimum: 3 },
        day: { type: 'string', format: 'date' },
        unit: { $ref: '#/$defs/unit' },
        tags: { type: 'array', items: { type: 'string' }, minItems: 2 },
        either: { anyOf: [{ type: 'null' }, { type: 'string' }] },
      },
      $defs: { unit: { enum: ['celsius', 'kelvin'] } },
      additionalProperties: false,
    };
    const tools = [{ ...forecastTool, parameters: JSON.stringify(parameters) }];
    const { toolCalls } = await ask('Describe terraces near Cusco', { tools, toolChoice: 'required' });
    const given = JSON.parse(toolCalls?.[0]?.arguments ?? '');
    expect(given).toMatchObject({ city: 'describe ter', days: 3, unit: 'celsius', either: null });
    expect(addFormats.default(new Ajv2020()).validate(parameters, given)).toBe(true);
  });

  it('gives another answer to another seed', async () => {
    expect((await ask('What is a khipu?', { seed: 1 })).text).not.toBe(
      (await ask('What is a khipu?', { seed: 2 })).text,
    );
  });

  it('reports the requested model, and its own without one', async () => {
    expect((await ask('hello', { model: 'small' })).modelId).toBe('small');
    expect((await ask('hello')).modelId).toBe('khipu-deterministic-1');
    expect((await provider.embed({ model: 'small', input: ['a'] }, never)).modelId).toBe('small');
  });

  it.each(slmErrorCodes)('fails as %s when the prompt asks for it', async (code) => {
    expect(await failureOf(ask(`please [[fail:${code}]]`))).toEqual(failsWith(code));
  });

  it('answers with the number of words that the prompt asks for', async () => {
    for (const words of [1, 2, 5, 300]) {
      expect((await ask(`go on [[words:${words}]]`)).text.split(' ')).toHaveLength(words);
    }
  });

  it('waits as long as the prompt asks for, and removes markers from the prompt', async () => {
    const plain = await ask('describe terraces');
    const marked = await ask('describe terraces [[delay:30]]');
    expect(marked.timeToFirstTokenMs).toBeGreaterThanOrEqual(29);
    expect(marked.text).toBe(plain.text);
  });

  it('reads markers in the last user message only, and ignores unknown ones', async () => {
    const messages = [
      { role: 'user', content: '[[fail:SLM_REJECTED]]' },
      { role: 'user', content: 'hello [[fail:SLM_NONSENSE]] [[words:0]]' },
    ] as const;
    expect((await ask('', { messages })).text).not.toBe('');
  });

  it('times out when the next token takes too long', async () => {
    const hasty = createDeterministicProvider({ ...limits, firstTokenTimeoutMs: 100 });
    const failure = await failureOf(collect(hasty.complete(callOf('[[delay:400]]'), never)));
    expect(failure).toEqual(failsWith('SLM_TIMEOUT'));
    expect(failure).toMatchObject({ message: 'no token for 100 ms', retryable: true });
  });

  it('times out when the whole answer takes too long', async () => {
    const slow = createDeterministicProvider({ ...limits, timeoutMs: 60, delayMs: 20 });
    const failure = await failureOf(collect(slow.complete(callOf('hello'), never)));
    expect(failure).toMatchObject({ code: 'SLM_TIMEOUT', message: 'no complete answer within 60 ms' });
  });

  it('does not time out for a slow reader', async () => {
    const hasty = createDeterministicProvider({ ...limits, firstTokenTimeoutMs: 100 });
    const chunks: string[] = [];
    for await (const chunk of hasty.complete(callOf('[[words:2]]'), never)) {
      chunks.push(chunk.kind);
      await new Promise((resolve) => setTimeout(resolve, 130));
    }
    expect(chunks).toEqual(['delta', 'delta', 'done']);
  });

  it('embeds texts with common words nearer to each other than others', async () => {
    const { vectors } = await provider.embed(
      { model: null, input: ['knotted cords of wool', 'wool cords', 'the price of bread'] },
      never,
    );
    const dot = (left: readonly number[] = [], right: readonly number[] = []) =>
      left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
    expect(vectors[0]).toHaveLength(384);
    expect(dot(vectors[0], vectors[1])).toBeGreaterThan(dot(vectors[0], vectors[2]) + 0.2);
  });
});
