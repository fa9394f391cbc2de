import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SessionTokens } from '../../../../gateways/shared/auth/session-tokens.ts';
import type { KafkaConnection } from '../../../../infra/kafka/connect.ts';
import { toOutgoing } from '../../../../infra/kafka/envelope.ts';
import type { Appender, OutgoingRecord } from '../../../../infra/kafka/log.ts';
import { loadKeys } from '../../../../infra/keys/load.ts';
import { turnDelta } from '../../../../schemas/generated/records.ts';
import { topics } from '../../../../schemas/topics.ts';
import type { Readers } from './readers.ts';

/** A gateway takes 1,000 streams of a tenant. */
const STREAMS_PER_TENANT = 500;
/** An event that takes longer is lost. */
const ARRIVAL_SECONDS_MAX = 60;
const TEXT = 'A khipu is a record of knotted cords, ';

export interface Stream {
  readonly sessionId: string;
  readonly turnId: string;
  readonly tenantId: string;
  readonly token: string;
}

export async function streamsOf(keysDir: string, count: number): Promise<Stream[]> {
  const tokens = await SessionTokens.open(loadKeys({ mode: 'development', keysDir }), {
    issuer: 'urn:khipu',
    ttlS: 3_600,
  });
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const sessionId = randomUUID();
      const tenantId = `tenant-${Math.floor(index / STREAMS_PER_TENANT)}`;
      const subject = { sessionId, tenantId, principal: 'bench', capabilities: [], persona: 'guide', model: null };
      return { sessionId, turnId: randomUUID(), tenantId, token: (await tokens.mint(subject)).token };
    }),
  );
}

const eventOf = (decoder: KafkaConnection['decoder'], stream: Stream, sequence: number): OutgoingRecord => {
  const { sessionId, turnId, tenantId } = stream;
  const record = turnDelta({ sessionId, turnId, sequence, attempt: 1, index: sequence - 1, text: TEXT });
  const id = randomUUID();
  return toOutgoing(decoder.codec, {
    ...{ topic: topics.conversationEvents.name, key: sessionId, record, id, tenantId },
    ...{ correlationId: id, causationId: id, timeMs: Date.now(), source: 'bench' },
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  });
};

const nowUs = (): number => Number(process.hrtime.bigint() / 1_000n);

/** Tells streams, and hears when they were told. */
export class Telling {
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

  /**
   * One event to each stream every second, in `appends` appends spread over the second. Answers with the times from the
   * acknowledgement of an event to its arrival, ms. Throws when one did not come, or came twice.
   */
  async tell(seconds: number, appends: number): Promise<number[]> {
    const first = this.#next;
    this.#next += seconds;
    const acknowledged = await this.#append(first, seconds, appends);
    const arrived = await this.#arrivals(acknowledged.size);
    return [...acknowledged].map(([event, at]) => {
      const came = arrived.get(event);
      if (came === undefined) throw new Error(`event ${event} did not come`);
      // Readers may hear of it before the one who wrote it does.
      return Math.max(0, came - at) / 1_000;
    });
  }

  /** When the log took them, by stream and sequence. */
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
        const told = this.#streams.slice(part * size, (part + 1) * size);
        const appending = this.#appender.append(told.map((stream) => eventOf(this.#decoder, stream, sequence)));
        running.push(
          appending.then(() => {
            const at = nowUs();
            for (const nth of told.keys()) acknowledged.set(`${part * size + nth} ${sequence}`, at);
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
