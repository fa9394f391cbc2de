import { derivedId } from '../../../streams/kernel/ids.ts';
import { emittedBy } from '../../../streams/kernel/step.ts';
import type { AnyRecord, WorkContext, Worker } from '../../../streams/kernel.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { type Clock, deadlineOf } from '../clock.ts';
import type { RecordDecoder } from '../decode.ts';
import { type Decoded, toOutgoing } from '../envelope.ts';
import { codeOf, LogError, messageOf } from '../errors.ts';
import type { FetchedBatch, LogRecord, OutgoingRecord, Transactor } from '../log.ts';
import { bytesOf, RECORD_BYTES_MAX } from '../record-size.ts';
import { deadLetter, isForAnother } from './dead-letter.ts';
import type { RunnerMetrics } from './metrics.ts';
import type { Progress } from './progress.ts';

/** What a worker does. `handle` throws for what may be tried again; `abandon` tells the end of what may not. */
export interface WorkHandler {
  handle(record: AnyRecord, context: WorkContext): Promise<void>;
  abandon(record: AnyRecord, context: WorkContext, error: unknown): Promise<void>;
}

export interface WorkerTaskDependencies {
  readonly worker: Worker;
  readonly handler: WorkHandler;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly progress: Progress;
  readonly transactor: Transactor;
  readonly decoder: RecordDecoder;
  readonly metrics: RunnerMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly onCrash: (error: unknown) => void;
}

/** Why a record cannot be worked on, and in which run that was found. */
interface Dead {
  readonly error: unknown;
  readonly attempt: number;
}

/** Records waiting to be written before `emit` makes its caller wait. */
const OUTBOX_RECORDS_MAX = 2_000;
const RETRY_MS = { first: 200, max: 10_000, jitter: 0.3 };
/** Records waiting for their key's turn before the partition is paused. */
const WAITING_RECORDS_MAX = 1_000;

/**
 * One partition of a worker. Keys run side by side, records of one key in order. All that the handlers emit goes through
 * one outbox; each turn of the writer commits what is in it, with the progress made, in one transaction.
 */
export class WorkerTask {
  readonly #d: WorkerTaskDependencies;
  readonly #keys = new Map<string, LogRecord[]>();
  readonly #ready: string[] = [];
  readonly #abort = new AbortController();
  #busy = 0;
  #waiting = 0;
  /** Offset behind what was pushed, and behind what the log holds. */
  #pushedTo = 0;
  #logEnd = 0;
  #room: (() => void)[] = [];
  #outbox: OutgoingRecord[] = [];
  /** What the run of a record ends with, by offset: written in the transaction that finishes the record. */
  readonly #ends = new Map<number, readonly OutgoingRecord[]>();
  #outboxRoom: (() => void)[] = [];
  #dirty = false;
  #wake: () => void = () => undefined;
  readonly #stop = new AbortController();
  #dropped = false;
  readonly #writing: Promise<void>;

  constructor(dependencies: WorkerTaskDependencies) {
    this.#d = dependencies;
    this.#writing = this.#write().catch((error: unknown) => this.#crash(error));
  }

