import type { Kafka, Producer } from 'kafkajs';
import { LogError } from '../errors.ts';
import type { Appender, OutgoingRecord, Position } from '../log.ts';
import { bytesMaxOf, bytesOf } from '../record-size.ts';
import { toLogError } from './failures.ts';
import { SEND_BYTES_MAX, SEND_RECORDS_MAX, toTopicMessages, write } from './messages.ts';
import type { PartitionChooser } from './partitions.ts';

interface Waiting {
  readonly records: readonly OutgoingRecord[];
  readonly bytes: number;
  readonly resolve: (positions: readonly Position[]) => void;
  readonly reject: (error: LogError) => void;
}

/** After a failure appends are refused at once for this long, then the next one tries again. */
const COOL_DOWN_MS = 500;
/**
 * A broker that took the connection and then says nothing would keep kafkajs retrying for many seconds. What was refused
 * for that may still have been written: its caller repeats it under the same id, or not at all.
 */
const ANSWER_MS_MAX = 2_000;

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
    let bytes = 0;
    for (const record of records) {
      const size = bytesOf(record);
      // Refused here, because the broker would refuse all that is sent along with it.
      if (size > bytesMaxOf(record.topic)) throw new LogError('RECORD_TOO_LARGE', `${size} bytes to ${record.topic}`);
      bytes += size;
    }
    if (records.length === 0) return [];
    this.#pending += records.length;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, bytes, resolve, reject });
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
        this.#discardProducer();
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
    let weight = 0;
    let count = 0;
    for (const { records, bytes } of this.#waiting) {
      size += records.length;
      weight += bytes;
      if (count > 0 && (size > SEND_RECORDS_MAX || weight > SEND_BYTES_MAX)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #send(records: readonly OutgoingRecord[]): Promise<readonly Position[]> {
    const producer = await within(ANSWER_MS_MAX, this.#prepare(records));
    const placed = records.map((record) => ({ ...record, partition: this.#partitions.choose(record) }));
    const oneBroker = this.#partitions.haveOneBroker(placed.map(({ topic }) => topic));
    const positions = new Map<OutgoingRecord, Position>();
    await write(placed, oneBroker, async (part) => {
      const sent = producer.sendBatch({ acks: -1, topicMessages: toTopicMessages(part) });
      const answers = await within(ANSWER_MS_MAX, sent);
      const next = new Map(answers.map((a) => [`${a.topicName} ${a.partition}`, Number(a.baseOffset)]));
      for (const record of part) {
        const { topic, partition } = record;
        const offset = next.get(`${topic} ${partition}`);
        if (offset === undefined)
          throw new LogError('LOG_PROTOCOL', `the broker did not say where ${topic} ${partition} stands`);
        next.set(`${topic} ${partition}`, offset + 1);
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

  /** Does not wait: to disconnect from a broker that hangs takes as long as its requests do. */
  #discardProducer(): void {
    const producer = this.#producer;
    this.#producer = null;
    producer?.then((connected) => connected.disconnect()).catch(() => undefined);
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LogError('LOG_UNAVAILABLE', `no answer in ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
