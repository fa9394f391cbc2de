/**
 * The log port: all that the platform asks of Kafka. Three implementations stand behind it, kafkajs (the default),
 * platformatic and memory, and one contract suite (log-contract.ts) holds for all. Offsets are numbers: exact below 2^53.
 */

import type { Lane } from '../../schemas/topics.ts';

export type Headers = Readonly<Record<string, string>>;

export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
  /** Wall clock of the append, ms since 1970. For lag and age only. */
  readonly timestampMs: number;
}

export interface OutgoingRecord {
  readonly topic: string;
  /** Null lets `placedBy` choose, or the key where there is none (murmur2, as the Java client does). */
  readonly partition: number | null;
  /** Takes the place of the key in the choice of the partition: the tenant, for a topic that is partitioned by it. */
  readonly placedBy?: string;
  readonly key: string | null;
  /** Null is a tombstone. */
  readonly value: Buffer | null;
  readonly headers: Headers;
}

export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface CommittedOffset extends Position {
  /** Next offset to read; -1 when nothing was committed. */
  readonly offset: number;
  readonly metadata: string;
}

/** Idempotent appends with acks=all. Order per partition is the order of the calls. */
export interface Appender {
  /**
   * Resolves with where each record stands, once all in-sync replicas have it.
   * Rejects with LogError `LOG_UNAVAILABLE` when the log is away, `LOG_OVERLOADED` when `pendingMax` records wait,
   * `RECORD_TOO_LARGE` for a record above RECORD_BYTES_MAX. A large append may be written in part when it rejects.
   */
  append(records: readonly OutgoingRecord[]): Promise<readonly Position[]>;
  close(): Promise<void>;
}

export interface TransactionBatch {
  readonly records: readonly OutgoingRecord[];
  readonly group: string;
  readonly offsets: readonly CommittedOffset[];
}

/**
 * A fenced writer of transactions. Opening it fences every older holder of the same id and ends their open transactions
 * (KIP-98). Commits are serial: the next one begins after the one before has answered.
 */
export interface Transactor {
  /** Records and offsets become visible together or not at all. Rejects with LogError `FENCED` when a newer holder exists. */
  commit(batch: TransactionBatch): Promise<void>;
  close(): Promise<void>;
}

/** A contiguous run of one partition: offsets from `from` up to, but not including, `next`. Markers and aborted records are left out of `records`. */
export interface FetchedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly next: number;
  /** Offset behind the last record that a read_committed reader can see now. */
  readonly highWatermark: number;
  readonly records: readonly LogRecord[];
}

/** One assignment of the group protocol. A member that rejoins gets a new one. */
export interface Assignment {
  readonly memberId: string;
  readonly generation: number;
  /** Partition numbers; each stands for that partition of every input that has it. */
  readonly partitions: readonly number[];
}

export interface GroupHandlers {
  /**
   * Called at each assignment, before any batch of it. Whatever the assignment before was working on must stop.
   * Resolves with where to begin reading each input partition; one that is left out begins at its beginning.
   * Nothing is delivered until then. A rejection ends the membership (`onCrash`).
   */
  onAssigned(assignment: Assignment): Promise<readonly Position[]>;
  /**
   * Batches of one partition come in order and without a gap; a batch may hold no records and still move the position.
   * Returning nothing takes it and asks for more; a promise asks for a pause of that topic partition until it resolves
   * (a batch or two already fetched may still come). A rejection ends the membership.
   */
  onBatch(batch: FetchedBatch, assignment: Assignment): Promise<void> | undefined;
  /** The membership ended by itself, and will not come back. */
  onCrash(error: Error): void;
}

export interface Membership {
  /** Leaves the group. */
  close(): Promise<void>;
}

export interface GroupOptions {
  readonly group: string;
  /** `batch` may be told of records up to 250 ms later, many at once; `interactive` (the default) at once. */
  readonly lane?: Lane;
  readonly topics: readonly string[];
  readonly handlers: GroupHandlers;
}

/** Where to begin reading a partition. */
export type StartAt = 'beginning' | 'end' | readonly Position[];

export interface Reader {
  close(): Promise<void>;
}

export interface TopicConfig {
  readonly name: string;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

export interface Watermark extends Position {
  readonly low: number;
  /**
   * Offset behind the last record that a read_committed reader can see now. Markers are written after a commit has
   * answered, so it may take a moment to include what was just committed.
   */
  readonly high: number;
}

export interface Log {
  appender(options?: { readonly lingerMs?: number; readonly pendingMax?: number }): Promise<Appender>;
  /** Fences older holders of `id` before it resolves. */
  transactor(id: string): Promise<Transactor>;
  /** Joins a consumer group with co-partitioned assignment, read_committed, committing nothing by itself. */
  join(options: GroupOptions): Promise<Membership>;
  committed(group: string, topics: readonly string[]): Promise<readonly CommittedOffset[]>;
  /** Reads all partitions of `topics` as they grow, without a shared group, until closed. read_committed. Resolves when positioned. */
  tail(options: {
    readonly topics: readonly string[];
    readonly from: StartAt;
    readonly onBatch: (batch: FetchedBatch) => Promise<void> | void;
    readonly onCrash: (error: Error) => void;
  }): Promise<Reader>;
  /**
   * Reads from the given positions to the watermarks of the moment of the call, then resolves. No batch goes beyond them, so
   * that a later call may read on from the last `next`. Other partitions of the topics are not read.
   */
  readTo(options: {
    readonly from: readonly Position[];
    readonly onBatch: (batch: FetchedBatch) => Promise<void> | void;
  }): Promise<void>;
  watermarks(topics: readonly string[]): Promise<readonly Watermark[]>;
  createTopics(topics: readonly TopicConfig[]): Promise<readonly string[]>;
  /** Rejects with LogError `LOG_UNAVAILABLE` when the log does not answer in time. */
  ping(timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}
