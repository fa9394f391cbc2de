import type { Kafka, Producer } from 'kafkajs';
import { answeredWithin } from '../answered-within.ts';
import type { Sender } from '../batching-appender.ts';
import { partitionId } from '../partition-id.ts';
import type { OutgoingRecord, Position } from '../port.ts';
import { toLogError } from './failures.ts';
import { SEND_BYTES_MAX, SEND_RECORDS_MAX, toTopicMessages, write, writtenTo } from './messages.ts';
import type { PartitionChooser } from './partitions.ts';

/**
 * Bound on the wait for an answer, in ms: a broker that accepts connections but does not answer would keep kafkajs
 * retrying for many seconds.
 */
const ANSWER_MS_MAX = 2_000;

/** The appending producer of kafkajs; connects at the first send. */
export class KafkaJsSender implements Sender {
  readonly recordsMax = SEND_RECORDS_MAX;
  readonly bytesMax = SEND_BYTES_MAX;
  readonly #kafka: Kafka;
  readonly #partitions: PartitionChooser;
  #producer: Promise<Producer> | null = null;

  constructor(kafka: Kafka, partitions: PartitionChooser) {
    this.#kafka = kafka;
    this.#partitions = partitions;
  }

  async send(records: readonly OutgoingRecord[]): Promise<readonly Position[]> {
    try {
      return await this.#send(records);
    } catch (error) {
      throw toLogError(error, 'LOG_UNAVAILABLE');
    }
  }

  /** Discards the producer without waiting: disconnecting from a broker that hangs takes as long as its requests. */
  discardProducer(): void {
    const producer = this.#producer;
    this.#producer = null;
    producer?.then((connected) => connected.disconnect()).catch(() => undefined);
  }

  async close(): Promise<void> {
    await (await this.#producer?.catch(() => null))?.disconnect();
  }

  async #send(records: readonly OutgoingRecord[]): Promise<readonly Position[]> {
    const producer = await answeredWithin(ANSWER_MS_MAX, () => this.#prepare(records));
    const placed = records.map((record) => ({ ...record, partition: this.#partitions.choose(record) }));
    const oneBroker = this.#partitions.haveOneBroker(placed.map(({ topic }) => topic));
    const positions = new Map<OutgoingRecord, Position>();
    await write(placed, oneBroker, async (part) => {
      const batch = { acks: -1, topicMessages: toTopicMessages(part) };
      const answers = await answeredWithin(ANSWER_MS_MAX, () => producer.sendBatch(batch));
      const next = writtenTo(part, answers, 'LOG_UNAVAILABLE');
      for (const record of part) {
        const { topic, partition } = record;
        const offset = next.get(partitionId(record)) as number;
        next.set(partitionId(record), offset + 1);
        positions.set(record, { topic, partition, offset });
      }
    });
    return placed.map((record) => positions.get(record) as Position);
  }

  async #prepare(records: readonly OutgoingRecord[]): Promise<Producer> {
    await this.#partitions.learn(records.map(({ topic }) => topic));
    this.#producer ??= this.#connect();
    return this.#producer;
  }

  async #connect(): Promise<Producer> {
    const producer = this.#kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false });
    await producer.connect();
    return producer;
  }
}
