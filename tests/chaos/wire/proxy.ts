import { connect, createServer, type Server, type Socket } from 'node:net';
import { correlationOf, Frames, type RequestHead, requestHead } from './wire.ts';

/** A message in transit: a request, or an answer with the header of its request. */
export interface Message {
  readonly side: 'request' | 'answer';
  readonly head: RequestHead;
  readonly frame: Buffer;
  readonly connection: number;
  /** Index of its broker, from 0. */
  readonly broker: number;
  /** Port from which the client is connected. */
  readonly clientPort: number;
}

export interface Trap {
  readonly side: Message['side'];
  readonly api: number;
  /** Matches the client's id, which names the process to catch. */
  readonly client: RegExp;
  /** Forwards the request and withholds its answer. For requests only. */
  readonly forward?: boolean;
}

/** A caught message. Its direction of the connection is blocked until it is released. */
export interface Caught {
  readonly message: Message;
  /** Delivers it and all later messages. A request is delivered to the broker even when its client has disconnected. */
  release(): void;
  /** Cuts the connection; held messages are never delivered. */
  drop(): void;
}

export interface Watch {
  readonly caught: Promise<Caught>;
  cancel(): void;
}

interface Armed extends Trap {
  readonly spring: (caught: Caught) => void;
}

/** A broker, and the port that its clients connect to. */
export interface Front {
  readonly port: number;
  readonly brokerPort: number;
}

/**
 * Proxies connections between clients and brokers, parses the headers of messages, and holds the one message that a
 * trap waits for. Everything else is forwarded unchanged, in order. Product code does not know it.
 */
export class KafkaProxy {
  readonly #servers: Server[] = [];
  readonly #armed = new Set<Armed>();
  readonly #links = new Set<Link>();
  readonly #onMessage: (message: Message) => void;
  #linksMade = 0;

  private constructor(onMessage: (message: Message) => void) {
    this.#onMessage = onMessage;
  }

  /** Starts to listen. `onMessage` receives every request and every answer before it is forwarded. */
  static async listen(
    fronts: readonly Front[],
    onMessage: (message: Message) => void = () => undefined,
  ): Promise<KafkaProxy> {
    const proxy = new KafkaProxy(onMessage);
    for (const [broker, { port, brokerPort }] of fronts.entries()) {
      const server = createServer((client) => proxy.#accept(client, broker, brokerPort));
      proxy.#servers.push(server);
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ port, host: '127.0.0.1' }, resolve);
      });
    }
    return proxy;
  }

  /** Waits for one message; the first match is caught. */
  trap(trap: Trap): Watch {
    const { promise, resolve } = Promise.withResolvers<Caught>();
    const armed: Armed = {
      ...trap,
      spring: (caught) => {
        this.#armed.delete(armed);
        resolve(caught);
      },
    };
    this.#armed.add(armed);
    return { caught: promise, cancel: () => void this.#armed.delete(armed) };
  }

  async close(): Promise<void> {
    for (const link of this.#links) link.cut();
    for (const server of this.#servers) await new Promise((resolve) => server.close(resolve));
  }

  #accept(client: Socket, broker: number, port: number): void {
    const upstream = connect({ port, host: '127.0.0.1', noDelay: true });
    client.setNoDelay(true);
    this.#linksMade += 1;
    const link: Link = new Link(
      { connection: this.#linksMade, broker, clientPort: client.remotePort ?? 0 },
      client,
      upstream,
      {
        seen: this.#onMessage,
        match: ({ side, head }) =>
          [...this.#armed].find((trap) => trap.side === side && trap.api === head.api && trap.client.test(head.client)),
        ended: () => void this.#links.delete(link),
      },
    );
    this.#links.add(link);
  }
}

interface LinkEvents {
  readonly seen: (message: Message) => void;
  readonly match: (message: Message) => Armed | undefined;
  readonly ended: () => void;
}

/** One client connection, and the proxy's connection to its broker. */
class Link {
  readonly #place: Pick<Message, 'connection' | 'broker' | 'clientPort'>;
  readonly #client: Socket;
  readonly #broker: Socket;
  readonly #events: LinkEvents;
  readonly #heads = new Map<number, RequestHead>();
  /** Later messages behind a held one, by direction. */
  readonly #held: { request: Buffer[] | null; answer: Buffer[] | null } = { request: null, answer: null };
  #clientGone = false;
  #cut = false;

  constructor(
    place: Pick<Message, 'connection' | 'broker' | 'clientPort'>,
    client: Socket,
    broker: Socket,
    events: LinkEvents,
  ) {
    this.#place = place;
    this.#client = client;
    this.#broker = broker;
    this.#events = events;
    const requests = new Frames();
    const answers = new Frames();
    client.on('data', (chunk) => {
      for (const frame of requests.push(chunk)) this.#request(frame);
    });
    broker.on('data', (chunk) => {
      for (const frame of answers.push(chunk)) this.#answer(frame);
    });
    client.on('error', () => undefined);
    broker.on('error', () => undefined);
    // A held request outlives its client, like one delayed in a network.
    client.on('close', () => {
      this.#clientGone = true;
      if (this.#held.request === null) this.cut();
    });
    broker.on('close', () => this.cut());
  }

  cut(): void {
    if (this.#cut) return;
    this.#cut = true;
    this.#client.destroy();
    this.#broker.destroy();
    this.#events.ended();
  }

  #request(frame: Buffer): void {
    if (this.#held.request !== null) return void this.#held.request.push(frame);
    const head = requestHead(frame);
    const message: Message = { side: 'request', head, frame, ...this.#place };
    this.#heads.set(head.correlationId, head);
    this.#events.seen(message);
    const trap = this.#events.match(message);
    if (trap === undefined) return void this.#broker.write(frame);
    if (trap.forward === true) {
      this.#broker.write(frame);
      this.#hold('answer', [], message, trap);
    } else this.#hold('request', [frame], message, trap);
  }

  #answer(frame: Buffer): void {
    if (this.#held.answer !== null) return void this.#held.answer.push(frame);
    const head = this.#heads.get(correlationOf(frame));
    if (head === undefined) return void this.#client.write(frame);
    this.#heads.delete(head.correlationId);
    const message: Message = { side: 'answer', head, frame, ...this.#place };
    this.#events.seen(message);
    const trap = this.#events.match(message);
    if (trap === undefined) this.#client.write(frame);
    else this.#hold('answer', [frame], message, trap);
  }

  #hold(side: Message['side'], first: Buffer[], message: Message, trap: Armed): void {
    this.#held[side] = first;
    const looked = first.length;
    trap.spring({ message, release: () => this.#release(side, looked), drop: () => this.cut() });
  }

  /**
   * Releases the held frames. The first `looked` frames were reported when they were caught; the later ones were not.
   */
  #release(side: Message['side'], looked: number): void {
    const held = this.#held[side];
    this.#held[side] = null;
    if (held === null || this.#cut) return;
    const [to, next] = side === 'request' ? [this.#broker, this.#request] : [this.#client, this.#answer];
    for (const frame of held.slice(0, looked)) to.write(frame);
    for (const frame of held.slice(looked)) next.call(this, frame);
    // The broker reads the pending bytes before it sees the end of the connection.
    if (side === 'request' && this.#clientGone) this.#broker.end();
  }
}
