import { fullNames } from '../../../schemas/generated/records.ts';
import type { Worker } from '../../../streams/kernel.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { Clock } from '../clock.ts';
import type { RecordDecoder } from '../decode.ts';
import { codeOf, LogError } from '../errors.ts';
import type { FetchedBatch, LogRecord, Transactor } from '../log.ts';
import type { Aside } from './aside.ts';
import { Attempts, type WorkHandler } from './attempts.ts';
import { isForAnother } from './dead-letter.ts';
import type { Held } from './held.ts';
import { type KeyQueue, KeyQueues } from './key-queues.ts';
import type { RunnerMetrics } from './metrics.ts';
import { Outbox } from './outbox.ts';
import type { Progress } from './progress.ts';

export interface WorkerTaskDependencies {
  readonly worker: Worker;
  readonly handler: WorkHandler;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly progress: Progress;
  readonly aside: Aside;
  readonly transactor: Transactor;
  readonly decoder: RecordDecoder;
  readonly metrics: RunnerMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly onCrash: (error: unknown) => void;
}

/**
 * One partition of a worker. Keys run side by side, records of one key in order (KeyQueues); each record is run until it is
 * handled or given up (Attempts); all that is emitted is committed with the progress made (Outbox).
 */
export class WorkerTask {
  readonly #d: WorkerTaskDependencies;
  readonly #queues: KeyQueues;
  readonly #attempts: Attempts;
  readonly #outbox: Outbox;
  readonly #cancelTypes: ReadonlySet<string>;
  readonly #abort = new AbortController();
  readonly #stop = new AbortController();
  /** Offset behind what was pushed, and behind what the log holds. */
  #pushedTo = 0;
  #logEnd = 0;
  #room: (() => void)[] = [];
  #dropped = false;

  constructor(dependencies: WorkerTaskDependencies) {
    this.#d = dependencies;
    const { worker } = dependencies;
    this.#queues = new KeyQueues(worker);
    this.#cancelTypes = new Set(worker.cancels?.by.map((name) => fullNames[name]));
    this.#outbox = new Outbox({ ...dependencies, name: worker.name });
    this.#outbox.written.catch((error: unknown) => this.#crash(error));
    const signals = { stopping: this.#stop.signal, aborted: this.#abort.signal };
    this.#attempts = new Attempts({ ...dependencies, ...signals, outbox: this.#outbox });
  }

  get #stopping(): boolean {
    return this.#stop.signal.aborted;
  }

  /** What it is at work on. */
  held(): readonly Held[] {
    return [...this.#attempts.held(), ...this.#outbox.held()];
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
    // Passed with nothing to do (markers, what was finished before): uncommitted, the group would seem to lag for ever.
    if (fresh.length === 0 && progress.base > base) this.#outbox.touch();
    this.#pushedTo = batch.next;
    this.#logEnd = batch.highWatermark;
    this.#tellLag();
    for (const record of fresh) {
      const queue = this.#queues.add(record);
      if (this.#cancelTypes.has(record.headers['ce_type'] ?? '')) void this.#cancel(record, queue);
    }
    this.#startReady();
    if (!this.#queues.isFull && progress.hasRoom(batch.next)) return undefined;
    return new Promise((resolve) => this.#room.push(resolve));
  }

  /** Takes no more, lets what runs end within `graceMs`, then aborts it; commits and closes. */
  async stop(graceMs: number): Promise<void> {
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

  /** Ends at once: the partition is another owner's by now. */
  async drop(): Promise<void> {
    this.#stop.abort();
    this.#dropped = true;
    this.#outbox.drop();
    this.#abort.abort(new LogError('FENCED', 'the partition was lost'));
    await this.#d.transactor.close();
  }

  /** A cancel acts when it is read; it is passed over when its turn comes. One that cannot be decoded dies then. */
  async #cancel({ offset, ...record }: LogRecord, queue: KeyQueue): Promise<void> {
    try {
      const decoded = await this.#d.decoder.decode({ ...record, offset });
      queue.cancels.push({ offset, record: decoded.record });
      queue.cancelled();
    } catch {
      // Its turn comes.
    }
  }

  #startReady(): void {
    const { metrics, worker, progress } = this.#d;
    while (!this.#stopping) {
      // The lowest unfinished record always fits into the window of what can be remembered.
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

  #tellLag(): void {
    const { metrics, worker, partition, progress } = this.#d;
    metrics.lagRecords.set({ processor: worker.name, partition }, Math.max(0, this.#logEnd - progress.base));
  }

  /** One record of the key, then the key goes to the end of the line, so that no key starves another. */
  async #workOn(queue: KeyQueue): Promise<void> {
    const record = queue.records[0];
    if (record === undefined) return;
    const { aside, progress, metrics, worker, clock } = this.#d;
    const admission = aside.admit(record);
    if (admission === 'drop') await this.#attempts.drop(record);
    const settled = admission === 'work' ? await this.#attempts.settle(record, queue) : 'done';
    if (settled === 'ended' || this.#dropped) return this.#queues.abort(queue);
    // From here on in one step, so that the writer never sees a letter or a note without the progress that goes with it.
    const end = this.#attempts.takeEnd(record.offset);
    if (settled === 'done') this.#outbox.put(...end);
    if (settled !== 'done') {
      this.#outbox.put(aside.died(record, settled.error, settled.attempt));
      metrics.deadLetters.inc({ processor: worker.name, code: codeOf(settled.error) });
    } else if (admission === 'park') {
      this.#outbox.put(aside.park(record));
      metrics.deadLetters.inc({ processor: worker.name, code: 'KEY_PARKED' });
    } else if (admission !== 'pass')
      this.#outbox.put(...aside.settle(record, admission === 'drop' ? 'dropped' : 'redriven'));
    this.#tellParked();
    this.#queues.shift(queue);
    progress.finish(record.offset);
    metrics.recordsIn.inc({ processor: worker.name });
    metrics.ageSeconds.observe({ processor: worker.name }, Math.max(0, clock.now() - record.timestampMs) / 1_000);
    this.#tellLag();
    this.#outbox.touch();
    if (this.#queues.hasRoom && progress.hasRoom(this.#pushedTo)) for (const resume of this.#room.splice(0)) resume();
  }

  /** A failed commit ends this task, so what is parked need not be taken back: the next one reads it anew. */
  #tellParked(): void {
    const { aside, metrics, worker, partition } = this.#d;
    if (aside.lines?.publish() === true)
      metrics.parkedKeys.set({ processor: worker.name, partition }, aside.lines.size);
  }

  #crash(error: unknown): void {
    if (!this.#dropped) this.#d.onCrash(error);
  }
}
