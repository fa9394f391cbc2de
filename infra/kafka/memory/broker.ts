import { partitionOf } from '../../../streams/kernel/partitioner.ts';
import { type Clock, systemClock } from '../clock.ts';
import { LogError } from '../errors.ts';
import type { CommittedOffset, LogRecord, OutgoingRecord, TopicConfig, Watermark } from '../log.ts';
import { bytesMaxOf, bytesOf } from '../record-size.ts';
import { GroupCoordinator } from './group.ts';
import { GroupOffsets } from './group-offsets.ts';
import { MemoryPartition } from './partition.ts';
import { type DecidedTransaction, type ProducerIdentity, TransactionCoordinator } from './transactions.ts';

export interface MemoryBrokerOptions {
  readonly clock?: Clock;
  /** Offsets that one fetch answers at most. */
  readonly fetchRecordsMax?: number;
  /** Awaited before each marker: see TransactionCoordinator. */
  readonly pass?: (point: 'mark', subject: string) => Promise<void>;
  readonly onDecided?: (transaction: DecidedTransaction) => void;
}

/**
 * A broker in memory: the phases and rules of Kafka that its users can tell apart. Each method is the effect of one
 * request; the time it takes there and back is the client's matter (Connection).
 */
export class MemoryBroker {
  readonly clock: Clock;
  readonly fetchRecordsMax: number;
  readonly transactions: TransactionCoordinator;
  readonly #topics = new Map<string, readonly MemoryPartition[]>();
  readonly #groups = new Map<string, GroupCoordinator>();
  readonly #offsets = new Map<string, GroupOffsets>();
  /** While true every request is refused, as if no broker answered. */
  away = false;

  constructor({ clock = systemClock, fetchRecordsMax, pass, onDecided }: MemoryBrokerOptions = {}) {
    this.clock = clock;
    this.fetchRecordsMax = fetchRecordsMax ?? Number.POSITIVE_INFINITY;
    this.transactions = new TransactionCoordinator({
      clock,
      pass: pass ?? (() => Promise.resolve()),
      onDecided: onDecided ?? (() => undefined),
    });
  }

  createTopics(topics: readonly TopicConfig[]): readonly string[] {
    const missing = topics.filter(({ name }) => !this.#topics.has(name));
    for (const { name, partitions } of missing)
      this.#topics.set(
        name,
        Array.from({ length: partitions }, (_, partition) => new MemoryPartition(name, partition)),
      );
    return missing.map(({ name }) => name);
  }

  partitionsOf(topic: string): readonly MemoryPartition[] {
    const partitions = this.#topics.get(topic);
    if (partitions === undefined) throw new LogError('LOG_PROTOCOL', `topic ${topic} does not exist`);
    return partitions;
  }

  partition(topic: string, partition: number): MemoryPartition {
    const found = this.partitionsOf(topic)[partition];
    if (found === undefined) throw new LogError('LOG_PROTOCOL', `${topic} has no partition ${partition}`);
    return found;
  }

  group(name: string): GroupCoordinator {
    const known = this.#groups.get(name) ?? new GroupCoordinator(this.clock, (topic) => this.partitionsOf(topic));
    this.#groups.set(name, known);
    return known;
  }

  offsetsOf(group: string): GroupOffsets {
    const known = this.#offsets.get(group) ?? new GroupOffsets();
    this.#offsets.set(group, known);
    return known;
  }

  /** Where a record goes. Throws LogError for a topic or partition that does not exist. */
  placeOf({ topic, partition, key, placedBy }: OutgoingRecord): MemoryPartition {
    return this.partition(topic, partition ?? partitionOf(placedBy ?? key ?? '', this.partitionsOf(topic).length));
  }

  /** All or none: each record's place is found before the first is written. */
  append(records: readonly OutgoingRecord[]): readonly LogRecord[] {
    for (const { topic, ...record } of records)
      if (bytesOf(record) > bytesMaxOf(topic)) throw new LogError('RECORD_TOO_LARGE', `too large for ${topic}`);
    const places = records.map((record) => this.placeOf(record));
    return records.map((record, index) => (places[index] as MemoryPartition).append(record, this.clock.now()));
  }

  write(identity: ProducerIdentity, records: readonly OutgoingRecord[]): void {
    const places = records.map((record) => this.placeOf(record));
    for (const place of new Set(places)) this.transactions.expect(identity, place);
    const stored = records.map((record, index) =>
      (places[index] as MemoryPartition).append(record, this.clock.now(), identity.producerId),
    );
    this.transactions.remember(identity, stored);
  }

  committed(group: string, topics: readonly string[]): readonly CommittedOffset[] {
    const offsets = this.offsetsOf(group);
    return topics.flatMap((topic) => this.partitionsOf(topic).map(({ partition }) => offsets.read(topic, partition)));
  }

  watermarks(topics: readonly string[]): readonly Watermark[] {
    return topics.flatMap((topic) =>
      this.partitionsOf(topic).map(({ partition, stableEnd }) => ({
        ...{ topic, partition, low: 0, high: stableEnd, offset: stableEnd },
      })),
    );
  }
}
