import { LogError } from './errors.ts';
import type { Appender, OutgoingRecord, Position } from './port.ts';
import { bytesMaxOf, bytesOf } from './record-size.ts';

/** The producer of one driver. One send runs at a time. */
export interface Sender {
  /** Bound on the records of one send; `bytesMax` bounds its bytes. */
  readonly recordsMax: number;
  readonly bytesMax: number;
  /**
   * Writes records, in order per partition. Resolves with their positions, in the order of the records. Rejects with
   * LogError.
   */
  send(records: readonly OutgoingRecord[]): Promise<readonly Position[]>;
  /** Discards the producer after a failed send, because its sequence numbers are unknown then. */
  discardProducer(): void;
  close(): Promise<void>;
}

/** The bounds of a BatchingAppender. */
export interface BatchingLimits {
  /** Time for which the first append of an idle appender waits for others, in ms. */
  readonly lingerMs: number;
  /** Maximum number of waiting records; further appends are refused with LOG_OVERLOADED. */
  readonly pendingMax: number;
}

interface Waiting {
  readonly records: readonly OutgoingRecord[];
  readonly bytes: number;
  readonly resolve: (positions: readonly Position[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Time for which appends are refused after a failure, in ms; then the next one tries again. */
const COOL_DOWN_MS = 500;

/**
 * Collects appends into sends. One send runs at a time, so a queue builds while the broker works, and the next send
 * takes all of it: low latency when idle, high throughput under load. A rejected append may have been written: the
 * caller may repeat it only with the same record ids. Appends reject with LOG_UNAVAILABLE, LOG_OVERLOADED or
 * RECORD_TOO_LARGE.
 */
export class BatchingAppender implements Appender {
  readonly #sender: Sender;
  readonly #limits: BatchingLimits;
  #waiting: Waiting[] = [];
  #pending = 0;
  #sending: Promise<void> | null = null;
  #refuseUntilMs = 0;
  #closed = false;

  constructor(sender: Sender, limits: BatchingLimits) {
    this.#sender = sender;
    this.#limits = limits;
  }

  async append(records: readonly OutgoingRecord[]): Promise<readonly Position[]> {
    if (this.#closed) throw new LogError('LOG_UNAVAILABLE', 'the appender is closed');
    if (Date.now() < this.#refuseUntilMs) throw new LogError('LOG_UNAVAILABLE', 'the log did not answer a moment ago');
    if (this.#pending + records.length > this.#limits.pendingMax)
      throw new LogError('LOG_OVERLOADED', `${this.#pending} records wait already`);
    const bytes = sizeOf(records);
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
    await this.#sender.close();
  }

  async #sendAll(): Promise<void> {
    const { lingerMs } = this.#limits;
    if (lingerMs > 0) await new Promise((resolve) => setTimeout(resolve, lingerMs));
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      try {
        const positions = await this.#sender.send(group.flatMap(({ records }) => records));
        let at = 0;
        for (const { records, resolve } of group) {
          resolve(positions.slice(at, at + records.length));
          at += records.length;
        }
      } catch (error) {
        this.#refuse(group, error);
      } finally {
        this.#pending -= countOf(group);
      }
    }
  }

  #refuse(group: readonly Waiting[], error: unknown): void {
    this.#sender.discardProducer();
    const isUnavailable = error instanceof LogError && error.code === 'LOG_UNAVAILABLE';
    if (isUnavailable) this.#refuseUntilMs = Date.now() + COOL_DOWN_MS;
    // Waiting records would fail too: they are all refused now.
    const waiting = isUnavailable ? this.#waiting.splice(0) : [];
    for (const { reject } of [...group, ...waiting]) reject(error);
    this.#pending -= countOf(waiting);
  }

  /** Takes as many appends as fit into one send; an append that does not fit gets its own send. */
  #takeGroup(): readonly Waiting[] {
    const { recordsMax, bytesMax } = this.#sender;
    let size = 0;
    let weight = 0;
    let taken = 0;
    for (const { records, bytes } of this.#waiting) {
      size += records.length;
      weight += bytes;
      if (taken > 0 && (size > recordsMax || weight > bytesMax)) break;
      taken += 1;
    }
    return this.#waiting.splice(0, taken);
  }
}

/**
 * Returns the bytes of the records. Throws RECORD_TOO_LARGE: the broker would refuse a whole send with such a record.
 */
function sizeOf(records: readonly OutgoingRecord[]): number {
  let bytes = 0;
  for (const record of records) {
    const size = bytesOf(record);
    if (size > bytesMaxOf(record.topic)) throw new LogError('RECORD_TOO_LARGE', `${size} bytes to ${record.topic}`);
    bytes += size;
  }
  return bytes;
}

const countOf = (group: readonly Waiting[]): number => group.reduce((sum, { records }) => sum + records.length, 0);
