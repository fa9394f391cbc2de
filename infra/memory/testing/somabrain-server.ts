/** A SomaBrain in memory, for tests of its client: it answers as the public reference of its REST interface says. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cosine, hashingEmbedder, vectorOf } from '../../../schemas/contexts/memory/vectors.ts';

export interface SomaBrainServer {
  readonly url: string;
  /** Path and headers of each request, in order. */
  readonly requests: readonly { readonly path: string; readonly headers: IncomingMessage['headers'] }[];
  /** Answers the next requests with a status, or never for 0. */
  failNext(status: number, times: number): void;
  close(): Promise<void>;
}

type Fields = Readonly<Record<string, unknown>>;

async function bodyOf(request: IncomingMessage): Promise<Fields> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString('utf8')) as Fields);
}

const vector = (text: unknown) => vectorOf(hashingEmbedder.embed(String(text)));

/** Starts it on a free port of this host. */
export async function startSomaBrainServer(): Promise<SomaBrainServer> {
  const kept = new Map<string, Fields[]>();
  const known = new Map<string, string>();
  const requests: { path: string; headers: IncomingMessage['headers'] }[] = [];
  const failures: number[] = [];

  function answerTo(path: string, body: Fields, key: string): readonly [number, object] {
    const namespace = String(body['universe'] ?? 'default');
    const head = { namespace, trace_id: 'trace' };
    const memories = kept.get(namespace) ?? [];
    const found = memories
      .map((payload) => ({ score: cosine(vector(body['query']), vector(payload['text'])), payload }))
      .sort((one, other) => other.score - one.score)
      .slice(0, Number(body['top_k'] ?? 10));
    switch (path) {
      case '/remember':
        if (!known.has(key)) kept.set(namespace, [...memories, (body['payload'] as Fields | undefined) ?? body]);
        known.set(key, namespace);
        return [200, { ok: true, success: true, ...head }];
      case '/recall':
        return [200, { wm: [], memory: found, ...head, results: [] }];
      case '/rag/retrieve':
        return [200, { candidates: found, ...head }];
      case '/link':
        return [200, { ok: true }];
      case '/persona/guide':
        return [200, { id: 'guide', display_name: null, properties: {}, fact: 'persona' }];
      case '/health':
        return [200, { ok: true }];
      default:
        return [404, { detail: 'Not Found' }];
    }
  }

  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const body = await bodyOf(request);
    requests.push({ path, headers: request.headers });
    const failing = failures.shift();
    if (failing === 0) return;
    const [status, json] =
      failing === undefined ? answerTo(path, body, String(request.headers['idempotency-key'])) : [failing, {}];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    failNext: (status, times) => void failures.push(...Array.from({ length: times }, () => status)),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
