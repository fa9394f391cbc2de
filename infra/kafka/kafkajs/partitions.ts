import { type Admin, Partitioners } from 'kafkajs';
import type { OutgoingRecord } from '../log.ts';

/** murmur2 of the key, positive, modulo the partition count: what the Java client does (kafkajs ≥ 2.0 default). */
const partitioner = Partitioners.DefaultPartitioner();

/** Chooses partitions here rather than in the client, so that each record's position can be told after the append. */
export class PartitionChooser {
  readonly #admin: () => Promise<Admin>;
  readonly #metadata = new Map<string, { partitionId: number; leader: number }[]>();

  constructor(admin: () => Promise<Admin>) {
    this.#admin = admin;
  }

  /** Asks the broker for topics not met before. Partition counts never change while a process runs (ADR 0003). */
  async learn(topics: Iterable<string>): Promise<void> {
    const unknown = [...new Set(topics)].filter((topic) => !this.#metadata.has(topic));
    if (unknown.length === 0) return;
    const { topics: found } = await (await this.#admin()).fetchTopicMetadata({ topics: unknown });
    for (const { name, partitions } of found) this.#metadata.set(name, partitions);
  }

  choose(record: OutgoingRecord): number {
    if (record.partition !== null) return record.partition;
    const partitionMetadata = this.#metadata.get(record.topic);
    if (partitionMetadata === undefined) throw new Error(`topic ${record.topic} was not learned`);
    return partitioner({
      topic: record.topic,
      partitionMetadata: partitionMetadata as never,
      message: { key: record.key, value: record.value },
    });
  }

  async count(topic: string): Promise<number> {
    await this.learn([topic]);
    return this.#metadata.get(topic)?.length ?? 0;
  }
}
