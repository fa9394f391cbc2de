import type { Kafka, Producer } from 'kafkajs';
import { LogError } from '../errors.ts';
import type { Appender, OutgoingRecord, Position } from '../log.ts';
import { toLogError } from './failures.ts';
import { SEND_RECORDS_MAX, toTopicMessages } from './messages.ts';
import type { PartitionChooser } from './partitions.ts';

interface Waiting {
  readonly records: readonly OutgoingRecord[];
  readonly resolve: (positions: readonly Position[]) => void;
  readonly reject: (error: LogError) => void;
}

/** After a failure appends are refused at once for this long, then the next one tries again. */
const COOL_DOWN_MS = 500;

/**
 * Gathers single appends into sends. One send is under way at a time, so a queue builds while the broker works and the
 * next send takes all of it: latency when idle, throughput under load.
 *
 * A producer whose send failed is thrown away: its sequence numbers no longer say what the broker has, and going on with
 * them could have the next batch taken for a repeat of the lost one.
 */
export class KafkaJsAppender implements Appender {
  readonly #kafka: Kafka;
  readonly #partitions: PartitionChooser;
  readonly #lingerMs: number;
  readonly #pendingMax: number;
  #producer: Promise<Producer> | null = null;
  #waiting: Waiting[] = [];
  #pending = 0;
  #sending: Promise<void> | null = null;
  #refuseUntilMs = 0;
  #closed = false;

  constructor(kafka: Kafka, partitions: PartitionChooser, lingerMs: number, pendingMax: number) {
    this.#kafka = kafka;
    this.#partitions = partitions;
    this.#lingerMs = lingerMs;
    this.#pendingMax = pendingMax;
  }

  async append(records: readonly OutgoingRecord[]): Promise<readonly Position[]> {
    if (this.#closed) throw new LogError('LOG_UNAVAILABLE', 'the appender is closed');
    if (Date.now() < this.#refuseUntilMs) throw new LogError('LOG_UNAVAILABLE', 'the log did not answer a moment ago');
    if (this.#pending + records.length > this.#pendingMax)
      throw new LogError('LOG_OVERLOADED', `${this.#pending} records wait already`);
    this.#pending += records.length;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, resolve, reject });
      this.#sending ??= this.#sendAll().finally(() => {
        this.#sending = null;
      });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#sending;
    await (await this.#producer?.catch(() => null))?.disconnect();
  }

  async #sendAll(): Promise<void> {
    if (this.#lingerMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#lingerMs));
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      try {
        const positions = await this.#send(group.flatMap(({ records }) => records));
        let at = 0;
        for (const { records, resolve } of group) {
          resolve(positions.slice(at, at + records.length));
          at += records.length;
        }
      } catch (error) {
        const failure = toLogError(error, 'LOG_UNAVAILABLE');
        await this.#discardProducer();
        if (failure.code === 'LOG_UNAVAILABLE') this.#refuseUntilMs = Date.now() + COOL_DOWN_MS;
        // Whatever waits behind it would wait as long in vain: refuse all of it now.
        const refused = failure.code === 'LOG_UNAVAILABLE' ? [...group, ...this.#waiting.splice(0)] : group;
        for (const { reject } of refused) reject(failure);
        this.#pending -= refused.slice(group.length).reduce((sum, { records }) => sum + records.length, 0);
      } finally {
        this.#pending -= group.reduce((sum, { records }) => sum + records.length, 0);
      }
    }
  }

  #takeGroup(): Waiting[] {
    let size = 0;
    let count = 0;
    for (const { records } of this.#waiting) {
      if (count > 0 && size + records.length > SEND_RECORDS_MAX) break;
      size += records.length;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #send(records: readonly OutgoingRecord[]): Promise<readonly Position[]> {
    await this.#partitions.learn(records.map(({ topic }) => topic));
    const placed = records.map((record) => ({ ...record, partition: this.#partitions.choose(record) }));
    this.#producer ??= this.#connect();
    const producer = await this.#producer;
    const answers = await producer.sendBatch({ acks: -1, topicMessages: toTopicMessages(placed) });
    const next = new Map(answers.map((a) => [`${a.topicName} ${a.partition}`, Number(a.baseOffset)]));
    return placed.map(({ topic, partition }) => {
      const place = `${topic} ${partition}`;
      const offset = next.get(place) ?? -1;
      next.set(place, offset + 1);
      return { topic, partition, offset };
    });
  }

  async #connect(): Promise<Producer> {
    const producer = this.#kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false });
    await producer.connect();
    return producer;
  }

  async #discardProducer(): Promise<void> {
    const producer = this.#producer;
    this.#producer = null;
    await producer?.then((connected) => connected.disconnect()).catch(() => undefined);
  }
}
