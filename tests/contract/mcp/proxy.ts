/** Adds credentials to requests: the conformance package sends none of its own. Host and Origin pass as they came. */
import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Starts a proxy to a gateway on this host. */
export async function startProxy(target: string, token: string): Promise<{ readonly url: string; close(): void }> {
  const { hostname, port } = new URL(target);
  const server = createServer((request, response) => {
    const headers = { ...request.headers, authorization: `Bearer ${token}` };
    const sent = ask({ hostname, port, path: request.url, method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    sent.on('error', () => response.destroy());
    request.pipe(sent);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
