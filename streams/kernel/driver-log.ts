import type { RecordCodec } from '../../schemas/codec.ts';
import { allTopics, topicOf } from '../../schemas/topics.ts';
import type { AnyRecord, Meta } from '../kernel.ts';
import { partitionOf } from './partitioner.ts';
import type { Emitted } from './step.ts';

/** A record as it stands in the log. */
export interface Logged {
  readonly record: AnyRecord;
  readonly meta: Meta;
}

/** The topics of the in-memory driver: the bytes of each record, by topic and partition. */
export class DriverLog {
  readonly #codec: RecordCodec;
  readonly #partitions = new Map<string, readonly Meta[][]>();
  readonly #order: Meta[] = [];

  constructor(codec: RecordCodec) {
    this.#codec = codec;
    for (const { name, partitions } of allTopics)
      this.#partitions.set(
        name,
        Array.from({ length: partitions }, () => []),
      );
  }

  append(emitted: Emitted): Logged {
    const partitions = this.#of(emitted.topic);
    const { partitionedBy } = topicOf(emitted.record.type);
    const partition = partitionOf(partitionedBy === 'tenant' ? emitted.tenantId : emitted.key, partitions.length);
    const place = partitions[partition] ?? [];
    const { record, source: _, ...envelope } = emitted;
    const meta: Meta = {
      ...envelope,
      type: record.type,
      partition,
      offset: place.length,
      value: this.#codec.encode(record),
    };
    place.push(meta);
    this.#order.push(meta);
    return this.#logged(meta);
  }

  /** The record at an offset, decoded anew from its bytes; undefined behind the end. */
  at(topic: string, partition: number, offset: number): Logged | undefined {
    const meta = this.#of(topic)[partition]?.[offset];
    return meta === undefined ? undefined : this.#logged(meta);
  }

  /** Length of each partition of a topic. */
  ends(topic: string): readonly number[] {
    return this.#of(topic).map((partition) => partition.length);
  }

  /** Records in all topics together. */
  get size(): number {
    return this.#order.length;
  }

  /** Records in the order in which they were appended, of one topic or of all, the first `skip` left out. */
  records(topic?: string, skip = 0): readonly Logged[] {
    const metas = topic === undefined ? this.#order : this.#order.filter((meta) => meta.topic === topic);
    return metas.slice(skip).map((meta) => this.#logged(meta));
  }

  #logged(meta: Meta): Logged {
    return { record: this.#codec.decode(meta.value), meta };
  }

  #of(topic: string): readonly Meta[][] {
    const partitions = this.#partitions.get(topic);
    if (partitions === undefined) throw new Error(`topic ${topic} is not in the catalogue`);
    return partitions;
  }
}
