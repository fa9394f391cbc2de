import { codedError } from '../kit/coded-error.ts';

/** Codes of requests that the broker did not send, or whose response it did not pass on. */
export type EgressCode =
  | 'EGRESS_ADDRESS_REFUSED'
  | 'EGRESS_CONNECTION_FAILED'
  | 'EGRESS_CREDENTIAL_ECHOED'
  | 'EGRESS_CREDENTIAL_INSECURE'
  | 'EGRESS_CREDENTIAL_UNAVAILABLE'
  | 'EGRESS_ENCODING_REFUSED'
  | 'EGRESS_HEADER_REFUSED'
  | 'EGRESS_HOST_REFUSED'
  | 'EGRESS_METHOD_REFUSED'
  | 'EGRESS_NAME_UNRESOLVED'
  | 'EGRESS_REDIRECT_REFUSED'
  | 'EGRESS_REQUEST_TOO_LARGE'
  | 'EGRESS_REQUESTS_TOO_MANY'
  | 'EGRESS_RESPONSE_INVALID'
  | 'EGRESS_RESPONSE_TOO_LARGE'
  | 'EGRESS_STOPPED'
  | 'EGRESS_TIMEOUT'
  | 'EGRESS_TUNNEL_REFUSED'
  | 'EGRESS_UNRECORDED'
  | 'EGRESS_URL_REFUSED';

/** Codes that mean the other side or the network failed; every other code is a refusal of the broker. */
const FAILURES: ReadonlySet<string> = new Set<EgressCode>([
  'EGRESS_CONNECTION_FAILED',
  'EGRESS_NAME_UNRESOLVED',
  'EGRESS_RESPONSE_INVALID',
  'EGRESS_STOPPED',
  'EGRESS_TIMEOUT',
]);

/** A request that did not leave, or whose response was not passed on. The message has no path, header or body. */
export class EgressError extends codedError<EgressCode>('EgressError') {}

/** Reports whether an error with this code is a failure of the other side or of the network, not a refusal. */
export const isFailure = (code: EgressCode): boolean => FAILURES.has(code);
