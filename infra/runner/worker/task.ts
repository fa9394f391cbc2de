import { fullNames } from '../../../schemas/generated/records.ts';
import type { Worker } from '../../../streams/kernel.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import { LogError } from '../../kafka/errors.ts';
import type { FetchedBatch, LogRecord, OutgoingRecord, Transactor } from '../../kafka/port.ts';
import type { Clock } from '../../kit/clock.ts';
import { codeOf } from '../../kit/errors.ts';
import type { Logger } from '../../kit/logger.ts';
import type { DeadLetterGate } from '../dead-letters/gate.ts';
import { isForAnother } from '../dead-letters/write.ts';
import type { InFlight } from '../in-flight.ts';
import type { RunnerMetrics } from '../metrics.ts';
import { nameOutputs } from '../name-outputs.ts';
import type { PartitionTask } from '../partition-tasks.ts';
import { Attempts, type WorkHandler } from './attempts.ts';
import { type KeyQueue, KeyQueues } from './key-queues.ts';
import { Outbox } from './outbox.ts';
import type { Progress } from './progress.ts';

/**
 * Time for running work to end when the process stops, in ms; then it is aborted, and another process runs it again.
 */
const STOP_GRACE_MS = 8_000;

export interface WorkerTaskDependencies {
  readonly worker: Worker;
  readonly handler: WorkHandler;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly progress: Progress;
  readonly gate: DeadLetterGate;
  readonly transactor: Transactor;
  readonly decoder: RecordDecoder;
  readonly metrics: RunnerMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly onCrash: (error: unknown) => void;
  /** Returns the weight of a tenant; see KeyQueues. */
  readonly weightOf: (tenant: string) => number;
}

/**
 * One partition of a worker. Keys run concurrently, records of one key in order (KeyQueues). Each record runs until it
 * is handled or given up (Attempts). Outputs are committed together with the progress (Outbox).
 */
export class WorkerTask implements PartitionTask {
  readonly #d: WorkerTaskDependencies;
  readonly #queues: KeyQueues;
  readonly #attempts: Attempts;
  readonly #outbox: Outbox;
  readonly #cancelTypes: ReadonlySet<string | undefined>;
  readonly #abort = new AbortController();
  readonly #stop = new AbortController();
  /** Next offset after the pushed records, and the end of the log. */
  #pushedTo = 0;
  #logEnd = 0;
  /** The end of the log at the first batch: an earlier owner may have begun the records before it. */
  #inheritedTo: number | null = null;
  #room: (() => void)[] = [];
  #dropped = false;

