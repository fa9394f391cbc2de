import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy in front of a gateway, as a bad network: it cuts each stream of events after a while. */
export interface CuttingProxy {
  readonly url: string;
  /** Streams that were cut so far. */
  readonly cuts: number;
  close(): Promise<void>;
}

/** Starts a proxy on a free local port. It cuts streams `afterMs` after they begin, and passes everything else on. */
export async function startCuttingProxy(target: string, afterMs: number): Promise<CuttingProxy> {
  let cuts = 0;
  const server = createServer((asked, answer) => {
    const { method, headers, url = '' } = asked;
    const onward = request(new URL(url, target), { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
      response.on('error', () => answer.destroy());
      if (response.headers['content-type']?.startsWith('text/event-stream') !== true) return;
      const cut = setTimeout(() => {
        cuts += 1;
        answer.destroy();
      }, afterMs);
      response.once('close', () => clearTimeout(cut));
    });
    onward.on('error', () => answer.destroy());
    answer.once('close', () => onward.destroy());
    asked.pipe(onward);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get cuts() {
      return cuts;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
