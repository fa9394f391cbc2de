import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { collect } from '../../../infra/client/testing.ts';

/** The server of a page: its files, answers by path, and what the page reports. */
export interface PageServer {
  readonly origin: string;
  /** Resolves with the JSON that the page posts to `/report`. */
  readonly report: Promise<unknown>;
  close(): void;
}

const page = (script: string): string => `<!doctype html>
<script type="importmap">
{ "imports": {
  "khipu/client": "/node_modules/khipu/index.js",
  "openapi-fetch": "/node_modules/openapi-fetch/dist/index.mjs",
  "eventsource-parser": "/node_modules/eventsource-parser/dist/index.js"
} }
</script>
<script type="module">${script}</script>
`;

/** Serves the folder of an installed client, and `script` as a page. `answers` are JSON by path, computed for each request. */
export async function servePage(
  dir: () => string,
  script: () => string,
  answers: Readonly<Record<string, (query: URLSearchParams) => Promise<unknown>>>,
): Promise<PageServer> {
  let reported: (value: unknown) => void = () => undefined;
  const report = new Promise<unknown>((resolve) => {
    reported = resolve;
  });
  const server: Server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
    const send = (type: string, body: string): void => void response.writeHead(200, { 'content-type': type }).end(body);
    if (pathname === '/') return send('text/html', page(script()));
    if (pathname === '/report') {
      reported(JSON.parse(Buffer.concat(await collect(request as AsyncIterable<Buffer>)).toString()));
      return send('application/json', '{}');
    }
    const answer = answers[pathname];
    if (answer !== undefined) return send('application/json', JSON.stringify(await answer(searchParams)));
    const file = join(dir(), normalize(pathname));
    if (!existsSync(file)) return void response.writeHead(404).end();
    const text = readFileSync(file, 'utf8');
    send('text/javascript', file.endsWith('.ts') ? stripTypeScriptTypes(text) : text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    report,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
