import { messageOf } from '../../kit/errors.ts';
import { tlsFailureOf } from '../../tls/tls-failure.ts';
import { codeOfBroker, LogError, type LogErrorCode } from '../errors.ts';

/** The fields of the client's errors: a protocol name, nested causes, and the answers of several partitions. */
interface Failure {
  readonly apiId?: string;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** No connection, or one that broke or timed out. Not a protocol name. */
export const NETWORK = 'NETWORK';

/** Returns the protocol names of all failures, and why TLS failed: an answer for many partitions may fail with many. */
export function namesOf(error: unknown, depth = 0): ReadonlySet<string> {
  const names = new Set<string>();
  if (!(error instanceof Object) || depth > 5) return names;
  const { apiId, code, cause, errors } = error as Failure;
  if (apiId !== undefined) names.add(apiId);
  if (code === 'PLT_KFK_NETWORK') names.add(NETWORK);
  const refusal = depth === 0 ? tlsFailureOf(error) : null;
  if (refusal !== null) names.add(refusal);
  for (const inner of [cause, ...(Array.isArray(errors) ? errors : [])])
    for (const name of namesOf(inner, depth + 1)) names.add(name);
  return names;
}

/** Converts a failure of the client to a LogError with our code; `otherwise` is the code when the failure is unknown. */
export function toLogError(error: unknown, otherwise: LogErrorCode): LogError {
  if (error instanceof LogError) return error;
  const names = namesOf(error);
  return new LogError(codeOfBroker([...names]) ?? otherwise, [messageOf(error), ...names].join(' '), { cause: error });
}

const UNSETTLED = new Set([
  NETWORK,
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'REPLICA_NOT_AVAILABLE',
  'KAFKA_STORAGE_ERROR',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'REQUEST_TIMED_OUT',
]);

/** Returns true when the cluster is electing a leader or coordinator, or this client does not know the new one yet. */
export const isUnsettled = (names: ReadonlySet<string>, also?: string): boolean =>
  names.size > 0 && [...names].every((name) => UNSETTLED.has(name) || name === also);

/** Bounds of retries, and the failures that are retried. */
export interface Patience {
  readonly forMs: number;
  readonly pauseMs: number;
  readonly passes: (names: ReadonlySet<string>) => boolean;
  /** Once aborted, there are no more attempts. */
  readonly signal?: AbortSignal;
}

/** Retries during a broker restart or an election, which take seconds. */
export const PATIENT: Patience = { forMs: 8_000, pauseMs: 100, passes: (names) => isUnsettled(names) };

/** Retries `work` while its failure is transient; then throws the last failure. */
export async function patiently<T>(patience: Patience, work: () => Promise<T>): Promise<T> {
  const untilMs = Date.now() + patience.forMs;
  for (;;) {
    patience.signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (Date.now() >= untilMs || !patience.passes(namesOf(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, patience.pauseMs));
    }
  }
}
