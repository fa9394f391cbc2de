import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  ...{ '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' },
};

/** The policy under which the gateway serves the console: a page that needs more fails here too. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** An answer of the console API. */
export interface Answered {
  readonly status?: number;
  readonly body?: unknown;
}

/** A request that the page sent. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly csrf: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly ifMatch: string | undefined;
}

/** Answers by `METHOD /path`, below `/console/api`; a query is not part of it. */
export type Answers = Readonly<Record<string, Answered | ((seen: Seen) => Answered)>>;

/** A server of the built console that answers from recorded answers. */
export interface ConsoleServer {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** Replaces answers, until the next call. */
  answer(answers: Answers): void;
  /** Sends events to every open stream. */
  emit(events: readonly { readonly event: string; readonly data: object }[]): void;
  /** Ends every open stream. */
  cut(): void;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? undefined : JSON.parse(text);
}

const problem = (status: number, code: string): Answered => ({
  status,
  body: {
    type: 'about:blank',
    title: code,
    status,
    detail: 'no recorded answer',
    instance: '/',
    code,
    request_id: 'r-1',
  },
});

/** Paths of streams: of the turns of the tenant, and of one subject. */
const STREAMS = /^\/v1\/turns$|\/events$/;

/** Starts a server of the console in `folder` whose API gives the recorded answers. */
export async function startConsoleServer(folder: string, recorded: Answers): Promise<ConsoleServer> {
  const seen: Seen[] = [];
  const streams = new Set<ServerResponse>();
  let answers: Answers = recorded;

  const file = (path: string, response: ServerResponse): void => {
    // A name in an address, such as that of a template, may have a dot.
    const name = extname(path) in TYPES ? path.slice('/console/'.length) : 'index.html';
    try {
      const content = readFileSync(join(folder, name));
      response
        .writeHead(200, { 'content-type': TYPES[extname(name)] ?? '', 'content-security-policy': POLICY })
        .end(content);
    } catch {
      response.writeHead(404).end();
    }
  };

  const stream = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 1000\n\n');
    streams.add(response);
    response.once('close', () => streams.delete(response));
  };

  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://localhost');
    if (!pathname.startsWith('/console/api/')) return file(pathname, response);
    const path = pathname.slice('/console/api'.length);
    const body = await bodyOf(request);
    const header = (name: string): string | undefined => {
      const value = request.headers[name];
      return typeof value === 'string' ? value : undefined;
    };
    const one: Seen = {
      ...{ method: request.method ?? 'GET', path, query, body, csrf: header('x-khipu-csrf') },
      ...{ idempotencyKey: header('idempotency-key'), ifMatch: header('if-match') },
    };
    seen.push(one);
    const found = answers[`${one.method} ${path}`];
    if (STREAMS.test(path) && found === undefined) return stream(response);
    const { status = 200, body: answer } =
      found === undefined ? problem(404, 'ROUTE_UNKNOWN') : typeof found === 'function' ? found(one) : found;
    const type = status >= 400 ? 'application/problem+json' : 'application/json';
    response.writeHead(status, { 'content-type': type }).end(answer === undefined ? undefined : JSON.stringify(answer));
  };

  const server = createServer((request, response) => {
    take(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    answer: (over) => {
      answers = { ...recorded, ...over };
    },
    emit: (events) => {
      const frames = events
        .map(({ event, data }) => `id: 1\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
        .join('');
      for (const response of streams) response.write(frames);
    },
    cut: () => {
      for (const response of streams) response.destroy();
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
