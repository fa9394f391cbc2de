/** What the runner does about an error. Decided here and nowhere else. */
export type Disposition = 'retry' | 'dead-letter' | 'restart' | 'crash';

export const logErrorCodes = {
  /** Brokers do not answer. */
  LOG_UNAVAILABLE: 'retry',
  /** Too many appends wait already. */
  LOG_OVERLOADED: 'retry',
  /** A newer owner holds the transactional id: this one must not write again. */
  FENCED: 'restart',
  /** A transaction ended in an unknown or failed state: rejoin, fence, and go on from what was committed. */
  TRANSACTION_FAILED: 'restart',
  /** Batches did not follow each other: records would be lost. */
  RECORD_GAP: 'restart',
  /** Record larger than the broker takes. */
  RECORD_TOO_LARGE: 'dead-letter',
  /** The broker does not know this login, or no ACL lets it do what it tried. */
  LOG_FORBIDDEN: 'crash',
  /** A client bug or a broker that speaks another protocol. */
  LOG_PROTOCOL: 'crash',
} as const satisfies Record<string, Disposition>;

export type LogErrorCode = keyof typeof logErrorCodes;

export class LogError extends Error {
  override readonly name = 'LogError';
  readonly code: LogErrorCode;
  constructor(code: LogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
  get disposition(): Disposition {
    return logErrorCodes[this.code];
  }
}

/** Names of errors in Kafka's protocol that have a code of ours, the gravest first. */
const namesByCode: readonly (readonly [LogErrorCode, readonly string[]])[] = [
  ['FENCED', ['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'INVALID_PRODUCER_ID_MAPPING']],
  ['RECORD_TOO_LARGE', ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']],
  ['LOG_PROTOCOL', ['UNSUPPORTED_VERSION']],
  [
    'LOG_FORBIDDEN',
    [
      'SASL_AUTHENTICATION_FAILED',
      'TOPIC_AUTHORIZATION_FAILED',
      'GROUP_AUTHORIZATION_FAILED',
      'CLUSTER_AUTHORIZATION_FAILED',
      'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
    ],
  ],
];

/** Our code of what a broker answered, of all the names that a failure carries; undefined when none of them has one. */
export const codeOfBroker = (names: readonly (string | undefined)[]): LogErrorCode | undefined =>
  namesByCode.find(([, some]) => names.some((name) => name !== undefined && some.includes(name)))?.[0];

/** It passes by itself: the same may be asked again. */
export const isRetryable = (error: unknown): boolean => error instanceof LogError && error.disposition === 'retry';

/** The stable code of any error; `UNEXPECTED` for one that has none. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'UNEXPECTED';
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
