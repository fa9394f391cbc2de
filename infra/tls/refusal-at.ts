import { connect } from 'node:tls';
import { connectionOptions } from './live-context.ts';
import { type TlsFailure, tlsFailureOf } from './tls-failure.ts';
import type { TlsFiles } from './tls-files.ts';

/**
 * Returns why a server refuses a connection over TLS with these files; null when it does not, or says nothing within
 * `waitMs`. It sends nothing after the handshake: a client that does may be reset before it has read the alert with the
 * reason, because in TLS 1.3 the server checks a client only then. For servers that begin with TLS and wait for a request.
 */
export function tlsRefusalAt(
  files: TlsFiles,
  { host, port }: { readonly host: string; readonly port: number },
  waitMs: number,
): Promise<TlsFailure | null> {
  return new Promise((resolve) => {
    try {
      const socket = connect({ ...connectionOptions(files, host), port });
      const end = (found: TlsFailure | null): void => {
        clearTimeout(timer);
        socket.destroy();
        resolve(found);
      };
      const timer = setTimeout(() => end(null), waitMs);
      socket.once('error', (error) => end(tlsFailureOf(error)));
      socket.once('close', () => end(null));
    } catch {
      resolve(null);
    }
  });
}
