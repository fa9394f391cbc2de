/**
 * The log port: everything that the platform uses of Kafka. It has three implementations, kafkajs (the default),
 * platformatic and memory, which all pass one contract suite (log-contract.ts). Offsets are numbers: exact below 2^53.
 */

import type { Lane } from '../../schemas/topics.ts';

/** Header values by name, as text. */
export type Headers = Readonly<Record<string, string>>;

/** A record as a reader receives it. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
  /** Wall clock of the append, ms since 1970. Use it only for lag and age. */
  readonly timestampMs: number;
}

/** A record to append. */
export interface OutgoingRecord {
  readonly topic: string;
  /**
   * When null, `placedBy` chooses the partition (`partitionOfPlace`), or else the key (murmur2, as in the Java client).
   */
  readonly partition: number | null;
  /** Replaces the key in the choice of the partition: a tenant, or a place, where the topic is partitioned by it. */
  readonly placedBy?: string;
  readonly key: string | null;
  /** Null makes the record a tombstone. */
  readonly value: Buffer | null;
  readonly headers: Headers;
  /** Time of the record, ms since 1970. Default: the time of the append. */
  readonly timestampMs?: number;
  /** Span id of the parent of its span, where that is not the record in `ce_causationid`. Not written to the log. */
  readonly parentSpan?: string;
}

/** An offset of one partition. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** The last commit of a group for one partition. */
export interface CommittedOffset extends Position {
  /** Next offset to read; -1 when the group committed none. */
  readonly offset: number;
  readonly metadata: string;
}

/** Idempotent appends with acks=all. Records of a partition keep the order of the calls. */
export interface Appender {
  /**
   * Resolves with the position of each record, once all in-sync replicas have it.
   * Rejects with LogError `LOG_UNAVAILABLE` when the log is unavailable, `LOG_OVERLOADED` when `pendingMax` records are
   * pending, `RECORD_TOO_LARGE` for a record above RECORD_BYTES_MAX. A large append may be partly written when it rejects.
   */
  append(records: readonly OutgoingRecord[]): Promise<readonly Position[]>;
  close(): Promise<void>;
}

/** Records and offsets of one transaction. */
export interface TransactionBatch {
  readonly records: readonly OutgoingRecord[];
  readonly group: string;
  readonly offsets: readonly CommittedOffset[];
}

/**
 * A fenced writer of transactions. Opening it fences every older holder of the same id and ends their open transactions
 * (KIP-98). Commits are serial: a commit begins after the previous one has been answered.
 */
export interface Transactor {
  /**
   * Makes records and offsets visible together or not at all. Rejects with LogError `FENCED` when a newer holder
   * exists.
   */
  commit(batch: TransactionBatch): Promise<void>;
  close(): Promise<void>;
}

/**
 * A contiguous range of one partition: offsets from `from` up to, but not including, `next`. `records` leaves out
 * markers and aborted records.
 */
export interface FetchedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly next: number;
  /** Offset after the last record that a read_committed reader can see now. */
  readonly highWatermark: number;
  readonly records: readonly LogRecord[];
}

/** One assignment of the group protocol. A member receives a new one at each rejoin. */
export interface Assignment {
  readonly memberId: string;
  readonly generation: number;
  /** Partition numbers; each means that partition of every input that has it. */
  readonly partitions: readonly number[];
}

/** The callbacks of a group member. */
export interface GroupHandlers {
  /**
   * Called at each assignment, before any of its batches. Work of the previous assignment must stop. Resolves with the
   * first offset to read of each input partition; a partition that is left out is read from its beginning. No batch is
   * delivered before that. A rejection ends the membership (`onCrash`).
   */
  onAssigned(assignment: Assignment): Promise<readonly Position[]>;
  /**
   * Batches of a partition arrive in order and without a gap; a batch may be empty and still advance the position.
   * Returning undefined accepts the batch and continues; a promise pauses that topic partition until it resolves
   * (one or two batches that are already fetched may still arrive). A rejection ends the membership.
   */
  onBatch(batch: FetchedBatch, assignment: Assignment): Promise<void> | undefined;
  /** The membership has failed and does not recover. */
  onCrash(error: Error): void;
}

