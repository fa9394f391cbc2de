import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEgress, type Egress, type EgressRequest, type EgressSettings } from './broker.ts';
import { privateHostsOf } from './private-hosts.ts';
import type { EgressRecord } from './record.ts';

/** A request that arrived at a server of a test. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface TestServer {
  readonly port: number;
  readonly seen: Seen[];
  /** Replaces what the server answers. */
  answer(with_: RequestListener): void;
  close(): Promise<void>;
}

const hello: RequestListener = (_request, response) => void response.end('hello');

/** Starts a server on 127.0.0.1; with a certificate it speaks TLS. */
export async function startServer(
  tls: { readonly key: string; readonly cert: string } | null = null,
): Promise<TestServer> {
  const seen: Seen[] = [];
  let current = hello;
  const listener: RequestListener = async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { method = '', url: path = '', headers } = request;
    seen.push({ method, path, headers, body: Buffer.concat(parts).toString() });
    current(request, response);
  };
  const listen = (request: Parameters<RequestListener>[0], response: Parameters<RequestListener>[1]): void =>
    void Promise.resolve(listener(request, response)).catch(() => response.destroy());
  const server: Server = tls === null ? createServer(listen) : createSecureServer(tls, listen);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    ...{ port: (server.address() as AddressInfo).port, seen },
    answer(with_) {
      current = with_;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** Returns a key, and a certificate of its own for a name, made for one run. */
export function certificateFor(name: string): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'egress-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
        ...['-keyout', key, '-out', cert, '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`],
      ],
      { stdio: 'ignore' },
    );
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface TestEgress extends Egress {
  readonly records: EgressRecord[];
  /** Names that were resolved, in order. */
  readonly resolved: string[];
  /** Sends a request and resolves with its status and its body as text. */
  ask(
    request: Partial<EgressRequest> & { readonly url: string },
  ): Promise<{ readonly status: number; readonly text: string }>;
}

/** Returns a broker whose names are resolved by `addresses`; a list of lists is one answer after the other. */
export function testEgress(
  settings: Partial<EgressSettings> & Pick<EgressSettings, 'allow'>,
  addresses: Readonly<Record<string, readonly (string | readonly string[])[]>> = {},
): TestEgress {
  const records: EgressRecord[] = [];
  const resolved: string[] = [];
  const egress = createEgress({
    allowPrivate: privateHostsOf('127.0.0.1') ?? undefined,
    secrets: { resolve: async (reference) => (reference.from === 'environment' ? `secret-of-${reference.name}` : '') },
    onRequest: (record) => void records.push(record),
    resolve: async (host) => {
      const answers = addresses[host];
      if (answers === undefined) throw new Error(`ENOTFOUND ${host}`);
      const times = resolved.filter((each) => each === host).length;
      resolved.push(host);
      const answer = answers[Math.min(times, answers.length - 1)] ?? [];
      return typeof answer === 'string' ? [answer] : answer;
    },
    connectMs: 2_000,
    ...settings,
  } as EgressSettings);
  return {
    ...{ ...egress, records, resolved },
    async ask(request) {
      const answer = await egress.fetch({ callId: 'call-1', method: 'GET', timeoutMs: 10_000, ...request });
      return { status: answer.status, text: (await answer.bytes()).toString() };
    },
  };
}
