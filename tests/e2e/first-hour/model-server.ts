import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A running model server. */
export interface ModelServer {
  /** With its version, such as `http://127.0.0.1:8000/v1`. */
  readonly url: string;
  /** Models that completions were requested of. */
  readonly asked: readonly string[];
  close(): void;
}

const words = ['An answer', ' of a', ' model server.'];

/** Starts a server with only `POST /chat/completions` with streaming, as the page requires. */
export async function startModelServer(): Promise<ModelServer> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST' || !request.url?.endsWith('/chat/completions')) return response.writeHead(404).end();
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { model } = JSON.parse(body) as { model: string };
    asked.push(model);
    const chunk = (delta: object, finish: string | null, usage?: object): string =>
      `data: ${JSON.stringify({
        ...{ id: 'c', object: 'chat.completion.chunk', created: 1, model },
        choices: [{ index: 0, delta, finish_reason: finish }],
        ...(usage && { usage }),
      })}\n\n`;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const content of words) response.write(chunk({ content }, null));
    response.write(chunk({}, 'stop', { prompt_tokens: 9, completion_tokens: words.length, total_tokens: 12 }));
    return response.end('data: [DONE]\n\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
