import { LogError } from '../../kafka/errors.ts';
import type { OutgoingRecord, Transactor } from '../../kafka/port.ts';
import { type Clock, type Wait, waitOf } from '../../kit/clock.ts';
import { traceCommitted } from '../../tracing/record-spans.ts';
import type { InFlight } from '../in-flight.ts';
import type { RunnerMetrics } from '../metrics.ts';
import type { Progress } from './progress.ts';

/** Records waiting to be written before `room` makes its caller wait. */
const RECORDS_MAX = 2_000;
/** How long a record of running work waits for more, in ms: an answer that is there at once is one transaction. */
const GATHER_MS = 2;

export interface OutboxDependencies {
  readonly name: string;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly progress: Progress;
  readonly transactor: Transactor;
  readonly metrics: RunnerMetrics;
  readonly clock: Clock;
}

/**
 * The outputs of the handlers of one partition. Each turn of its writer commits the waiting records and the progress in
 * one transaction: records that are put and finished in one step of the event loop are committed together, and so are
 * those that running work emits within 2 ms.
 */
export class Outbox {
  readonly #d: OutboxDependencies;
  #records: OutgoingRecord[] = [];
  #room: (() => void)[] = [];
  /** Callers that wait for the next transaction. */
  #waiting: PromiseWithResolvers<void>[] = [];
  /** Callers that wait for the transaction under way. */
  #committing: PromiseWithResolvers<void>[] = [];
  #dirty = false;
  #ended = false;
  #writingSinceMs: number | null = null;
  #wake: () => void = () => undefined;
  /** The wait for a commit that may come later. */
  #later: Wait | null = null;
  /** When that wait is over, in ms since the epoch. */
  #laterMs = 0;
  /** Rejects with the error of the commit that failed; nothing is written after it. */
  readonly written: Promise<void>;

  constructor(dependencies: OutboxDependencies) {
    this.#d = dependencies;
    this.written = this.#write();
    const over = (): void => {
      this.#ended = true;
      this.#reject();
    };
    this.written.then(over, over);
  }

  /** Returns the transaction under way, by the lowest unfinished record. */
  inFlight(): readonly InFlight[] {
    const { name: processor, topic, partition, progress } = this.#d;
    if (this.#writingSinceMs === null) return [];
    return [
      { processor, topic, partition, offset: progress.base, doing: 'transaction', sinceMs: this.#writingSinceMs },
    ];
  }

  /** Adds records to the next transaction. */
  put(...records: readonly OutgoingRecord[]): void {
    if (records.length === 0) return;
    this.#records.push(...records);
    this.touch();
  }

  /** Adds records of running work to the next transaction, which begins within 2 ms. */
  gather(...records: readonly OutgoingRecord[]): void {
    if (records.length === 0) return;
    this.#records.push(...records);
    if (this.#records.length >= RECORDS_MAX) this.touch();
    else this.touchWithin(GATHER_MS);
  }

  /**
   * Adds records to the next transaction and resolves when it is committed. Rejects with LogError `FENCED` when it is
   * not: the partition was lost, or this or an earlier transaction failed.
   */
  async commit(...records: readonly OutgoingRecord[]): Promise<void> {
    this.check();
    const committed = Promise.withResolvers<void>();
    this.#records.push(...records);
    this.#waiting.push(committed);
    this.touch();
    return committed.promise;
  }

  /** Requests a commit of the progress. Does nothing after the end. */
  touch(): void {
    if (this.#ended) return;
    this.#dirty = true;
    this.#wake();
  }

  /** Requests a commit of the progress within `ms`, together with anything that is committed earlier. */
  touchWithin(ms: number): void {
    if (this.#dirty) return;
    const overMs = this.#d.clock.now() + ms;
    if (this.#later !== null && this.#laterMs <= overMs) return;
    this.#endLater();
    const wait = waitOf(this.#d.clock, ms);
    this.#later = wait;
    this.#laterMs = overMs;
    void wait.over.then(() => {
      if (this.#later === wait) this.touch();
    });
  }

  /**
   * Resolves when there is room for more records. Rejects with LogError `FENCED` when nothing will be written any more.
   */
  async room(): Promise<void> {
    if (!this.#ended && this.#records.length >= RECORDS_MAX)
      await new Promise<void>((resolve) => this.#room.push(resolve));
    this.check();
  }

  /** Throws LogError `FENCED` when nothing will be written any more. */
  check(): void {
    if (this.#ended) throw new LogError('FENCED', 'the partition was lost');
  }

  /** Writes the waiting records, then ends. Rejects with the error of the commit that failed. */
  async finish(): Promise<void> {
    this.#ended = true;
    if (this.#later !== null) this.#dirty = true;
    this.#wake();
    await this.written;
  }

  /** Ends at once; waiting records are not written. */
  drop(): void {
    this.#ended = true;
    this.#dirty = false;
    this.#endLater();
    for (const resume of this.#room.splice(0)) resume();
    this.#reject();
    this.#wake();
  }

  /** Rejects every caller whose records are not known to be in the log. */
  #reject(): void {
    for (const { reject } of [...this.#committing.splice(0), ...this.#waiting.splice(0)])
      reject(new LogError('FENCED', 'the records were not committed'));
  }

  #endLater(): void {
    const wait = this.#later;
    this.#later = null;
    wait?.end();
  }

  async #write(): Promise<void> {
    const { name, group, topic, partition, progress, transactor, metrics, clock } = this.#d;
    const labels = { processor: name };
    for (;;) {
      if (!this.#dirty) {
        if (this.#ended) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      this.#dirty = false;
      this.#endLater();
      const records = this.#records;
      this.#records = [];
      this.#committing = this.#waiting.splice(0);
      const end = metrics.transactionSeconds.startTimer(labels);
      const sinceMs = clock.now();
      this.#writingSinceMs = sinceMs;
      await transactor.commit({ records, group, offsets: [{ topic, partition, ...progress.snapshot() }] });
      this.#writingSinceMs = null;
      end();
      traceCommitted({ name, group, partition, read: [], written: records, sinceMs });
      metrics.recordsOut.inc(labels, records.length);
      for (const { resolve } of this.#committing.splice(0)) resolve();
      for (const resume of this.#room.splice(0)) resume();
    }
  }
}
