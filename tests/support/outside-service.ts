/** A service outside the platform that tools call, for tests: it counts the effects of payments by their idempotency key. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { signedManifest } from '../../infra/bin/tools/sign.ts';
import { keyFiles } from '../../infra/security/key-paths.ts';

export interface OutsideService {
  /** Such as `127.0.0.1:4711`. */
  readonly host: string;
  /** Payments that took effect, by their idempotency key; the number says how often. */
  readonly payments: ReadonlyMap<string, number>;
  /** Method and path of each request, in order. */
  readonly requests: readonly string[];
  /** Headers of the latest request. */
  readonly headers: () => IncomingMessage['headers'];
  /** Holds the answers of payments until it is called again with false. */
  hold(isHeld: boolean): void;
  /** Answers the next requests with a status instead. */
  failNext(status: number, times: number): void;
  close(): Promise<void>;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Starts the service on a free port of this host. */
export async function startOutsideService(): Promise<OutsideService> {
  const payments = new Map<string, number>();
  const requests: string[] = [];
  let latest: IncomingMessage['headers'] = {};
  let held = Promise.withResolvers<void>();
  held.resolve();
  const failures: number[] = [];
  const answer = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const server = createServer((request, response) => {
    void serve(request, response);
  });
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    requests.push(`${method} ${url}`);
    latest = headers;
    const key = String(headers['idempotency-key'] ?? '');
    const body = await textOf(request);
    const failing = failures.shift();
    if (failing !== undefined) return answer(response, failing, { error: 'failing' });
    const { pathname, searchParams } = new URL(url, 'http://outside');
    if (method === 'POST' && pathname === '/payments') {
      payments.set(key, (payments.get(key) ?? 0) + 1);
      await held.promise;
      return answer(response, 201, { paid: (JSON.parse(body) as { amount: number }).amount });
    }
    if (method === 'GET' && pathname.startsWith('/payments/')) {
      const found = payments.has(decodeURIComponent(pathname.slice('/payments/'.length)));
      return answer(response, found ? 200 : 404, {});
    }
    if (pathname === '/weather') return answer(response, 200, { city: searchParams.get('city'), celsius: 14 });
    if (pathname === '/archive') return answer(response, 200, archiveOf(Number(searchParams.get('lines'))));
    if (pathname === '/odd') return answer(response, 200, 'no object');
    return answer(response, 404, {});
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    payments,
    requests,
    headers: () => latest,
    hold(isHeld) {
      if (isHeld) held = Promise.withResolvers<void>();
      else held.resolve();
    },
    failNext: (status, times) => void failures.push(...Array.from({ length: times }, () => status)),
    close: () =>
      new Promise((resolve) => {
        held.resolve();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Returns an answer with some 50 bytes a line. */
export const archiveOf = (lines: number) => ({
  lines: Array.from({ length: lines }, (_, n) => `line ${n} of a long archive of knots, with a café`),
});

const openapi = (host: string) => ({
  ...{ openapi: '3.1.0', info: { title: 'Outside', version: '1' }, servers: [{ url: `http://${host}` }] },
  paths: {
    '/weather': { get: { operationId: 'getWeather', parameters: [{ name: 'city', in: 'query', required: true }] } },
    '/archive': { get: { operationId: 'getArchive', parameters: [{ name: 'lines', in: 'query', required: true }] } },
    '/odd': { get: { operationId: 'getOdd' } },
    '/payments': { post: { operationId: 'pay', requestBody: { content: { 'application/json': {} } } } },
    '/payments/{idempotency_key}': {
      get: {
        operationId: 'getPayment',
        parameters: [{ name: 'idempotency_key', in: 'path', required: true }],
      },
    },
  },
});

const object = (properties: object, required: readonly string[]) => ({
  ...{ type: 'object', properties, required, additionalProperties: false },
});

/** Returns the manifest of a read of the service. */
export const weatherManifest = ({ host }: Pick<OutsideService, 'host'>, changes: object = {}) => ({
  ...{ name: 'weather', version: '1.0.0', description: 'The temperature of a city now', adapter: 'declared' },
  ...{ tier: 'declared', effect: 'read', input_schema: object({ city: { type: 'string' } }, ['city']) },
  output_schema: object({ city: { type: 'string' }, celsius: { type: 'number' } }, ['celsius']),
  hosts: [{ host, methods: ['GET'], scheme: 'http' }],
  limits: { timeout_ms: 5_000 },
  config: { operation: 'getWeather', openapi: openapi(host) },
  ...changes,
});

/** Returns the manifest of a read whose answer has as many lines as its caller wants, up to 1 MB. */
export const archiveManifest = ({ host }: Pick<OutsideService, 'host'>, changes: object = {}) => ({
  ...{ name: 'archive', version: '1.0.0', description: 'Lines of an archive', adapter: 'declared', tier: 'declared' },
  ...{ effect: 'read', input_schema: object({ lines: { type: 'integer', maximum: 40_000 } }, ['lines']) },
  output_schema: object({ lines: { type: 'array', items: { type: 'string' } } }, ['lines']),
  hosts: [{ host, methods: ['GET'], scheme: 'http' }],
  limits: { timeout_ms: 5_000, max_response_bytes: 1_000_000 },
  config: { operation: 'getArchive', openapi: openapi(host) },
  ...changes,
});

/** Returns the manifest of an irreversible payment. */
export const paymentManifest = ({ host }: Pick<OutsideService, 'host'>, changes: object = {}) => ({
  ...{ name: 'payment', version: '1.0.0', description: 'Pay an amount', adapter: 'declared' },
  ...{ tier: 'declared', effect: 'irreversible', input_schema: object({ amount: { type: 'number' } }, ['amount']) },
  output_schema: object({ paid: { type: 'number' } }, ['paid']),
  hosts: [{ host, methods: ['GET', 'POST'], scheme: 'http' }],
  limits: { timeout_ms: 20_000 },
  config: { operation: 'pay', openapi: openapi(host) },
  ...changes,
});

/** Returns the body of a definition, signed with the key of a folder of keys. */
export const signedTool = (manifest: object, keysDir: string) =>
  signedManifest(manifest, join(keysDir, keyFiles.constitution));
