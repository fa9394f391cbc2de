import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hashedEmbedding } from '../../../schemas/feature-hashing.ts';
import { deterministicWords } from '../deterministic/text.ts';
import type { SlmMessage } from '../provider.ts';
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

interface ChatRequest {
  readonly model: string;
  readonly messages: readonly SlmMessage[];
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
  send({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] });
  const words = deterministicWords(request.messages, request.seed, 16).slice(0, request.max_tokens);
  for (const [index, word] of words.entries()) {
    if (index === 2 && behaviour === 'hang-mid-stream') return;
    if (index === 2 && behaviour === 'cut-mid-stream') return void response.destroy();
    if (index === 2 && behaviour === 'end-early') return void response.end('data: [DONE]\n\n');
    send({ choices: [{ index: 0, delta: { content: index === 0 ? word : ` ${word}` }, finish_reason: null }] });
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const length = words.length === request.max_tokens ? 'length' : 'stop';
  const finishReason = behaviour === 'content-filter' ? 'content_filter' : length;
  send({ choices: [{ index: 0, delta: {}, finish_reason: finishReason }] });
  const { promptTokens } = countUsage(request.messages, '');
  const usage = { prompt_tokens: promptTokens, completion_tokens: words.length, total_tokens: 0 };
  if (behaviour !== 'no-usage') send({ choices: [], usage });
  response.end('data: [DONE]\n\n');
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
