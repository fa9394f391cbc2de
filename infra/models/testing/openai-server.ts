import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hashedEmbedding } from '../../../schemas/feature-hashing.ts';
import { readScript } from '../deterministic/script.ts';
import { deterministicWords } from '../deterministic/text.ts';
import { askedCalls } from '../deterministic/tool-calls.ts';
import type { SlmMessage, SlmToolCall } from '../provider.ts';
import { countTokens, countUsage } from '../token-count.ts';

/** The server's reaction to one request; `ok` after the end of the script. */
export type Behaviour =
  | 'ok'
  | 'hang'
  | 'hang-mid-stream'
  | 'cut-mid-stream'
  | 'end-early'
  | 'no-usage'
  | 'no-data'
  | 'no-json'
  | 'content-filter'
  | { readonly status: number; readonly code?: string; readonly headers?: Record<string, string> };

interface WireCall {
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: string };
}

interface ChatRequest {
  readonly model: string;
  readonly messages: readonly {
    readonly role: SlmMessage['role'];
    readonly content: string | null;
    readonly tool_calls?: readonly WireCall[];
    readonly tool_call_id?: string;
  }[];
  readonly tools?: readonly {
    readonly function: { readonly name: string; readonly description: string; readonly parameters: object };
  }[];
  readonly tool_choice?: 'auto' | 'none' | 'required' | { readonly function: { readonly name: string } };
  readonly max_tokens: number;
  readonly seed: number;
  readonly input: readonly string[];
  readonly response_format: object;
}

/** A running test server. */
export interface OpenAiTestServer {
  readonly baseUrl: string;
  /** Paths and bodies of all requests, in order. */
  readonly requests: { path: string; authorization: string | undefined; body: Partial<ChatRequest> }[];
  /** Returns the number of connections that the client closed before the answer was complete. */
  readonly aborted: () => number;
  script(...behaviours: Behaviour[]): void;
  /** Sets the status of `GET /models`; every other one than 200 has an HTML page as its body. */
  listModelsWith(status: number): void;
  close(): Promise<void>;
}

/** Starts a real HTTP server with the part of the OpenAI protocol that the adapter uses; it misbehaves on demand. */
export async function startOpenAiTestServer(): Promise<OpenAiTestServer> {
  const requests: OpenAiTestServer['requests'] = [];
  let script: Behaviour[] = [];
  let aborted = 0;
  let listStatus = 200;
  const server = createServer(async (request, response) => {
    response.on('close', () => {
      if (!response.writableEnded) aborted += 1;
    });
    const body = await readJson(request);
    const path = request.url ?? '';
    if (path === '/v1/models') {
      if (listStatus === 200) return answerJson(response, 200, { object: 'list', data: [] });
      response.writeHead(listStatus, { 'content-type': 'text/html' }).end('<!DOCTYPE HTML>');
      return;
    }
    requests.push({ path, authorization: request.headers.authorization, body });
    const behaviour = script.shift() ?? 'ok';
    if (behaviour === 'hang') return;
    if (typeof behaviour === 'object') {
      const error = { message: `scripted ${behaviour.status}`, code: behaviour.code ?? null };
      return answerJson(response, behaviour.status, { error }, behaviour.headers);
    }
    if (behaviour === 'no-data') return answerJson(response, 200, { object: 'list', model: 'tiny' });
    if (behaviour === 'no-json') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('<!DOCTYPE HTML>');
      return;
    }
    if (path === '/v1/embeddings') return answerJson(response, 200, embeddings(body as ChatRequest));
    await streamChat(response, body as ChatRequest, behaviour);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    aborted: () => aborted,
    script(...behaviours) {
      script = behaviours;
      requests.length = 0;
    },
    listModelsWith(status) {
      listStatus = status;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function streamChat(response: ServerResponse, request: ChatRequest, behaviour: Behaviour): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (chunk: object) =>
    response.write(`data: ${JSON.stringify({ object: 'chat.completion.chunk', model: request.model, ...chunk })}\n\n`);
  const sendDelta = (delta: object) => send({ choices: [{ index: 0, delta, finish_reason: null }] });
  sendDelta({ role: 'assistant', content: '' });
  const { words, calls, prompt } = answerOf(request);
  for (const [index, word] of words.entries()) {
    if (index === 2 && behaviour === 'hang-mid-stream') return;
    if (index === 2 && behaviour === 'cut-mid-stream') return void response.destroy();
    if (index === 2 && behaviour === 'end-early') return void response.end('data: [DONE]\n\n');
    sendDelta({ content: index === 0 ? word : ` ${word}` });
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  for (const delta of toolDeltas(calls)) sendDelta(delta);
  const length = words.length === request.max_tokens ? 'length' : 'stop';
  const finishReason = behaviour === 'content-filter' ? 'content_filter' : calls.length > 0 ? 'tool_calls' : length;
  send({ choices: [{ index: 0, delta: {}, finish_reason: finishReason }] });
  const counted = countUsage(prompt, words.join(' '), calls);
  const completion = calls.length > 0 ? counted.completionTokens : words.length;
  const usage = { prompt_tokens: counted.promptTokens, completion_tokens: completion, total_tokens: 0 };
  if (behaviour !== 'no-usage') send({ choices: [], usage });
  response.end('data: [DONE]\n\n');
}

/** Returns the words and calls of an answer: those of the deterministic model, scripts included. */
function answerOf(request: ChatRequest) {
  const given = request.messages.map(messageOf);
  const { messages, step } = readScript(given);
  const tools = request.tools?.map(({ function: tool }) => ({ ...tool, parameters: JSON.stringify(tool.parameters) }));
  const { seed, max_tokens: maxTokens, tool_choice: choice = 'auto' } = request;
  const toolChoice = typeof choice === 'string' ? choice : choice.function;
  const offered = tools === undefined ? {} : { tools, toolChoice };
  const call = { requestId: '', model: null, messages, maxTokens, temperature: 0, seed, ...offered };
  const calls = askedCalls(call, messages, step);
  const spoken = calls.length > 0 ? [] : deterministicWords(messages, seed, 16);
  const words = (step?.text?.split(' ') ?? spoken).slice(0, maxTokens);
  return { words, calls, prompt: { messages: given, tools } };
}

function messageOf({
  role,
  content,
  tool_calls: asked,
  tool_call_id: id,
}: ChatRequest['messages'][number]): SlmMessage {
  const text = content ?? '';
  if (role === 'tool') return { role, content: text, toolCallId: id ?? '' };
  if (role !== 'assistant' || asked === undefined) return { role, content: text };
  return { role, content: text, toolCalls: asked.map((call) => ({ id: call.id, ...call.function })) };
}

/** Returns the deltas of calls: index, id and name once, then the arguments in pieces of seven characters. */
function* toolDeltas(calls: readonly SlmToolCall[]): Generator<object> {
  for (const [index, { id, name, arguments: given }] of calls.entries()) {
    yield { tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] };
    for (const piece of given.match(/[\s\S]{1,7}/g) ?? [])
      yield { tool_calls: [{ index, function: { arguments: piece } }] };
  }
}

function embeddings({ model, input }: ChatRequest): object {
  const tokens = input.reduce((sum, text) => sum + countTokens(text), 0);
  const data = input.map((text, index) => ({ object: 'embedding', index, embedding: hashedEmbedding(text) }));
  return { object: 'list', model, data: data.toReversed(), usage: { prompt_tokens: tokens, total_tokens: tokens } };
}

async function readJson(request: IncomingMessage): Promise<Partial<ChatRequest>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  return text === '' ? {} : (JSON.parse(text) as Partial<ChatRequest>);
}

function answerJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
