import { request as requestPlain } from 'node:http';
import { Agent, type RequestOptions, request as requestTls } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { connectionOptions } from '../tls/live-context.ts';
import type { TlsFiles } from '../tls/tls-files.ts';
import { targetOf } from '../tls/tls-url.ts';

/** Connections of https requests that read the certificates for each new connection. */
class LiveAgent extends Agent {
  readonly #files: TlsFiles;

  constructor(files: TlsFiles) {
    // A resumed session would keep the identity of an older certificate.
    super({ keepAlive: true, maxCachedSessions: 0 });
    this.#files = files;
  }

  override createConnection(options: RequestOptions): Duplex {
    const host = String(options.host ?? 'localhost');
    return connect({ ...connectionOptions(this.#files, host), port: Number(options.port ?? 443) });
  }
}

const agents = new Map<string, LiveAgent>();

/** Returns the agent of a registry as an option; none for http. One per URL and process. */
export function registryAgent(url: string): { readonly agent?: Agent } {
  const { tls } = targetOf(url);
  if (tls === null) return {};
  const agent = agents.get(url) ?? new LiveAgent(tls);
  agents.set(url, agent);
  return { agent };
}

/** Sends a request to a path below the URL of a registry: GET, unless `more` says otherwise. Rejects after `timeoutMs`, and when there is no connection. */
export function registryRequest(
  url: string,
  path: string,
  timeoutMs: number,
  more: { readonly method?: string; readonly body?: string } = {},
): Promise<{ readonly status: number; readonly body: string }> {
  const base = targetOf(url).url;
  const send = base.startsWith('https:') ? requestTls : requestPlain;
  const { method = 'GET', body: sent } = more;
  const headers = sent === undefined ? {} : { 'content-type': 'application/json' };
  const options = { ...registryAgent(url), method, headers, signal: AbortSignal.timeout(timeoutMs) };
  return new Promise((resolve, reject) => {
    const request = send(`${base.replace(/\/+$/, '')}/${path}`, options, (response) => {
      response.setEncoding('utf8');
      let body = '';
      response.on('data', (text: string) => {
        body += text;
      });
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.once('error', reject);
    });
    request.once('error', reject);
    request.end(sent);
  });
}
