import type { Server, ServerOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Logger } from '../../infra/kit/logger.ts';
import { liveContext } from '../../infra/tls/live-context.ts';
import type { TlsFiles } from '../../infra/tls/tls-files.ts';

/** Pause between two looks at the files. */
const LOOK_MS = 1_000;

/** Returns the options of an https server with these files; with `ca` it asks clients for a certificate. */
export const serverOptions = (files: TlsFiles): ServerOptions => ({
  ...liveContext(files).material(),
  requestCert: files.ca !== null,
  // A client without a certificate is served: `refuseStrangers` ends the others.
  rejectUnauthorized: false,
});

/** Ends the connection of each client that shows a certificate that no authority of `ca` has signed, or an expired one. */
function refuseStrangers(server: Server, logger: Logger): void {
  server.on('secureConnection', (socket: TLSSocket) => {
    if (socket.authorized || Object.keys(socket.getPeerCertificate()).length === 0) return;
    logger.info({ code: 'CLIENT_CERTIFICATE_REFUSED', detail: String(socket.authorizationError) }, 'client refused');
    socket.destroy();
  });
}

/**
 * Keeps the certificate of a server up to date: new connections get the certificate that the files have now, open ones go
 * on. Returns the function that ends it.
 */
export function keepCertificate(server: Server, files: TlsFiles, logger: Logger): () => void {
  const context = liveContext(files);
  if (files.ca !== null) refuseStrangers(server, logger);
  let problem: string | null = null;
  const timer = setInterval(() => {
    if (context.refresh()) {
      server.setSecureContext(context.material());
      logger.info(
        { expiresAt: new Date(context.validity?.endsAt ?? 0).toISOString() },
        'the certificate was read again',
      );
    }
    if (context.problem !== null && context.problem !== problem)
      logger.error({ code: 'CERTIFICATE_UNUSABLE', detail: context.problem }, 'the old certificate stays in use');
    problem = context.problem;
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
