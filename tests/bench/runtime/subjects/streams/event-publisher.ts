import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SessionTokens } from '../../../../../gateways/shared/auth/session-tokens.ts';
import type { KafkaConnection } from '../../../../../infra/kafka/connect.ts';
import { toOutgoing } from '../../../../../infra/kafka/envelope.ts';
import type { Appender, OutgoingRecord } from '../../../../../infra/kafka/port.ts';
import { loadKeys } from '../../../../../infra/security/load-keys.ts';
import { type AnyRecord, turnDelta, turnStarted } from '../../../../../schemas/generated/records.ts';
import { type Topic, topics } from '../../../../../schemas/topics.ts';
import { placeOf } from '../../../../../streams/kernel/place.ts';
import type { Readers } from './readers.ts';
import { TEXT } from './text.ts';

/** Streams per tenant; a gateway accepts 1,000. */
const STREAMS_PER_TENANT = 500;
/** Time after which an event counts as lost. */
const ARRIVAL_SECONDS_MAX = 60;

export interface Stream {
  readonly sessionId: string;
  readonly turnId: string;
  readonly tenantId: string;
  readonly token: string;
}

/** Returns `count` sessions of several tenants, each with a valid token. */
export async function streamsOf(keysDir: string, count: number): Promise<Stream[]> {
  const tokens = await SessionTokens.open(loadKeys({ mode: 'development', keysDir }), {
    issuer: 'urn:khipu',
    ttlS: 3_600,
  });
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const sessionId = randomUUID();
      const tenantId = `tenant-${Math.floor(index / STREAMS_PER_TENANT)}`;
      const place = placeOf(tenantId, sessionId, 16);
      const subject = {
        sessionId,
        tenantId,
        place,
        principal: 'bench',
        capabilities: [],
        persona: 'guide',
        model: null,
      };
      return { sessionId, turnId: randomUUID(), tenantId, token: (await tokens.mint(subject)).token };
    }),
  );
}

const eventOf = (
  decoder: KafkaConnection['decoder'],
  { sessionId, tenantId }: Stream,
  { name: topic }: Pick<Topic, 'name'>,
  record: AnyRecord,
): OutgoingRecord => {
  const id = randomUUID();
  return toOutgoing(decoder.codec, {
    ...{ topic, key: sessionId, record, id, tenantId },
    place: placeOf(tenantId, sessionId, 16),
    ...{ correlationId: id, causationId: id, timeMs: Date.now(), source: 'bench' },
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  });
};

/** Returns the nth delta of the only turn of a stream, from 1. */
const deltaOf = ({ sessionId, turnId }: Stream, nth: number): AnyRecord =>
  turnDelta({ sessionId, turnId, turnSequence: 1, attempt: 1, start: (nth - 1) * TEXT.length, text: TEXT });

const startOf = ({ sessionId, turnId }: Stream): AnyRecord =>
  turnStarted({
    recalled: null,
    sessionId,
    turnId,
    sequence: 1,
    prompt: 'bench',
    model: null,
    deadline: null,
    budget: null,
  });

const nowUs = (): number => Number(process.hrtime.bigint() / 1_000n);

/** Publishes deltas to streams and measures their arrival. */
export class EventPublisher {
  readonly #appender: Appender;
  readonly #decoder: KafkaConnection['decoder'];
  readonly #streams: readonly Stream[];
  readonly #readers: Readers;
  #next = 1;

  constructor(parts: {
    readonly appender: Appender;
    readonly decoder: KafkaConnection['decoder'];
    readonly streams: readonly Stream[];
    readonly readers: Readers;
  }) {
    this.#appender = parts.appender;
    this.#decoder = parts.decoder;
    this.#streams = parts.streams;
    this.#readers = parts.readers;
  }

  /** Starts the turn of each stream. Resolves when readers can have received it. */
  async start(): Promise<void> {
    const starts = this.#streams.map((stream) =>
      eventOf(this.#decoder, stream, topics.conversationEvents, startOf(stream)),
    );
    await this.#appender.append(starts);
    await sleep(1_000);
    await this.#readers.arrivals();
  }

  /**
   * Publishes one delta per second to each stream, in `appends` appends spread over the second. Returns the times from
   * the acknowledgement of an event to its arrival, ms. Throws when one did not arrive, or arrived twice.
   */
  async publish(seconds: number, appends: number): Promise<number[]> {
    const first = this.#next;
    this.#next += seconds;
    const acknowledged = await this.#append(first, seconds, appends);
    const arrived = await this.#arrivals(acknowledged.size);
    return [...acknowledged].map(([event, at]) => {
      const came = arrived.get(event);
      if (came === undefined) throw new Error(`event ${event} did not come`);
      // Readers may receive the event before its writer receives the acknowledgement.
      return Math.max(0, came - at) / 1_000;
    });
  }

  /** Returns the times of acknowledgement, by stream and sequence. */
  async #append(first: number, seconds: number, appends: number): Promise<Map<string, number>> {
    const acknowledged = new Map<string, number>();
    const running: Promise<void>[] = [];
    const size = Math.ceil(this.#streams.length / appends);
    const began = performance.now();
    for (let round = 0; round < seconds; round += 1)
      for (let part = 0; part < appends; part += 1) {
        const due = began + 1_000 * (round + part / appends);
        await sleep(Math.max(0, due - performance.now()));
        const sequence = first + round;
        const addressed = this.#streams.slice(part * size, (part + 1) * size);
        const appending = this.#appender.append(
          addressed.map((stream) =>
            eventOf(this.#decoder, stream, topics.conversationDeltas, deltaOf(stream, sequence)),
          ),
        );
        running.push(
          appending.then(() => {
            const at = nowUs();
            for (const nth of addressed.keys()) acknowledged.set(`${part * size + nth} ${sequence}`, at);
          }),
        );
      }
    await Promise.all(running);
    return acknowledged;
  }

  async #arrivals(count: number): Promise<Map<string, number>> {
    const arrived = new Map<string, number>();
    for (let waited = 0; arrived.size < count && waited < ARRIVAL_SECONDS_MAX; waited += 1) {
      await sleep(1_000);
      for (const [stream, sequence, at] of await this.#readers.arrivals()) {
        const event = `${stream} ${sequence}`;
        if (arrived.has(event)) throw new Error(`event ${sequence} came twice on stream ${stream}`);
        arrived.set(event, at);
      }
    }
    return arrived;
  }
}
