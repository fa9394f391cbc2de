import { Kafka, type LogEntry, logLevel, type RetryOptions, type SASLOptions } from 'kafkajs';
import type { Logger } from '../../telemetry/logger.ts';
import { type KafkaLogin, NO_LOGIN } from '../login.ts';

export interface ClientOptions {
  readonly brokers: readonly string[];
  /** Default: nobody logs in. */
  readonly login?: KafkaLogin;
  readonly clientId: string;
  readonly logger: Logger;
}

/** Reads and metadata: patient enough for a broker restart, not for an outage. */
const PATIENT: RetryOptions = { initialRetryTime: 50, maxRetryTime: 1_000, retries: 8 };

/**
 * Between two transactions of one id the broker answers CONCURRENT_TRANSACTIONS while markers are written; the default
 * 300 ms sleep would make every transaction that slow. 200 retries of at most 20 ms bound the wait to about 4 s.
 */
export const TRANSACTION_RETRY: RetryOptions = { initialRetryTime: 1, maxRetryTime: 20, retries: 200 };

/** An append is answered or refused within about two seconds, so that a gateway can say 503 at once. */
export const APPEND_RETRY: RetryOptions = { initialRetryTime: 20, maxRetryTime: 250, retries: 6 };

export function createClient(options: ClientOptions, retry: RetryOptions = PATIENT, requestTimeoutMs = 10_000): Kafka {
  const { tls, sasl } = options.login ?? NO_LOGIN;
  return new Kafka({
    clientId: options.clientId,
    brokers: [...options.brokers],
    ssl: tls,
    // Its types want each mechanism in a type of its own.
    ...(sasl !== null && { sasl: sasl as SASLOptions }),
    connectionTimeout: 2_000,
    requestTimeout: requestTimeoutMs,
    retry,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => forward(options.logger, entry),
  });
}

// kafkajs calls errors what its own retries then mend, so nothing of it is above `debug` here: our own code logs what lasts.
const forward = (logger: Logger, { namespace, log: { message, error } }: LogEntry): void =>
  logger.debug({ component: 'kafkajs', namespace, error }, message);
