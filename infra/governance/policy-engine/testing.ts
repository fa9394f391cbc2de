/** A test engine whose answers the test chooses, over real HTTP. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that the engine received. */
export interface Asked {
  readonly headers: IncomingMessage['headers'];
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly body: unknown;
}

/** A running test engine. */
export interface TestEngine {
  /** URL of the decision. */
  readonly url: string;
  /** Requests for a decision, in order. */
  readonly asked: Asked[];
  /** Answers the next requests. */
  answer: (response: ServerResponse) => void;
  close(): Promise<void>;
}

/** Returns an answer with a JSON body. */
export const json =
  (body: unknown, status = 200) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

/** Starts a test engine. */
export async function startTestEngine(): Promise<TestEngine> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const pieces = await request.toArray();
    const { headers, method, url: path } = request;
    if (path === '/health' || method === 'HEAD') return void response.writeHead(200).end('{}');
    asked.push({ headers, method, path, body: JSON.parse(Buffer.concat(pieces).toString('utf8')) });
    engine.answer(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const engine: TestEngine = {
    url: `http://127.0.0.1:${port}/v1/data/khipu/decision`,
    asked,
    answer: json({ result: true }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return engine;
}
