import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { codeOf, messageOf } from '../kafka/errors.ts';
import type { Held } from '../kafka/runner/held.ts';

export type HealthCheck = () => Promise<{ readonly ok: boolean; readonly detail: string }>;

export interface AdminServer {
  readonly port: number;
  close(): Promise<void>;
}

export interface AdminOptions {
  /** 0 takes a free port. */
  readonly port: number;
  readonly host?: string;
  readonly role: string;
  readonly checks: Readonly<Record<string, HealthCheck>>;
  readonly register: Registry;
  /** Records that a processor sits on for too long. While there is one the role is not live. */
  readonly stuck?: () => readonly Held[];
  /** Further read-only pages, by path; each answers JSON. One that throws an error with a `status` answers with it and its code. */
  readonly pages?: Readonly<Record<string, (query: URLSearchParams) => Promise<unknown>>>;
}

/** A part that does not answer within this time is not healthy. */
const CHECK_TIMEOUT_MS = 2_000;

/** Runs every check side by side; one that throws or is too slow counts as not healthy, with why. */
export async function runChecks(
  checks: Readonly<Record<string, HealthCheck>>,
): Promise<{ ok: boolean; parts: Record<string, { ok: boolean; detail: string }> }> {
  const entries = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<{ ok: boolean; detail: string }>((resolve) => {
        timer = setTimeout(
          () => resolve({ ok: false, detail: `no answer in ${CHECK_TIMEOUT_MS} ms` }),
          CHECK_TIMEOUT_MS,
        );
      });
      const answer = await Promise.race([check(), late]).catch((error: unknown) => ({
        ok: false,
        detail: messageOf(error),
      }));
      clearTimeout(timer);
      return [name, answer] as const;
    }),
  );
  return { ok: entries.every(([, { ok }]) => ok), parts: Object.fromEntries(entries) };
}

const send = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
};

/** Health and metrics of one role, on a port of its own: `/health/live`, `/health/ready`, `/metrics`. */
export async function startAdminServer(options: AdminOptions): Promise<AdminServer> {
  const answer = async (url: URL, response: ServerResponse): Promise<void> => {
    if (url.pathname === '/health/live') {
      const stuck = options.stuck?.() ?? [];
      const { role } = options;
      if (stuck.length === 0) return send(response, 200, { ok: true, role });
      return send(response, 503, { ok: false, role, code: 'PROCESSOR_STUCK', stuck });
    }
    if (url.pathname === '/health/ready') {
      const health = await runChecks(options.checks);
      return send(response, health.ok ? 200 : 503, { role: options.role, ...health });
    }
    if (url.pathname === '/metrics') {
      response.writeHead(200, { 'content-type': options.register.contentType });
      response.end(await options.register.metrics());
      return;
    }
    const page = options.pages?.[url.pathname];
    if (page === undefined) return send(response, 404, { code: 'ROUTE_UNKNOWN' });
    return send(response, 200, await page(url.searchParams));
  };
  const server = createServer((request, response) => {
    answer(new URL(request.url ?? '/', 'http://admin'), response).catch((error: unknown) => {
      const { status } = error as { status?: unknown };
      send(response, typeof status === 'number' ? status : 500, { code: codeOf(error), detail: messageOf(error) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host ?? '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
