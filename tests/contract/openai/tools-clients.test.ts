/** Existing clients of the OpenAI API, unchanged, that run a task of three tools. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { type AIMessageChunk, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { Agent, tool as agentTool, OpenAIProvider, Runner, setTracingDisabled } from '@openai/agents';
import { tool as aiTool, generateText, jsonSchema, stepCountIs, streamText } from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../checks/files.ts';
import { pythonEnvironment } from '../../checks/python.ts';
import { type Harness, startHarness } from '../http/support/harness.ts';
import { openAiOf } from './support/client.ts';
import { ANSWER, CALLS, CallNotes, schemaOf, TASK, threeTools } from './support/three-tools.ts';

type Name = keyof typeof threeTools;
const names = Object.keys(threeTools) as readonly Name[];

let platform: Harness;
beforeAll(async () => {
  platform = await startHarness();
  setTracingDisabled(true);
});
afterAll(() => platform.close());

describe('the openai package of npm', () => {
  const functionsOf = (notes: CallNotes) =>
    names.map((name) => ({
      type: 'function' as const,
      function: {
        ...{ name, description: threeTools[name].description, parameters: schemaOf(name), parse: JSON.parse },
        function: async (given: object) => notes.run(name, given),
      },
    }));

  test.each([false, true])('runs the tools of a chat, with stream %s', async (stream) => {
    const notes = new CallNotes();
    const { completions } = openAiOf(platform, platform.api).chat;
    const asked = { model: 'default', messages: [{ role: 'user' as const, content: TASK }], tools: functionsOf(notes) };
    const runner = stream ? completions.runTools({ ...asked, stream }) : completions.runTools(asked);
    expect(await runner.finalContent()).toBe(ANSWER);
    expect(notes.calls).toEqual(CALLS);
  });

  test('runs the tools of responses that continue each other', async () => {
    const notes = new CallNotes();
    const client = openAiOf(platform, platform.api);
    const tools = names.map((name) => ({
      ...{ type: 'function' as const, name, description: threeTools[name].description, strict: true },
      parameters: schemaOf(name),
    }));
    let response = await client.responses.create({ model: 'default', input: TASK, tools });
    for (let turns = 0; turns < 4; turns += 1) {
      const results = response.output.flatMap((item) =>
        item.type === 'function_call'
          ? [
              {
                ...{ type: 'function_call_output' as const, call_id: item.call_id },
                output: notes.run(item.name, JSON.parse(item.arguments)),
              },
            ]
          : [],
      );
      if (results.length === 0) break;
      const previous = { previous_response_id: response.id };
      response = await client.responses.create({ model: 'default', input: results, tools, ...previous });
    }
    expect(response.output_text).toBe(ANSWER);
    expect(notes.calls).toEqual(CALLS);
  });
});

describe('the AI SDK', () => {
  const asking = (notes: CallNotes) => ({
    model: createOpenAICompatible({
      ...{ name: 'khipu', baseURL: `${platform.url}/v1`, apiKey: platform.api.apiKey, includeUsage: true },
    })('default'),
    ...{ prompt: TASK, maxRetries: 0, stopWhen: stepCountIs(5) },
    tools: Object.fromEntries(
      names.map((name) => [
        name,
        aiTool({
          description: threeTools[name].description,
          inputSchema: jsonSchema<object>(schemaOf(name)),
          execute: async (given) => notes.run(name, given),
        }),
      ]),
    ),
  });

  test('runs the tools of a chat, whole and as a stream', async () => {
    const whole = new CallNotes();
    const { text, steps } = await generateText(asking(whole));
    expect([text, steps.length]).toEqual([ANSWER, 3]);
    expect(whole.calls).toEqual(CALLS);
    const streamed = new CallNotes();
    expect(await streamText(asking(streamed)).text).toBe(ANSWER);
    expect(streamed.calls).toEqual(CALLS);
  });
});

describe('LangChain', () => {
  test.each([false, true])('runs the tools of a chat, with streaming %s', async (streaming) => {
    const notes = new CallNotes();
    const model = new ChatOpenAI({
      ...{ model: 'default', apiKey: platform.api.apiKey, maxRetries: 0 },
      configuration: { baseURL: `${platform.url}/v1` },
    }).bindTools(
      names.map((name) => ({
        type: 'function' as const,
        function: { name, description: threeTools[name].description, parameters: schemaOf(name) },
      })),
    );
    const messages: BaseMessage[] = [new HumanMessage(TASK)];
    for (let turns = 0; turns < 4; turns += 1) {
      let answer: AIMessageChunk | undefined;
      // `streaming: true` would count tokens with a vocabulary that it fetches from the Internet.
      if (streaming) for await (const chunk of await model.stream(messages)) answer = answer?.concat(chunk) ?? chunk;
      else answer = await model.invoke(messages);
      if (answer === undefined) break;
      messages.push(answer);
      if ((answer.tool_calls ?? []).length === 0) break;
      for (const { id = '', name, args } of answer.tool_calls ?? [])
        messages.push(new ToolMessage({ content: notes.run(name, args), tool_call_id: id }));
    }
    expect(messages.at(-1)?.content).toBe(ANSWER);
    expect(notes.calls).toEqual(CALLS);
  });
});

describe('the OpenAI Agents SDK', () => {
  test.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('runs the tools of an agent, with responses %s and stream %s', async (useResponses, stream) => {
    const notes = new CallNotes();
    const { apiKey } = platform.api;
    const modelProvider = new OpenAIProvider({ apiKey, baseURL: `${platform.url}/v1`, useResponses });
    const agent = new Agent({
      ...{ name: 'Weaver', instructions: 'Answer questions about cities.', model: 'default' },
      tools: names.map((name) =>
        agentTool({
          ...{ name, description: threeTools[name].description },
          parameters: threeTools[name].parameters,
          execute: async (given) => notes.run(name, given as object),
        }),
      ),
    });
    const runner = new Runner({ modelProvider, tracingDisabled: true });
    if (stream) {
      const result = await runner.run(agent, TASK, { stream: true });
      await result.completed;
      expect(result.finalOutput).toBe(ANSWER);
    } else expect((await runner.run(agent, TASK)).finalOutput).toBe(ANSWER);
    expect(notes.calls.toSorted()).toEqual(CALLS.toSorted());
  });
});

// Its packages are installed once, which takes some seconds.
describe('the openai package of PyPI', { timeout: 180_000 }, () => {
  test('runs the tools of a chat and of responses', async () => {
    const python = join(
      await pythonEnvironment('openai-client', 'tests/contract/openai/python/requirements.txt'),
      'python',
    );
    const script = join(projectRoot, 'tests/contract/openai/python/three_tools.py');
    const env = { ...process.env, OPENAI_BASE_URL: `${platform.url}/v1`, OPENAI_API_KEY: platform.api.apiKey };
    const tools = names.map((name) => [name, threeTools[name].description, schemaOf(name)]);
    const { stdout } = await promisify(execFile)(python, [script, TASK, JSON.stringify(tools)], { env });
    const told = { answer: ANSWER, calls: CALLS };
    expect(JSON.parse(stdout)).toEqual({ chat: told, streamed_chat: told, responses: told, streamed_responses: told });
  });
});
