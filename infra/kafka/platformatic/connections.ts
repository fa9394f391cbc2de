import { type Broker, type Connection, type ConnectionOptions, SASLMechanisms } from '@platformatic/kafka';
import { connectionOptions } from '../../tls/live-context.ts';
import { LogError } from '../errors.ts';
import { type KafkaLogin, NO_LOGIN } from '../login.ts';
import type { OnRequest } from '../request-count.ts';
import { CountingConnection } from './counting-connection.ts';

const CONNECT_MS_MAX = 2_000;
/** Longest wait for an answer. A broker holds a JoinGroup for at most a rebalance (10 s); all other answers are faster. */
const ANSWER_MS_MAX = 20_000;

/**
 * Connections by broker and lane. A broker answers the requests of one connection one after another, so every request
 * that may wait (a long poll, an append that replicas must confirm, a join) has its own lane.
 *
 * The client's own pool listens only to the first error of a connection; a second error would end the process.
 */
export class Connections {
  readonly #clientId: string;
  readonly #login: KafkaLogin;
  readonly #open = new Map<string, Promise<Connection>>();
  readonly #onRequest: OnRequest;
  #closed = false;

  constructor(clientId: string, login: KafkaLogin = NO_LOGIN, onRequest: OnRequest = () => undefined) {
    this.#clientId = clientId;
    this.#login = login;
    this.#onRequest = onRequest;
  }

  async to(broker: Broker, lane: string): Promise<Connection> {
    if (this.#closed) throw new LogError('LOG_UNAVAILABLE', 'the log is closed');
    const key = `${broker.host}:${broker.port} ${lane}`;
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const options = {
      ...{ connectTimeout: CONNECT_MS_MAX, requestTimeout: ANSWER_MS_MAX, maxInflights: 64 },
      ...toOptions(this.#login, broker.host),
    };
    const connection = new CountingConnection(this.#clientId, options, this.#onRequest);
    const connecting = (async () => {
      await connection.connect(broker.host, broker.port);
      return connection;
    })();
    const forget = (): void => {
      if (this.#open.get(key) === connecting) this.#open.delete(key);
    };
    connection.on('error', forget);
    connection.on('close', forget);
    this.#open.set(key, connecting);
    connecting.catch(forget);
    return connecting;
  }

  /** Closes the connections of a lane, to every broker; its pending requests fail. */
  async closeLane(lane: string): Promise<void> {
    await this.#closeAll([...this.#open.keys()].filter((key) => key.endsWith(` ${lane}`)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#closeAll([...this.#open.keys()]);
  }

  async #closeAll(keys: readonly string[]): Promise<void> {
    const closing = keys.map(async (key) => {
      const connecting = this.#open.get(key);
      this.#open.delete(key);
      await (await connecting)?.close();
    });
    await Promise.allSettled(closing);
  }
}

const mechanisms = {
  plain: SASLMechanisms.PLAIN,
  'scram-sha-256': SASLMechanisms.SCRAM_SHA_256,
  'scram-sha-512': SASLMechanisms.SCRAM_SHA_512,
} as const;

/** Returns the options of one new connection: certificates and passwords are read for each. */
const toOptions = ({ tls, sasl }: KafkaLogin, host: string): Pick<ConnectionOptions, 'tls' | 'sasl'> => ({
  ...(tls !== null && { tls: connectionOptions(tls, host) }),
  ...(sasl !== null && { sasl: { ...sasl, mechanism: mechanisms[sasl.mechanism] } }),
});
