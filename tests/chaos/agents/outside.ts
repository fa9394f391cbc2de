import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A payment that took effect. */
export interface Paid {
  /** Idempotency key of the call. The service does not look at it. */
  readonly key: string;
  readonly amount: number;
}

export interface Outside {
  /** Such as `127.0.0.1:4711`. */
  readonly host: string;
  /** Every payment, in order: the same key as often as it came. */
  readonly paid: readonly Paid[];
  /** Notices to approvers, each by its id; the number says how often it came. */
  readonly notices: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** Longest time between a payment and its answer: a worker often dies in it. */
const ANSWER_MS_MAX = 2_000;

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Starts a service outside the platform: it pays as often as it is asked, and takes notices to approvers. */
export async function startOutside(): Promise<Outside> {
  const paid: Paid[] = [];
  const notices = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown): unknown =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    try {
      const { method, url = '', headers } = request;
      const text = await textOf(request);
      if (url.startsWith('/weather')) return answer(200, { city: 'Cusco', celsius: 14 });
      if (method === 'POST' && url === '/payments') {
        const { amount } = JSON.parse(text) as { amount: number };
        paid.push({ key: String(headers['idempotency-key']), amount });
        await sleep((amount % 5) * (ANSWER_MS_MAX / 4));
        return answer(201, { paid: amount });
      }
      if (method === 'POST' && url === '/notices') {
        const id = String(headers['webhook-id']);
        notices.set(id, (notices.get(id) ?? 0) + 1);
        return answer(200, {});
      }
      return answer(404, {});
    } catch {
      return response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ host: `127.0.0.1:${port}`, paid, notices },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
