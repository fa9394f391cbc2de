import type { IncomingMessage } from 'node:http';
import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import { traceparentOf } from './trace.ts';

/** Query fields that are credentials: a stream ticket, and the answer of an identity provider to a sign-in. */
const SECRET_FIELDS = ['ticket', 'code', 'state'];

/** Returns the URL of a request for the log: without its credentials. */
function loggedUrl(url: string): string {
  const end = url.indexOf('?');
  const fields = new URLSearchParams(end < 0 ? '' : url.slice(end));
  const secret = SECRET_FIELDS.filter((name) => fields.has(name));
  if (secret.length === 0) return url;
  for (const name of secret) fields.set(name, 'redacted');
  return `${url.slice(0, end)}?${fields}`;
}

const serializers = {
  req: ({ method, url, host, ip }: FastifyRequest) => ({ method, url: loggedUrl(url), host, remoteAddress: ip }),
};

/**
 * The logger of one request. Creates pino's child logger on its first line, which few requests write: creating a child per
 * request costs more than routing it.
 */
class RequestLogger {
  readonly #parent: FastifyBaseLogger;
  readonly #bindings: object;
  readonly #request: IncomingMessage;
  #own: FastifyBaseLogger | undefined;

  constructor(parent: FastifyBaseLogger, bindings: object, request: IncomingMessage) {
    this.#parent = parent;
    this.#bindings = bindings;
    this.#request = request;
  }

  get level(): string {
    return this.#parent.level;
  }

  child(bindings: object): FastifyBaseLogger {
    return this.#log.child(bindings);
  }
  fatal(...args: unknown[]): void {
    this.#write('fatal', args);
  }
  error(...args: unknown[]): void {
    this.#write('error', args);
  }
  warn(...args: unknown[]): void {
    this.#write('warn', args);
  }
  info(...args: unknown[]): void {
    this.#write('info', args);
  }
  debug(...args: unknown[]): void {
    this.#write('debug', args);
  }
  trace(...args: unknown[]): void {
    this.#write('trace', args);
  }

  get #log(): FastifyBaseLogger {
    this.#own ??= this.#parent.child({ ...this.#bindings, trace_id: traceIdOf(this.#request) }, { serializers });
    return this.#own;
  }

  #write(level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace', args: unknown[]): void {
    const log = this.#log;
    (log[level] as (...args: unknown[]) => void).apply(log, args);
  }
}

const traceIdOf = (request: IncomingMessage): string => traceparentOf(request).split('-')[1] ?? '';

/** Returns the logger of a request, whose lines have the id of its trace: Fastify's `childLoggerFactory`. */
export const requestLogger = (
  parent: FastifyBaseLogger,
  bindings: object,
  _options: unknown,
  request: IncomingMessage,
): FastifyBaseLogger => new RequestLogger(parent, bindings, request) as unknown as FastifyBaseLogger;
