import { connect as connectPlain } from 'node:net';
import { connect as connectTls } from 'node:tls';
import {
  type ISocketFactory,
  type Kafka,
  type KafkaConfig,
  type LogEntry,
  logLevel,
  type RetryOptions,
  type SASLOptions,
} from 'kafkajs';
import type { Logger } from '../../kit/logger.ts';
import { connectionOptions } from '../../tls/live-context.ts';
import type { TlsFiles } from '../../tls/tls-files.ts';
import { type KafkaLogin, NO_LOGIN } from '../login.ts';
import type { OnRequest } from '../request-count.ts';
import { leaveOutAbortedRecords } from './aborted-records.ts';
import { CountingKafka } from './counting-client.ts';
import { restWithoutRequests } from './pending-requests.ts';
import { checkTimeoutsTogether } from './request-timeouts.ts';

/** The connection of a kafkajs client. */
export interface ClientOptions {
  readonly brokers: readonly string[];
  /** Default: no login. */
  readonly login?: KafkaLogin;
  readonly clientId: string;
  readonly logger: Logger;
  /** Default: requests are not counted. */
  readonly onRequest?: OnRequest | undefined;
}

/** Retries of reads and metadata: long enough for a broker restart, too short for an outage. */
const PATIENT: RetryOptions = { initialRetryTime: 50, maxRetryTime: 1_000, retries: 8 };

/**
 * Retries of transactions. Between two transactions of one id the broker answers CONCURRENT_TRANSACTIONS while it writes
 * markers; the default sleep of 300 ms would make every transaction that slow. 200 retries of at most 20 ms bound the
 * wait to about 4 s.
 */
export const TRANSACTION_RETRY: RetryOptions = { initialRetryTime: 1, maxRetryTime: 20, retries: 200 };

/** Retries of appends: they succeed or fail within about two seconds, so that a gateway can answer 503 soon. */
export const APPEND_RETRY: RetryOptions = { initialRetryTime: 20, maxRetryTime: 250, retries: 6 };

/** Returns a kafkajs client. Opens no connection by itself. */
export function createClient(options: ClientOptions, retry: RetryOptions = PATIENT, requestTimeoutMs = 10_000): Kafka {
  checkTimeoutsTogether();
  restWithoutRequests();
  leaveOutAbortedRecords();
  const { tls, sasl } = options.login ?? NO_LOGIN;
  const { onRequest = () => undefined } = options;
  const config: KafkaConfig = {
    clientId: options.clientId,
    brokers: [...options.brokers],
    ssl: tls !== null,
    ...(tls !== null && { socketFactory: socketsWith(tls) }),
    // kafkajs's types require a separate type per mechanism.
    ...(sasl !== null && { sasl: sasl as SASLOptions }),
    connectionTimeout: 2_000,
    requestTimeout: requestTimeoutMs,
    retry,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => forward(options.logger, entry),
  };
  return new CountingKafka(config, onRequest);
}

// kafkajs logs as errors also failures that its own retries repair, so all its entries are `debug`: our code logs
// lasting failures.
const forward = (logger: Logger, { namespace, log: { message, error } }: LogEntry): void =>
  logger.debug({ component: 'kafkajs', namespace, error }, message);

const KEEP_ALIVE_MS = 60_000;

/** Returns a factory of sockets that reads the certificates for each connection. kafkajs reports what it throws. */
const socketsWith =
  (files: TlsFiles): ISocketFactory =>
  ({ host, port, ssl, onConnect }) => {
    const socket = ssl
      ? connectTls({ ...connectionOptions(files, host), port }, onConnect)
      : connectPlain({ host, port }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    return socket;
  };
