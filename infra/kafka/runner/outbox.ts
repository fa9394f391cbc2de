import type { Clock } from '../clock.ts';
import { LogError } from '../errors.ts';
import type { OutgoingRecord, Transactor } from '../log.ts';
import type { Held } from './held.ts';
import type { RunnerMetrics } from './metrics.ts';
import type { Progress } from './progress.ts';

/** Records waiting to be written before `put` makes its caller wait. */
const RECORDS_MAX = 2_000;

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
 * All that the handlers of one partition emit. Each turn of its writer commits what is in it, with the progress made, in
 * one transaction: what is put in and finished in one step of the event loop is committed together.
 */
export class Outbox {
  readonly #d: OutboxDependencies;
  #records: OutgoingRecord[] = [];
  #room: (() => void)[] = [];
  #dirty = false;
  #ended = false;
  #writingSinceMs: number | null = null;
  #wake: () => void = () => undefined;
  /** Rejects with the error of the commit that failed; nothing is written after it. */
  readonly written: Promise<void>;

  constructor(dependencies: OutboxDependencies) {
    this.#d = dependencies;
    this.written = this.#write();
  }

  /** The transaction under way, on the lowest record that it does not finish. */
  held(): readonly Held[] {
    const { name: processor, topic, partition, progress } = this.#d;
    if (this.#writingSinceMs === null) return [];
    return [
      { processor, topic, partition, offset: progress.base, doing: 'transaction', sinceMs: this.#writingSinceMs },
    ];
  }

  put(...records: readonly OutgoingRecord[]): void {
    if (records.length === 0) return;
    this.#records.push(...records);
    this.touch();
  }

  /** There is progress to be written. */
  touch(): void {
    this.#dirty = true;
    this.#wake();
  }

  /** Resolves when there is room for more. Rejects with LogError `FENCED` when nothing will be written any more. */
  async room(): Promise<void> {
    if (!this.#ended && this.#records.length >= RECORDS_MAX)
      await new Promise<void>((resolve) => this.#room.push(resolve));
    this.check();
  }

  check(): void {
    if (this.#ended) throw new LogError('FENCED', 'the partition was lost');
  }

  /** Writes what is in it, then ends. */
  async finish(): Promise<void> {
    this.#ended = true;
    this.#wake();
    await this.written;
  }

  /** Ends at once: what is in it is not written. */
  drop(): void {
    this.#ended = true;
    this.#records = [];
    this.#dirty = false;
    for (const resume of this.#room.splice(0)) resume();
    this.#wake();
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
      const records = this.#records;
      this.#records = [];
      const end = metrics.transactionSeconds.startTimer(labels);
      this.#writingSinceMs = clock.now();
      await transactor.commit({ records, group, offsets: [{ topic, partition, ...progress.snapshot() }] });
      this.#writingSinceMs = null;
      end();
      metrics.recordsOut.inc(labels, records.length);
      for (const resume of this.#room.splice(0)) resume();
    }
  }
}
