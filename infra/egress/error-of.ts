import { codeOf, rootMessageOf } from '../kit/errors.ts';
import { EgressError } from './errors.ts';

const OF_TIME: ReadonlySet<string> = new Set([
  ...['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'],
]);
/** Codes of parsers of HTTP and of compressed bodies. */
const OF_RESPONSE = /^(?:HPE_|Z_|ERR_BROTLI|ERR__?ZLIB|ZSTD_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES)/;

/** Returns any error of a request as one of the broker; the message names no header and no body. */
export function egressErrorOf(error: unknown): EgressError {
  if (error instanceof EgressError) return error;
  if (error instanceof Error && error.cause instanceof EgressError) return error.cause;
  const code = codeOf(error);
  if (OF_TIME.has(code)) return new EgressError('EGRESS_TIMEOUT', 'the other side took too long', { cause: error });
  // undici gives some errors of its parser no code.
  if (OF_RESPONSE.test(code) || (error instanceof Error && error.name === 'HTTPParserError'))
    return new EgressError('EGRESS_RESPONSE_INVALID', 'the response cannot be read', { cause: error });
  return new EgressError('EGRESS_CONNECTION_FAILED', `the connection failed: ${rootMessageOf(error)}`, {
    cause: error,
  });
}

/** Settles as `work` does, or rejects with the reason of the signal when it is aborted first. */
export async function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const stopped = Promise.withResolvers<never>();
  const stop = (): void => stopped.reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, stopped.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
