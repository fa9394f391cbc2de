import { messageOf } from '../../kit/errors.ts';
import { tlsFailureOf } from '../../tls/tls-failure.ts';
import { codeOfBroker, LogError, type LogErrorCode } from '../errors.ts';

interface KafkaFailure {
  readonly name?: string;
  readonly type?: string;
  readonly cause?: unknown;
  /** The errors of several topics, reported together. */
  readonly errors?: readonly unknown[];
}

/** A wrong user name or password; the client keeps no protocol name for it. */
const LOGIN_REFUSED = 'KafkaJSSASLAuthenticationError';

/** Yields every failure in the chain of causes, the outermost first, and the first one of errors reported together. */
function* chain(error: unknown): Generator<KafkaFailure> {
  let current = error;
  for (let depth = 0; depth < 6 && current instanceof Object; depth += 1) {
    const failure: KafkaFailure = current;
    yield failure;
    current = failure.cause ?? failure.errors?.[0];
  }
}

/** Converts a kafkajs failure to a LogError with our code; `otherwise` is the code when the failure is unknown. */
export function toLogError(error: unknown, otherwise: LogErrorCode): LogError {
  if (error instanceof LogError) return error;
  const names = [...chain(error)].map(({ name, type }) =>
    name === LOGIN_REFUSED ? 'SASL_AUTHENTICATION_FAILED' : type,
  );
  names.push(tlsFailureOf(error) ?? undefined);
  return new LogError(codeOfBroker(names) ?? otherwise, messageOf(error), { cause: error });
}

const UNSETTLED_TYPES = new Set([
  'NOT_LEADER_FOR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'FENCED_LEADER_EPOCH',
]);

/** Returns true when the cluster is electing a leader, or this client does not know the new leader yet: transient. */
export const isUnsettled = (error: unknown): boolean =>
  [...chain(error)].some(({ type }) => type !== undefined && UNSETTLED_TYPES.has(type));