  constructor(dependencies: WorkerTaskDependencies) {
    this.#d = dependencies;
    const { worker, weightOf } = dependencies;
    const exempt = new Set<string | undefined>(worker.exempt.map((name) => fullNames[name]));
    this.#queues = new KeyQueues({ ...worker, weightOf, isExempt: ({ headers }) => exempt.has(headers['ce_type']) });
    this.#cancelTypes = new Set(worker.cancels?.by.map((name) => fullNames[name]));
    this.#outbox = new Outbox({ ...dependencies, name: worker.name });
    this.#outbox.written.catch((error: unknown) => this.#crash(error));
    const signals = { stopping: this.#stop.signal, aborted: this.#abort.signal };
    const isInherited = (offset: number): boolean => offset < (this.#inheritedTo ?? 0);
    this.#attempts = new Attempts({ ...dependencies, ...signals, outbox: this.#outbox, isInherited });
  }

  get #stopping(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Returns the runs and the transaction in flight. */
  inFlight(): readonly InFlight[] {
    return [...this.#attempts.inFlight(), ...this.#outbox.inFlight()];
  }

  push(batch: FetchedBatch): Promise<void> | undefined {
    if (this.#stopping) return undefined;
    const { progress, worker } = this.#d;
    const fresh = batch.records.filter(
      ({ offset, headers }) => !progress.isFinished(offset) && !isForAnother(headers, worker.name),
    );
    const { base } = progress;
    progress.passTo(
      batch.next,
      fresh.map(({ offset }) => offset),
    );
    // Passed offsets without work (markers, finished records) are committed too; otherwise the group would appear to
    // lag.
    if (fresh.length === 0 && progress.base > base) this.#outbox.touch();
    this.#inheritedTo ??= batch.highWatermark;
    this.#pushedTo = batch.next;
    this.#logEnd = batch.highWatermark;
    this.#reportLag();
    for (const record of fresh) {
      const queue = this.#queues.add(record);
      if (this.#cancelTypes.has(record.headers['ce_type'])) void this.#cancel(record, queue);
    }
    this.#startReady();
    if (!this.#queues.isFull && progress.hasRoom(batch.next)) return undefined;
    return new Promise((resolve) => this.#room.push(resolve));
  }

  /** Takes no further records, lets running work end within `graceMs`, then aborts it; commits and closes. */
  async stop(graceMs: number = STOP_GRACE_MS): Promise<void> {
    const { clock } = this.#d;
    this.#stop.abort();
    const until = clock.now() + graceMs;
    while (this.#queues.busy > 0 && clock.now() < until && !this.#dropped) await clock.sleep(20);
    this.#abort.abort(new Error('the worker stops'));
    while (this.#queues.busy > 0 && !this.#dropped && clock.now() < until + 1_000) await clock.sleep(10);
    this.#dropped = true;
    await this.#outbox.finish().catch(() => undefined);
    await this.#d.transactor.close();
  }

  /** Ends at once without a commit: the partition belongs to another owner by now. */
  async drop(): Promise<void> {
    this.#stop.abort();
    this.#dropped = true;
    this.#outbox.drop();
    this.#abort.abort(new LogError('FENCED', 'the partition was lost'));
    await this.#d.transactor.close();
  }

  /**
   * Applies a cancel when it is read; its own turn in the queue does nothing. A cancel that cannot be decoded becomes a
   * dead letter in its turn.
   */
  async #cancel({ offset, ...record }: LogRecord, queue: KeyQueue): Promise<void> {
    try {
      const decoded = await this.#d.decoder.decode({ ...record, offset });
      queue.cancels.push({ offset, record: decoded.record });
      queue.cancelled();
    } catch {
      // It becomes a dead letter in its turn.
    }
  }

  #startReady(): void {
    const { metrics, worker, progress } = this.#d;
    while (!this.#stopping) {
      // The lowest unfinished record always fits into the window.
      const queue = this.#queues.begin(({ offset }) => progress.hasRoom(offset));
      if (queue === undefined) return;
      metrics.workersBusy.inc({ processor: worker.name });
      this.#workOn(queue)
        .catch((error: unknown) => {
          this.#queues.abort(queue);
          this.#crash(error);
        })
        .finally(() => {
          metrics.workersBusy.dec({ processor: worker.name });
          this.#startReady();
        });
    }
  }

  #reportLag(): void {
    const { metrics, worker, partition, progress } = this.#d;
    metrics.lagRecords.set({ processor: worker.name, partition }, Math.max(0, this.#logEnd - progress.base));
  }

  /**
   * Processes one record of the key; then the key goes to the end of the ready keys, so that no key starves another.
   */
  async #workOn(queue: KeyQueue): Promise<void> {
    const record = queue.records[0] as LogRecord;
    const { gate, progress, metrics, worker, clock } = this.#d;
    const admission = gate.admit(record);
    if (admission === 'drop') await this.#attempts.drop(record);
    const settled = admission === 'work' ? await this.#attempts.settle(record, queue) : 'done';
    if (settled === 'ended' || this.#dropped) return this.#queues.abort(queue);
    // Synchronous from here on, so that the writer never sees a dead letter or a note without its progress.
    const end = this.#attempts.takeEnd(record.offset);
    const last: OutgoingRecord[] = settled === 'done' ? [...end] : [];
    if (settled !== 'done') {
      last.push(gate.failed(record, settled.error, settled.attempt));
      metrics.deadLetters.inc({ processor: worker.name, code: codeOf(settled.error) });
    } else if (admission === 'park') {
      last.push(gate.park(record));
      metrics.deadLetters.inc({ processor: worker.name, code: 'KEY_PARKED' });
    } else if (admission !== 'pass')
      last.push(...gate.noteSettled(record, admission === 'drop' ? 'dropped' : 'redriven'));
    nameOutputs(last, 0, worker.name, record);
    this.#outbox.put(...last);
    this.#publishParked();
    this.#queues.shift(queue);
    progress.finish(record.offset);
    metrics.recordsIn.inc({ processor: worker.name });
    metrics.ageSeconds.observe({ processor: worker.name }, Math.max(0, clock.now() - record.timestampMs) / 1_000);
    this.#reportLag();
    this.#outbox.touch();
    if (this.#queues.hasRoom && progress.hasRoom(this.#pushedTo)) for (const resume of this.#room.splice(0)) resume();
  }

  /** Publishes the parked keys before the commit: a failed commit ends this task, and the next one reads them again. */
  #publishParked(): void {
    const { gate, metrics, worker, partition } = this.#d;
    if (gate.parkedKeys?.publish() === true)
      metrics.parkedKeys.set({ processor: worker.name, partition }, gate.parkedKeys.size);
  }

  #crash(error: unknown): void {
    if (!this.#dropped) this.#d.onCrash(error);
  }
}
