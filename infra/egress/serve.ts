import { chmod, unlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Egress, EgressResponse } from './broker.ts';
import { egressErrorOf } from './error-of.ts';
import { type EgressCode, EgressError } from './errors.ts';

export interface EgressSocketSettings {
  readonly egress: Egress;
  /** Path of the Unix socket; at most 107 bytes. A socket that a dead process left there is replaced. */
  readonly path: string;
  /** The tool call whose sandbox has this socket. */
  readonly callId: string;
  /** Most requests on this socket; default: 1,000. */
  readonly requestsMax?: number;
  /** Longest time of one request, ms; default: that of the broker. */
  readonly timeoutMs?: number;
}

export interface EgressSocket {
  /** Ends connections and requests under way, and removes the socket. */
  close(): Promise<void>;
}

const REQUESTS_MAX = 1_000;
const CONNECTIONS_MAX = 16;
const HEADERS_TIMEOUT_MS = 10_000;
const OWNER_ONLY = 0o600;

const STATUS: Partial<Record<EgressCode, number>> = {
  EGRESS_REQUESTS_TOO_MANY: 429,
  EGRESS_REQUEST_TOO_LARGE: 413,
  EGRESS_URL_REFUSED: 400,
  EGRESS_HEADER_REFUSED: 400,
  EGRESS_TUNNEL_REFUSED: 405,
  EGRESS_TIMEOUT: 504,
  EGRESS_CONNECTION_FAILED: 502,
  EGRESS_CREDENTIAL_ECHOED: 502,
  EGRESS_CREDENTIAL_UNAVAILABLE: 502,
  EGRESS_ENCODING_REFUSED: 502,
  EGRESS_NAME_UNRESOLVED: 502,
  EGRESS_REDIRECT_REFUSED: 502,
  EGRESS_RESPONSE_INVALID: 502,
  EGRESS_RESPONSE_TOO_LARGE: 502,
  EGRESS_STOPPED: 502,
  EGRESS_UNRECORDED: 503,
};
/** Every other refusal. */
const FORBIDDEN = 403;

const problemOf = (error: EgressError): { readonly status: number; readonly text: string } => {
  const status = STATUS[error.code] ?? FORBIDDEN;
  return { status, text: JSON.stringify({ type: 'about:blank', status, code: error.code, detail: error.message }) };
};

function refuse(response: ServerResponse, error: EgressError): void {
  // The head is sent: only the end of the connection says that the body is not whole.
  if (response.headersSent) return void response.destroy();
  const { status, text } = problemOf(error);
  response.writeHead(status, { 'content-type': 'application/problem+json', connection: 'close' }).end(text);
}

function refuseTunnel(socket: Duplex): void {
  const { status, text } = problemOf(
    new EgressError(
      'EGRESS_TUNNEL_REFUSED',
      'send https URLs in absolute form instead of CONNECT: a tunnel cannot be checked',
    ),
  );
  socket.on('error', () => {});
  socket.end(
    `HTTP/1.1 ${status} Refused\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  );
}

/**
 * Serves a broker to one sandbox on a Unix socket, as a proxy of plain HTTP: a request has its whole URL in the first line
 * (RFC 9112, 3.2.2), also for https, so that the broker sees and checks all of it. CONNECT is refused. Refusals are
 * problem+json with the code of the broker. Redirects are returned: the sandbox asks again, and is checked again.
 */
export async function serveEgress(settings: EgressSocketSettings): Promise<EgressSocket> {
  const { egress, callId, timeoutMs, path, requestsMax = REQUESTS_MAX } = settings;
  let left = requestsMax;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      left -= 1;
      if (left < 0)
        throw new EgressError('EGRESS_REQUESTS_TOO_MANY', `the call has made ${requestsMax} requests already`);
      const { status, headers, body } = await egress.fetch({
        ...{ callId, method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: request },
        ...{ redirect: 'return', signal: gone.signal, ...(timeoutMs !== undefined && { timeoutMs }) },
      });
      response.writeHead(status, headersOut(headers));
      await pipeline(body, response);
    } catch (error) {
      refuse(response, egressErrorOf(error));
    }
  };
  const server = createServer(
    { requireHostHeader: false, maxHeaderSize: 16 * 1024, headersTimeout: HEADERS_TIMEOUT_MS },
    (...both) => void answer(...both),
  );
  server.maxConnections = CONNECTIONS_MAX;
  server.on('connect', (_request, socket: Duplex) => refuseTunnel(socket));
  server.on('upgrade', (_request, socket: Duplex) => refuseTunnel(socket));
  await unlink(path).catch(() => {});
  await new Promise<void>((listening, failed) => server.once('error', failed).listen(path, listening));
  await chmod(path, OWNER_ONLY);
  return {
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

const headersOut = (headers: EgressResponse['headers']): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
