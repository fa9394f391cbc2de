import { type Admin, Partitioners, type PartitionMetadata } from 'kafkajs';
import { LogError } from '../errors.ts';
import type { OutgoingRecord } from '../log.ts';

/** murmur2 of the key, positive, modulo the partition count: what the Java client does (kafkajs ≥ 2.0 default). */
const partitioner = Partitioners.DefaultPartitioner();

export type AskAdmin = <T>(question: (admin: Admin) => Promise<T>) => Promise<T>;

/** Chooses partitions here rather than in the client, so that each record's position can be told after the append. */
export class PartitionChooser {
  readonly #ask: AskAdmin;
  readonly #metadata = new Map<string, Pick<PartitionMetadata, 'partitionId' | 'leader' | 'replicas'>[]>();

  constructor(ask: AskAdmin) {
    this.#ask = ask;
  }

  /** Asks the broker for topics not met before. Partition counts never change while a process runs (ADR 0003). */
  async learn(topics: Iterable<string>): Promise<void> {
    const unknown = [...new Set(topics)].filter((topic) => !this.#metadata.has(topic));
    if (unknown.length === 0) return;
    const { topics: found } = await this.#ask((admin) => admin.fetchTopicMetadata({ topics: unknown }));
    for (const { name, partitions } of found) this.#metadata.set(name, partitions);
  }

  /** Throws LogError `LOG_PROTOCOL` for a partition that does not exist: kafkajs would drop the record and say nothing. */
  choose(record: OutgoingRecord): number {
    const partitionMetadata = this.#metadata.get(record.topic);
    if (partitionMetadata === undefined) throw new Error(`topic ${record.topic} was not learned`);
    if (record.partition !== null) {
      if (record.partition < 0 || record.partition >= partitionMetadata.length)
        throw new LogError('LOG_PROTOCOL', `${record.topic} has no partition ${record.partition}`);
      return record.partition;
    }
    return partitioner({
      topic: record.topic,
      partitionMetadata: partitionMetadata as never,
      message: { key: record.placedBy ?? record.key, value: record.value },
    });
  }

  /** True when all of the topics stand on one and the same broker alone, so that no leader of theirs ever moves. */
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
