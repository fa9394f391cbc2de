import { initProducerIdV4 } from '@platformatic/kafka';
import { answeredWithin } from '../answered-within.ts';
import type { Sender } from '../batching-appender.ts';
import type { OutgoingRecord, Position } from '../port.ts';
import { RECORD_BYTES_MAX } from '../record-size.ts';
import type { Cluster } from './cluster.ts';
import { PATIENT, patiently, toLogError } from './failures.ts';
import { choosePartition } from './partitions.ts';
import { produceExplicit } from './produce-request.ts';
import { Producer } from './producer.ts';

/** Bound on an append, in ms, so that a gateway can answer 503 soon. */
const ANSWER_MS_MAX = 2_000;

let sendersMade = 0;

/**
 * The appending producer over `@platformatic/kafka`; gets its identity at the first send, and a new one after a
 * failure.
 */
export class PlatformaticSender implements Sender {
  /** Bound on the records of a send: a larger send gains nothing. */
  readonly recordsMax = 4_000;
  readonly bytesMax = 4 * RECORD_BYTES_MAX;
  readonly #cluster: Cluster;
  readonly #lane: string;
  #producer: Promise<Producer> | null = null;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    sendersMade += 1;
    this.#lane = `appender-${sendersMade}`;
  }

  async send(records: readonly OutgoingRecord[]): Promise<readonly Position[]> {
    try {
      return await answeredWithin(ANSWER_MS_MAX, (signal) => this.#send(records, signal));
    } catch (error) {
      throw toLogError(error, 'LOG_UNAVAILABLE');
    }
  }

  discardProducer(): void {
    this.#producer = null;
  }

  async close(): Promise<void> {
    await this.#cluster.connections.closeLane(this.#lane);
  }

  async #send(records: readonly OutgoingRecord[], signal: AbortSignal): Promise<Position[]> {
    const topics = records.map(({ topic }) => topic);
    await this.#cluster.learn(topics, { ...PATIENT, signal });
    const partitions = records.map((record) => choosePartition(this.#cluster, record));
    this.#producer ??= this.#begin(signal);
    return (await this.#producer).send(records, partitions, signal);
  }

  /**
   * Returns a producer with a new identity; retries, because a broker that has just started assigns ids only after a
   * moment.
   */
  async #begin(signal: AbortSignal): Promise<Producer> {
    const identity = await patiently({ ...PATIENT, pauseMs: 20, signal }, () =>
      this.#cluster.ask(initProducerIdV4.api, null, ANSWER_MS_MAX),
    );
    return new Producer(this.#cluster, identity, {
      lane: this.#lane,
      produce: produceExplicit,
      timeoutMs: ANSWER_MS_MAX,
    });
  }
}
