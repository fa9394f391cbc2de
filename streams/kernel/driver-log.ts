import type { RecordCodec } from '../../schemas/codec.ts';
import { allTopics, partitionsOf, topicOf } from '../../schemas/topics.ts';
import { type AnyRecord, assertNever, type Meta } from '../kernel.ts';
import { partitionOf } from './partitioner.ts';
import { isPlaceOf, partitionOfPlace } from './place.ts';
import type { Emitted } from './step.ts';

/** A record as stored in the log. */
export interface Logged {
  readonly record: AnyRecord;
  readonly meta: Meta;
}

/** The topics of the in-memory driver: the bytes of each record, by topic and partition. */
export class DriverLog {
  readonly #codec: RecordCodec;
  readonly #partitions = new Map<string, readonly Meta[][]>();
  readonly #order: Meta[] = [];

  constructor(codec: RecordCodec, partitions: number) {
    this.#codec = codec;
    for (const topic of allTopics)
      this.#partitions.set(
        topic.name,
        Array.from({ length: partitionsOf(topic, partitions) }, () => []),
      );
  }

  /** Appends a record at a time, ms since 1970. */
  append(emitted: Emitted, appendedAtMs: number): Logged {
    const partitions = this.#of(emitted.topic);
    const partition = partitionFor(emitted, partitions.length);
    const target = partitions[partition] ?? [];
    const { record, source: _, ...envelope } = emitted;
    const meta: Meta = {
      ...envelope,
      appendedAtMs,
      type: record.type,
      partition,
      offset: target.length,
      value: this.#codec.encode(record),
    };
    target.push(meta);
    this.#order.push(meta);
    return this.#logged(meta);
  }

  /** Returns the record at an offset, decoded from its bytes; undefined beyond the end. */
  at(topic: string, partition: number, offset: number): Logged | undefined {
    const meta = this.#of(topic)[partition]?.[offset];
    return meta === undefined ? undefined : this.#logged(meta);
  }

  /** Returns the length of each partition of a topic. */
  ends(topic: string): readonly number[] {
    return this.#of(topic).map((partition) => partition.length);
  }

  /** Number of records in all topics. */
  get size(): number {
    return this.#order.length;
  }

  /** Returns the records of one topic or of all, in append order, without the first `skip`. */
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

/** Returns the partition of a record, as the catalogue chooses it. Throws when a place is missing or of another tenant. */
function partitionFor({ record, key, tenantId, place }: Emitted, partitions: number): number {
  const { partitionedBy } = topicOf(record.type);
  switch (partitionedBy) {
    case 'key':
      return partitionOf(key, partitions);
    case 'tenant':
      return partitionOfPlace(tenantId, partitions);
    case 'place':
      if (place === null || !isPlaceOf(tenantId, place))
        throw new Error(`${record.type} of tenant ${tenantId} has the place ${place}`);
      return partitionOfPlace(place, partitions);
    default:
      return assertNever(partitionedBy);
  }
}
