import { type Broker, Connection } from '@platformatic/kafka';
import { LogError } from '../errors.ts';

const CONNECT_MS_MAX = 2_000;
/** A broker keeps a JoinGroup waiting for as long as a rebalance may take (10 s); nothing takes longer. */
const ANSWER_MS_MAX = 20_000;

/**
 * Connections by broker and lane. A broker answers the requests of one connection one after another, so whatever may
 * wait (a long poll, an append that replicas must confirm, a join) has a lane of its own.
 *
 * The client's own pool listens to the first error of a connection only, and a second one would end the process.
 */
export class Connections {
  readonly #clientId: string;
  readonly #open = new Map<string, Promise<Connection>>();
  #closed = false;

  constructor(clientId: string) {
    this.#clientId = clientId;
  }

  async to(broker: Broker, lane: string): Promise<Connection> {
    if (this.#closed) throw new LogError('LOG_UNAVAILABLE', 'the log is closed');
    const key = `${broker.host}:${broker.port} ${lane}`;
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const connection = new Connection(this.#clientId, {
      connectTimeout: CONNECT_MS_MAX,
      requestTimeout: ANSWER_MS_MAX,
      maxInflights: 64,
    });
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

  /** Ends the connections of a lane, to every broker; what waits on them fails. */
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