  get #stopping(): boolean {
    return this.#stop.signal.aborted;
  }

  push(batch: FetchedBatch): Promise<void> | undefined {
    if (this.#stopping) return undefined;
    const { progress, worker } = this.#d;
    const fresh = batch.records.filter(
      ({ offset, headers }) => !progress.isFinished(offset) && !isForAnother(headers, worker.name),
    );
    progress.passTo(
      batch.next,
      fresh.map(({ offset }) => offset),
    );
    this.#pushedTo = batch.next;
    this.#logEnd = batch.highWatermark;
    this.#tellLag();
    for (const record of fresh) this.#enqueue(record);
    this.#startReady();
    if (this.#waiting < WAITING_RECORDS_MAX && progress.hasRoom(batch.next)) return undefined;
    return new Promise((resolve) => this.#room.push(resolve));
  }

  /** Takes no more, lets what runs end within `graceMs`, then aborts it; commits and closes. */
  async stop(graceMs: number): Promise<void> {
    this.#stop.abort();
    const until = this.#d.clock.now() + graceMs;
    while (this.#busy > 0 && this.#d.clock.now() < until && !this.#dropped) await this.#d.clock.sleep(20);
    this.#abort.abort(new Error('the worker stops'));
    while (this.#busy > 0 && !this.#dropped && this.#d.clock.now() < until + 1_000) await this.#d.clock.sleep(10);
    this.#dropped = true;
    this.#wake();
    await this.#writing;
    await this.#d.transactor.close();
  }

  /** Ends at once: the partition is another owner's by now. */
  async drop(): Promise<void> {
    this.#stop.abort();
    this.#dropped = true;
    this.#outbox = [];
    this.#dirty = false;
    this.#abort.abort(new LogError('FENCED', 'the partition was lost'));
    for (const resume of this.#outboxRoom.splice(0)) resume();
    this.#wake();
    await this.#d.transactor.close();
  }

  #enqueue(record: LogRecord): void {
    const key = record.key ?? '';
    const queue = this.#keys.get(key);
    this.#waiting += 1;
    if (queue !== undefined) {
      queue.push(record);
      return;
    }
    this.#keys.set(key, [record]);
    this.#ready.push(key);
  }

  #startReady(): void {
    while (this.#busy < this.#d.worker.concurrencyMax && !this.#stopping) {
      const key = this.#nextReady();
      if (key === undefined) return;
      this.#busy += 1;
      this.#d.metrics.workersBusy.inc({ processor: this.#d.worker.name });
      this.#workOn(key)
        .catch((error: unknown) => this.#crash(error))
        .finally(() => {
          this.#busy -= 1;
          this.#d.metrics.workersBusy.dec({ processor: this.#d.worker.name });
          this.#startReady();
        });
    }
  }

  /** The first key whose record fits into the window of what can be remembered; the lowest unfinished one always does. */
  #nextReady(): string | undefined {
    const fits = (key: string): boolean => this.#d.progress.hasRoom(this.#keys.get(key)?.[0]?.offset ?? 0);
    const index = this.#ready.findIndex(fits);
    return index < 0 ? undefined : this.#ready.splice(index, 1)[0];
  }

  #tellLag(): void {
    const { metrics, worker, partition, progress } = this.#d;
    metrics.lagRecords.set({ processor: worker.name, partition }, Math.max(0, this.#logEnd - progress.base));
  }

  /** One record of the key, then the key goes to the end of the line, so that no key starves another. */
  async #workOn(key: string): Promise<void> {
    const queue = this.#keys.get(key) ?? [];
    const record = queue[0];
    if (record === undefined) return;
    const settled = await this.#settle(record);
    if (settled === 'ended') return;
    // From here on in one step, so that the writer never sees a dead letter without the progress that goes with it.
    if (settled === 'done') this.#outbox.push(...(this.#ends.get(record.offset) ?? []));
    else this.#bury(record, settled);
    this.#ends.delete(record.offset);
    queue.shift();
    this.#waiting -= 1;
    if (queue.length > 0) this.#ready.push(key);
    else this.#keys.delete(key);
    this.#d.progress.finish(record.offset);
    this.#d.metrics.recordsIn.inc({ processor: this.#d.worker.name });
    this.#d.metrics.ageSeconds.observe(
      { processor: this.#d.worker.name },
      Math.max(0, this.#d.clock.now() - record.timestampMs) / 1_000,
    );
    this.#tellLag();
    this.#touch();
    if (this.#waiting < WAITING_RECORDS_MAX / 2 && this.#d.progress.hasRoom(this.#pushedTo))
      for (const resume of this.#room.splice(0)) resume();
  }

  /** `done` when it was handled or abandoned, `ended` when this task was, and otherwise why it is a dead letter. */
  async #settle(record: LogRecord): Promise<'done' | 'ended' | Dead> {
    let decoded: Decoded;
    try {
      decoded = await this.#d.decoder.decode(record);
    } catch (error) {
      if (codeOf(error) === 'REGISTRY_UNAVAILABLE') throw error;
      return { error, attempt: 1 };
    }
    const { worker, handler, progress } = this.#d;
    for (let delayMs = RETRY_MS.first; ; delayMs = Math.min(delayMs * 2, RETRY_MS.max)) {
      const attempt = progress.begin(record.offset);
      this.#ends.delete(record.offset);
      this.#touch();
      const deadline = deadlineOf(this.#d.clock, worker.deadlineMs);
      const context = this.#contextOf(decoded, attempt, deadline.signal);
      try {
        // More runs than allowed: earlier ones took the process down with them.
        if (attempt > worker.attemptsMax) throw new Error(`given up after ${worker.attemptsMax} runs`);
        await handler.handle(decoded.record, context);
        return 'done';
      } catch (error) {
        if (this.#abort.signal.aborted) return 'ended';
        this.#d.logger.warn({ worker: worker.name, key: record.key, attempt, code: codeOf(error) }, messageOf(error));
        if (attempt >= worker.attemptsMax) return this.#abandon(decoded, context, error);
        await this.#d.clock.sleep(delayMs * (1 + RETRY_MS.jitter * this.#d.clock.random()), this.#stop.signal);
        // What is to be run again is run by the next owner: stopping does not wait for it.
        if (this.#stopping) return 'ended';
      } finally {
        deadline.end();
      }
    }
  }

  async #abandon(decoded: Decoded, context: WorkContext, cause: unknown): Promise<'done' | Dead> {
    try {
      await this.#d.handler.abandon(decoded.record, context, cause);
      return 'done';
    } catch (error) {
      return { error, attempt: context.attempt };
    }
  }

  #bury(record: LogRecord, { error, attempt }: Dead): void {
    this.#outbox.push(deadLetter(record, this.#d.worker.name, error, attempt));
    this.#d.metrics.deadLetters.inc({ processor: this.#d.worker.name, code: codeOf(error) });
  }

  #contextOf({ meta }: Decoded, attempt: number, deadline: AbortSignal): WorkContext {
    const { worker, decoder } = this.#d;
    let position = 0;
    const outgoing = (record: AnyRecord): OutgoingRecord => {
      // The attempt is part of the id: what another run emits is another record, told apart by its readers.
      const emitted = emittedBy(worker.name, meta, record, `${attempt}.${position}`, this.#d.clock.now());
      position += 1;
      const made = toOutgoing(decoder.codec, emitted);
      const bytes = bytesOf(made);
      if (bytes > RECORD_BYTES_MAX) throw new LogError('RECORD_TOO_LARGE', `${bytes} bytes to ${made.topic}`);
      return made;
    };
    return {
      meta,
      attempt,
      signal: AbortSignal.any([this.#abort.signal, deadline]),
      idempotencyKey: derivedId(meta.id, worker.name, 'effect'),
      emit: async (...records) => {
        if (this.#dropped) throw new LogError('FENCED', 'the partition was lost');
        this.#outbox.push(...records.map(outgoing));
        this.#touch();
        if (this.#outbox.length >= OUTBOX_RECORDS_MAX)
          await new Promise<void>((resolve) => this.#outboxRoom.push(resolve));
        if (this.#dropped) throw new LogError('FENCED', 'the partition was lost');
      },
      end: (...records) => void this.#ends.set(meta.offset, records.map(outgoing)),
    };
  }

  #touch(): void {
    this.#dirty = true;
    this.#wake();
  }

  async #write(): Promise<void> {
    const { group, topic, partition, progress, transactor, metrics, worker } = this.#d;
    const labels = { processor: worker.name };
    for (;;) {
      if (!this.#dirty) {
        if (this.#dropped) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      this.#dirty = false;
      const records = this.#outbox;
      this.#outbox = [];
      const end = metrics.transactionSeconds.startTimer(labels);
      await transactor.commit({ records, group, offsets: [{ topic, partition, ...progress.snapshot() }] });
      end();
      metrics.recordsOut.inc(labels, records.length);
      for (const resume of this.#outboxRoom.splice(0)) resume();
    }
  }

  #crash(error: unknown): void {
    if (!this.#dropped) this.#d.onCrash(error);
  }
}
