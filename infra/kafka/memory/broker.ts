import { type Clock, systemClock } from '../../kit/clock.ts';
import { LogError } from '../errors.ts';
import { partitionFor } from '../partition-for.ts';
import type { CommittedOffset, LogRecord, OutgoingRecord, Position, TopicConfig, Watermark } from '../port.ts';
import { bytesMaxOf, bytesOf } from '../record-size.ts';
import { GroupCoordinator } from './group.ts';
import { GroupOffsets } from './group-offsets.ts';
import { MemoryPartition } from './partition.ts';
import { type DecidedTransaction, type ProducerIdentity, TransactionCoordinator } from './transactions.ts';

/** Clock, bounds and hooks of a broker; all optional. */
export interface MemoryBrokerOptions {
  readonly clock?: Clock;
  /** The most offsets that one fetch returns. */
  readonly fetchRecordsMax?: number;
  /** Awaited before each marker: see TransactionCoordinator. */
  readonly pass?: (point: 'mark', subject: string) => Promise<void>;
  readonly onDecided?: (transaction: DecidedTransaction) => void;
}

/**
 * A broker in memory, with the phases and rules of Kafka that are visible to its clients. Each method is the effect of one
 * request; Connection adds the time of request and answer.
 */
export class MemoryBroker {
  readonly clock: Clock;
  readonly fetchRecordsMax: number;
  readonly transactions: TransactionCoordinator;
  readonly #topics = new Map<string, readonly MemoryPartition[]>();
  readonly #groups = new Map<string, GroupCoordinator>();
  readonly #offsets = new Map<string, GroupOffsets>();
  /** While true, every request is rejected, as if no broker answered. */
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

  /** Returns the number of partitions of each topic that exists. */
  partitionCounts(topics: readonly string[]): ReadonlyMap<string, number> {
    return new Map(
      [...this.#topics].filter(([name]) => topics.includes(name)).map(([name, { length }]) => [name, length]),
    );
  }

  /** Gives a topic more partitions, which are empty. */
  addPartitions(topic: string, total: number): void {
    const known = this.partitionsOf(topic);
    const added = Array.from({ length: total - known.length }, (_, n) => new MemoryPartition(topic, known.length + n));
    this.#topics.set(topic, [...known, ...added]);
  }

  /** Returns the names of all groups that have committed an offset or have had members. */
  get groupNames(): readonly string[] {
    return [...new Set([...this.#groups.keys(), ...this.#offsets.keys()])];
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

  /** Returns the partition of a record. Throws LogError for a topic or partition that does not exist. */
  partitionOf(record: OutgoingRecord): MemoryPartition {
    const { topic, partition } = record;
    return this.partition(topic, partition ?? partitionFor(record, this.partitionsOf(topic).length));
  }

  /** Appends all records or none: the partition of each record is found before the first is written. */
  append(records: readonly OutgoingRecord[]): readonly LogRecord[] {
    for (const { topic, ...record } of records)
      if (bytesOf(record) > bytesMaxOf(topic)) throw new LogError('RECORD_TOO_LARGE', `too large for ${topic}`);
    const places = records.map((record) => this.partitionOf(record));
    return records.map((record, index) => (places[index] as MemoryPartition).append(record, this.clock.now()));
  }

  write(identity: ProducerIdentity, records: readonly OutgoingRecord[]): void {
    const places = records.map((record) => this.partitionOf(record));
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

  offsetsAt(topics: readonly string[], timeMs: number): readonly Position[] {
    return topics.flatMap((topic) =>
      this.partitionsOf(topic).map((each) => ({ topic, partition: each.partition, offset: each.offsetAt(timeMs) })),
    );
  }

  watermarks(topics: readonly string[]): readonly Watermark[] {
    return topics.flatMap((topic) =>
      this.partitionsOf(topic).map(({ partition, low, stableEnd }) => ({
        ...{ topic, partition, low, high: stableEnd, offset: stableEnd },
      })),
    );
  }
}
