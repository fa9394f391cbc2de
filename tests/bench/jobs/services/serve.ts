import { createServer } from 'node:http';
import { PORT } from '../system.ts';

/** What a peer's process does for the load generator. */
export interface PeerService {
  /** Runs a job of three steps; resolves with the time at which the first began. */
  readonly three: () => Promise<number>;
  readonly insert: (count: number) => Promise<void>;
  readonly ended: () => number;
}

/** Serves a peer over HTTP, which every measured system has between the caller and itself. */
export function servePeer({ three, insert, ended }: PeerService): void {
  const answer = async (path: string, query: URLSearchParams): Promise<unknown> => {
    if (path === '/three') return { first_step_ms: await three() };
    if (path === '/ended') return { ended: ended() };
    if (path !== '/insert') return { ok: true };
    await insert(Number(query.get('count')));
    return { ok: true };
  };
  createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    answer(pathname, searchParams).then(
      (body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }).listen(Number(process.env[PORT]), '127.0.0.1');
}
