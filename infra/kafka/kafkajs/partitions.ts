import { type Admin, Partitioners, type PartitionMetadata } from 'kafkajs';
import { partitionOfPlace } from '../../../streams/kernel/place.ts';
import { LogError } from '../errors.ts';
import type { OutgoingRecord } from '../port.ts';

/** murmur2 of the key, positive, modulo the partition count, as in the Java client (kafkajs ≥ 2.0 default). */
const partitioner = Partitioners.DefaultPartitioner();

/** Runs an admin request with retries. */
export type AskAdmin = <T>(question: (admin: Admin) => Promise<T>) => Promise<T>;

/** Chooses partitions here rather than in the client, so that an append can return the position of each record. */
export class PartitionChooser {
  readonly #ask: AskAdmin;
  readonly #metadata = new Map<string, Pick<PartitionMetadata, 'partitionId' | 'leader' | 'replicas'>[]>();

  constructor(ask: AskAdmin) {
    this.#ask = ask;
  }

  /** Asks the broker for unknown topics. Partition counts never change while a process runs (ADR 0003). */
  async learn(topics: Iterable<string>): Promise<void> {
    const unknown = [...new Set(topics)].filter((topic) => !this.#metadata.has(topic));
    if (unknown.length === 0) return;
    const { topics: found } = await this.#ask((admin) => admin.fetchTopicMetadata({ topics: unknown }));
    for (const { name, partitions } of found) this.#metadata.set(name, partitions);
  }

  /**
   * Returns the partition of a record. Throws LogError `LOG_PROTOCOL` for a partition that does not exist: kafkajs
   * would drop the record without an error.
   */
  choose(record: OutgoingRecord): number {
    const partitionMetadata = this.#metadata.get(record.topic);
    if (partitionMetadata === undefined) throw new Error(`topic ${record.topic} was not learned`);
    if (record.partition !== null) {
      if (record.partition < 0 || record.partition >= partitionMetadata.length)
        throw new LogError('LOG_PROTOCOL', `${record.topic} has no partition ${record.partition}`);
      return record.partition;
    }
    if (record.placedBy !== undefined) return partitionOfPlace(record.placedBy, partitionMetadata.length);
    return partitioner({
      topic: record.topic,
      partitionMetadata: partitionMetadata as never,
      message: { key: record.key, value: record.value },
    });
  }

  /** Returns true when all topics are on one and the same broker only, so that their leaders never move. */
  haveOneBroker(topics: Iterable<string>): boolean {
    const brokers = new Set<number>();
    for (const topic of new Set(topics))
      for (const { replicas } of this.#metadata.get(topic) ?? []) for (const broker of replicas) brokers.add(broker);
    return brokers.size === 1;
  }

  async count(topic: string): Promise<number> {
    await this.learn([topic]);
    return this.#metadata.get(topic)?.length ?? 0;
  }
}
