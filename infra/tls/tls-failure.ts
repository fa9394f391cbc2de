import { messageOf } from '../kit/errors.ts';

/**
 * Why a connection over TLS failed. SERVER_UNTRUSTED: this side refuses the certificate of the server (an unknown authority,
 * another name, expired). CERTIFICATE_REFUSED: the server refuses that of this side, which is missing, expired or of an
 * unknown authority.
 */
export type TlsFailure = 'TLS_SERVER_UNTRUSTED' | 'TLS_CERTIFICATE_REFUSED';

// Codes and texts of Node's tls and of OpenSSL; drivers keep one or the other.
const UNTRUSTED =
  /UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)|SELF_SIGNED_CERT|CERT_(HAS_EXPIRED|NOT_YET_VALID|SIGNATURE_FAILURE|UNTRUSTED)|ERR_TLS_CERT_ALTNAME_INVALID|unable to (verify the first certificate|get (local )?issuer certificate)|self[- ]signed certificate|certificate has expired|certificate is not yet valid|Hostname\/IP does not match/;
// RFC 8446, section 6: alerts about the certificate that a client has sent, or has not. decrypt_error (51) is the answer to
// one that an authority of the same name with another key has signed, such as that of an earlier installation.
const REFUSED =
  /ERR_SSL_[\w/]*ALERT_(BAD_CERTIFICATE|CERTIFICATE_(REQUIRED|EXPIRED|REVOKED|UNKNOWN)|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE|ACCESS_DENIED|DECRYPT_ERROR)|alert (bad certificate|certificate (required|expired|revoked|unknown)|unsupported certificate|unknown ca|handshake failure|access denied|decrypt error)|alert number (40|42|43|44|45|46|48|49|51|116)/i;

interface Failure {
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** Returns why TLS failed, found in an error, its causes and the errors that it sums up; null for any other failure. */
export function tlsFailureOf(error: unknown, depth = 0): TlsFailure | null {
  if (!(error instanceof Object) || depth > 6) return null;
  const { code, cause, errors } = error as Failure;
  const text = `${typeof code === 'string' ? code : ''} ${messageOf(error)}`;
  if (REFUSED.test(text)) return 'TLS_CERTIFICATE_REFUSED';
  if (UNTRUSTED.test(text)) return 'TLS_SERVER_UNTRUSTED';
  for (const inner of [cause, ...(Array.isArray(errors) ? errors : [])]) {
    const found = tlsFailureOf(inner, depth + 1);
    if (found !== null) return found;
  }
  return null;
}