/** A running member of a group. */
export interface Membership {
  /** Leaves the group. */
  close(): Promise<void>;
}

/** The group to join, its inputs, and its callbacks. */
export interface GroupOptions {
  readonly group: string;
  /** `batch` may deliver records up to 1 s later, many at once; `interactive` (the default) delivers at once. */
  readonly lane?: Lane;
  readonly topics: readonly string[];
  readonly handlers: GroupHandlers;
}

/** A member of a consumer group, as the coordinator of the group knows it. */
export interface GroupMember {
  readonly memberId: string;
  readonly clientId: string;
  /** Address that the coordinator sees. */
  readonly host: string;
  /** Time at which its process started, ms since 1970; null for a member that does not say it. */
  readonly startedMs: number | null;
  /** How often the process has joined the group again since then, without rebalances; null as above. */
  readonly restarts: number | null;
  /** Numbers of the partitions that it reads. Empty while the group waits for its members. */
  readonly partitions: readonly number[];
}

/** The first offset to read of each partition. */
export type StartAt = 'beginning' | 'end' | readonly Position[];

/** A running reader. */
export interface Reader {
  close(): Promise<void>;
}

/** A topic to create. */
export interface TopicConfig {
  readonly name: string;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

/** The first and the last readable offset of a partition. */
export interface Watermark extends Position {
  readonly low: number;
  /**
   * Offset after the last record that a read_committed reader can see now. The broker writes markers after it answers a
   * commit, so a new commit may be included a moment later.
   */
  readonly high: number;
}

/** The operations of the log. Each rejects with LogError. */
export interface Log {
  appender(options?: { readonly lingerMs?: number; readonly pendingMax?: number }): Promise<Appender>;
  /** Opens a transactor. Fences older holders of `id` before it resolves. */
  transactor(id: string): Promise<Transactor>;
  /** Joins a consumer group with co-partitioned assignment, read_committed. Commits no offsets by itself. */
  join(options: GroupOptions): Promise<Membership>;
  committed(group: string, topics: readonly string[]): Promise<readonly CommittedOffset[]>;
  /** Returns the members of a group; none for a group without members. */
  members(group: string): Promise<readonly GroupMember[]>;
  /**
   * Reads all partitions of `topics` as they grow, read_committed, without a shared group, until closed. Resolves when
   * positioned.
   */
  tail(options: {
    readonly topics: readonly string[];
    readonly from: StartAt;
    readonly onBatch: (batch: FetchedBatch) => Promise<void> | void;
    readonly onCrash: (error: Error) => void;
  }): Promise<Reader>;
  /**
   * Reads, read_committed, from the given positions to the watermarks at the time of the call, then resolves. Batches end
   * there, so that a later call can continue from the last `next`. Other partitions of the topics are not read.
   */
  readTo(options: {
    readonly from: readonly Position[];
    readonly onBatch: (batch: FetchedBatch) => Promise<void> | void;
  }): Promise<void>;
  watermarks(topics: readonly string[]): Promise<readonly Watermark[]>;
  /**
   * Returns, for each partition, the offset of the first record that was appended at `timeMs` (ms since 1970) or later; the
   * high watermark where there is none. Later records may have an earlier time: writers may set it.
   */
  offsetsAt(topics: readonly string[], timeMs: number): Promise<readonly Position[]>;
  /** Returns the number of partitions of each topic that exists. */
  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>>;
  createTopics(topics: readonly TopicConfig[]): Promise<readonly string[]>;
  /** Resolves when a broker answers. Rejects with LogError `LOG_UNAVAILABLE` after `timeoutMs`. */
  ping(timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}
