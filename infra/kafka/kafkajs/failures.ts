import { codeOfBroker, LogError, type LogErrorCode, messageOf } from '../errors.ts';

interface KafkaFailure {
  readonly name?: string;
  readonly type?: string;
  readonly cause?: unknown;
  /** Of several topics at once. */
  readonly errors?: readonly unknown[];
}

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
  const names = [...chain(error)].map(({ name, type }) =>
    name === LOGIN_REFUSED ? 'SASL_AUTHENTICATION_FAILED' : type,
  );
  return new LogError(codeOfBroker(names) ?? otherwise, messageOf(error), { cause: error });
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
