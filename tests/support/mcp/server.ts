/**
 * An MCP server of the official SDK, in a process of its own: `node server.ts modern` serves 2026-07-28 and 2025-11-25 without
 * sessions, `node server.ts legacy` is one of the SDK before it, with sessions. It prints its port. `POST /control` sets how it
 * behaves from then on: `{"description": …}` is a rug pull.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { McpServer as OldServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler, inputRequired, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

const control = { description: 'Adds two numbers', calls: 0, authorization: '', hang: false };
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const add = { a: z.number(), b: z.number() };
const sum = ({ a, b }: { a: number; b: number }) => {
  control.calls += 1;
  const structuredContent = { sum: a + b };
  return { content: [{ type: 'text' as const, text: JSON.stringify(structuredContent) }], structuredContent };
};
const greet = ({ name }: { name: string }) => ({ content: [{ type: 'text' as const, text: `Hello, ${name}` }] });
const fail = () => ({ content: [{ type: 'text' as const, text: 'the\u0007disk is full' }], isError: true });
const picture = () => ({ content: [{ type: 'image' as const, data: PIXEL, mimeType: 'image/png' }] });

function modernServer(): McpServer {
  const server = new McpServer({ name: 'fixture', version: '3.1.4' });
  const described = { description: control.description, annotations: { readOnlyHint: true } };
  server.registerTool(
    'add',
    { ...described, inputSchema: z.object(add), outputSchema: z.object({ sum: z.number() }) },
    sum,
  );
  server.registerTool('Greet.Someone', { description: 'Greets', inputSchema: z.object({ name: z.string() }) }, greet);
  server.registerTool('fail', { description: 'Fails' }, fail);
  server.registerTool('picture', { description: 'Shows a pixel' }, picture);
  server.registerTool('ask', { description: 'Asks a person' }, () =>
    inputRequired({
      inputRequests: {
        name: inputRequired.elicit({
          message: 'Who?',
          requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
        }),
      },
    }),
  );
  return server;
}

function oldServer(): OldServer {
  const server = new OldServer({ name: 'fixture', version: '1.0.0' });
  const described = { description: control.description, annotations: { readOnlyHint: true } };
  server.registerTool('add', { ...described, inputSchema: add, outputSchema: { sum: z.number() } }, sum as never);
  return server;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

const handler = createMcpHandler(modernServer);
const sessions = new Map<string, StreamableHTTPServerTransport>();

async function serveModern(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    for (const each of [value ?? []].flat()) headers.append(name, each);
  const { method = 'GET' } = request;
  const url = `http://${request.headers.host}${request.url}`;
  const answer = await handler.fetch(new Request(url, { method, headers, ...(method === 'POST' && { body }) }));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) response.end();
  else Readable.fromWeb(answer.body as never).pipe(response);
}

async function serveOld(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
  const id = request.headers['mcp-session-id'];
  let transport = typeof id === 'string' ? sessions.get(id) : undefined;
  if (transport === undefined) {
    transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (session) => void sessions.set(session, transport as StreamableHTTPServerTransport),
      onsessionclosed: (session) => void sessions.delete(session),
    });
    await oldServer().connect(transport as never);
  }
  await transport.handleRequest(request, response, body === '' ? undefined : JSON.parse(body));
}

const serve = process.argv[2] === 'legacy' ? serveOld : serveModern;

const server = createServer(async (request, response) => {
  const body = await bodyOf(request);
  if (request.url === '/control') {
    if (body !== '') Object.assign(control, JSON.parse(body));
    response.end(JSON.stringify({ ...control, sessions: sessions.size }));
    return;
  }
  if (request.url?.startsWith('/.well-known/') === true) {
    response.end(JSON.stringify({ resource: 'here', authorization_servers: ['https://login.example'] }));
    return;
  }
  if (control.hang) return;
  if (control.authorization !== '' && request.headers.authorization !== control.authorization) {
    response.writeHead(401).end();
    return;
  }
  await serve(request, response, body);
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
