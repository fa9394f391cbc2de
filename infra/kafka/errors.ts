import { codedError } from '../kit/coded-error.ts';

/** The runner's reaction to an error. Only this module assigns it. */
export type Disposition = 'retry' | 'dead-letter' | 'restart' | 'crash';

/** The codes of LogError and their dispositions. */
export const logErrorCodes = {
  /** Brokers do not answer. */
  LOG_UNAVAILABLE: 'retry',
  /** The appender already has its maximum of pending records. */
  LOG_OVERLOADED: 'retry',
  /** A newer owner holds the transactional id: this process must not write again. */
  FENCED: 'restart',
  /** A transaction failed or has an unknown outcome: rejoin, fence, and continue from the committed offsets. */
  TRANSACTION_FAILED: 'restart',
  /** A transaction is open for longer than any may last, and the group's offsets depend on it: an operator must end it. */
  TRANSACTION_HANGING: 'restart',
  /** Batches of a partition are not contiguous: records would be lost. */
  RECORD_GAP: 'restart',
  /** The record is larger than the broker accepts. */
  RECORD_TOO_LARGE: 'dead-letter',
  /** No ACL allows the request. */
  LOG_FORBIDDEN: 'crash',
  /** The broker rejects this login: the user or the password is wrong. */
  LOG_LOGIN_REFUSED: 'crash',
  /** The certificate of a broker is not of a trusted authority, names another host, or has expired. */
  LOG_SERVER_UNTRUSTED: 'restart',
  /** The broker refuses the certificate of this role: none, expired, or of an authority that it does not trust. */
  LOG_CERTIFICATE_REFUSED: 'restart',
  /** A bug in the client, or a broker with an incompatible protocol. */
  LOG_PROTOCOL: 'crash',
} as const satisfies Record<string, Disposition>;

export type LogErrorCode = keyof typeof logErrorCodes;

/** A failure of the log, with a stable code and its disposition. */
export class LogError extends codedError<LogErrorCode>('LogError') {
  get disposition(): Disposition {
    return logErrorCodes[this.code];
  }
}

/** Kafka protocol errors by our code, the most severe code first. */
const namesByCode: readonly (readonly [LogErrorCode, readonly string[]])[] = [
  ['FENCED', ['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'INVALID_PRODUCER_ID_MAPPING']],
  ['RECORD_TOO_LARGE', ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']],
  ['LOG_PROTOCOL', ['UNSUPPORTED_VERSION']],
  ['LOG_LOGIN_REFUSED', ['SASL_AUTHENTICATION_FAILED']],
  // Not names of the protocol: see `tlsFailureOf`.
  ['LOG_CERTIFICATE_REFUSED', ['TLS_CERTIFICATE_REFUSED']],
  ['LOG_SERVER_UNTRUSTED', ['TLS_SERVER_UNTRUSTED']],
  [
    'LOG_FORBIDDEN',
    [
      'TOPIC_AUTHORIZATION_FAILED',
      'GROUP_AUTHORIZATION_FAILED',
      'CLUSTER_AUTHORIZATION_FAILED',
      'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
    ],
  ],
];

/** Returns our most severe code for the protocol names that a failure carries; undefined when none has a code. */
export const codeOfBroker = (names: readonly (string | undefined)[]): LogErrorCode | undefined =>
  namesByCode.find(([, some]) => names.some((name) => name !== undefined && some.includes(name)))?.[0];

/** Returns true for a transient failure: the same request may be repeated. */
export const isRetryable = (error: unknown): boolean => error instanceof LogError && error.disposition === 'retry';
