/** An engine that answers as a test says, over real HTTP. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly headers: IncomingMessage['headers'];
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly body: unknown;
}

export interface TestEngine {
  /** Of the decision. */
  readonly url: string;
  /** Requests for a decision, in order. */
  readonly asked: Asked[];
  /** How the next ones are answered. */
  answer: (response: ServerResponse) => void;
  close(): Promise<void>;
}

export const json =
  (body: unknown, status = 200) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

export async function startTestEngine(): Promise<TestEngine> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const pieces = await request.toArray();
    const { headers, method, url: path } = request;
    if (path === '/health') return void response.writeHead(200).end('{}');
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
