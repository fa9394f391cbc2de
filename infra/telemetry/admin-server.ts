import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { codeOf, messageOf } from '../kit/errors.ts';
import { withTimeout } from '../kit/with-timeout.ts';
import type { InFlight } from '../runner/in-flight.ts';

/** Checks one part of a role. A rejection counts as not healthy. */
export type HealthCheck = () => Promise<{ readonly ok: boolean; readonly detail: string }>;

/** A running admin server. */
export interface AdminServer {
  readonly port: number;
  close(): Promise<void>;
}

/** The role of an admin server, and what it reports. */
export interface AdminOptions {
  /** 0 chooses a free port. */
  readonly port: number;
  readonly host?: string;
  readonly role: string;
  readonly checks: Readonly<Record<string, HealthCheck>>;
  readonly register: Registry;
  /** Returns records in flight for too long. While there is one, the role is not live. */
  readonly stuck?: () => readonly InFlight[];
  /**
   * Further read-only pages, by path; each answers JSON, to callers on this host alone: they show contents of records. An
   * error with a `status` is answered with that status and its code.
   */
  readonly pages?: Readonly<Record<string, (query: URLSearchParams) => Promise<unknown>>>;
}

/** A part that does not answer within this time is not healthy. */
const CHECK_TIMEOUT_MS = 2_000;
const noAnswer = (): Error => new Error(`no answer in ${CHECK_TIMEOUT_MS} ms`);

/** Runs all checks in parallel; one that throws or is too slow counts as not healthy, with the reason. */
export async function runChecks(
  checks: Readonly<Record<string, HealthCheck>>,
): Promise<{ ok: boolean; parts: Record<string, { ok: boolean; detail: string }> }> {
  const entries = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const answer = await withTimeout(CHECK_TIMEOUT_MS, check, noAnswer).catch((error: unknown) => ({
        ok: false,
        detail: messageOf(error),
      }));
      return [name, answer] as const;
    }),
  );
  return { ok: entries.every(([, { ok }]) => ok), parts: Object.fromEntries(entries) };
}

const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;

const send = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
};

/** Starts the server of one role's health and metrics, on its own port: `/health/live`, `/health/ready`, `/metrics`. */
export async function startAdminServer(options: AdminOptions): Promise<AdminServer> {
  const answer = async (url: URL, isLocal: boolean, response: ServerResponse): Promise<void> => {
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
    const page = isLocal ? options.pages?.[url.pathname] : undefined;
    if (page === undefined) return send(response, 404, { code: 'ROUTE_UNKNOWN' });
    return send(response, 200, await page(url.searchParams));
  };
  const server = createServer((request, response) => {
    const isLocal = LOOPBACK.test(request.socket.remoteAddress ?? '');
    answer(new URL(request.url ?? '/', 'http://admin'), isLocal, response).catch((error: unknown) => {
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
