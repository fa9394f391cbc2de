import { LogError, type LogErrorCode, messageOf } from '../errors.ts';

interface KafkaFailure {
  readonly name?: string;
  readonly type?: string;
  readonly cause?: unknown;
  /** Of several topics at once. */
  readonly errors?: readonly unknown[];
}

const FENCED_TYPES = new Set(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'INVALID_PRODUCER_ID_MAPPING']);
const TOO_LARGE_TYPES = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);
const PROTOCOL_TYPES = new Set(['UNSUPPORTED_VERSION']);
const FORBIDDEN_TYPES = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
]);

/** A wrong user or password, of which the client keeps no protocol name. */
const LOGIN_REFUSED = 'KafkaJSSASLAuthenticationError';

/** Every failure in the chain of causes, the outermost first, and the first of those that were told together. */
function* chain(error: unknown): Generator<KafkaFailure> {
  let current = error;
  for (let depth = 0; depth < 6 && current instanceof Object; depth += 1) {
    const failure: KafkaFailure = current;
    yield failure;
    current = failure.cause ?? failure.errors?.[0];
  }
}

/** A kafkajs failure as one of our codes; `otherwise` when nothing more is known of it. */
export function toLogError(error: unknown, otherwise: LogErrorCode): LogError {
  if (error instanceof LogError) return error;
  const failures = [...chain(error)];
  const has = (types: ReadonlySet<string>) => failures.some(({ type }) => type !== undefined && types.has(type));
  const code: LogErrorCode = has(FENCED_TYPES)
    ? 'FENCED'
    : has(TOO_LARGE_TYPES)
      ? 'RECORD_TOO_LARGE'
      : has(PROTOCOL_TYPES)
        ? 'LOG_PROTOCOL'
        : has(FORBIDDEN_TYPES) || failures.some(({ name }) => name === LOGIN_REFUSED)
          ? 'LOG_FORBIDDEN'
          : otherwise;
  return new LogError(code, messageOf(error), { cause: error });
}

const UNSETTLED_TYPES = new Set([
  'NOT_LEADER_FOR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'FENCED_LEADER_EPOCH',
]);

/** The cluster is choosing a leader, or this client has not heard of the last choice: soon it will answer. */
export const isUnsettled = (error: unknown): boolean =>
  [...chain(error)].some(({ type }) => type !== undefined && UNSETTLED_TYPES.has(type));
