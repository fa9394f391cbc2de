import { derivedId } from '../../../streams/kernel/ids.ts';
import { emittedBy } from '../../../streams/kernel/step.ts';
import type { AnyRecord, WorkContext, Worker } from '../../../streams/kernel.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { type Clock, waitOf } from '../clock.ts';
import type { RecordDecoder } from '../decode.ts';
import { type Decoded, toOutgoing } from '../envelope.ts';
import { codeOf, LogError, messageOf } from '../errors.ts';
import type { LogRecord, OutgoingRecord } from '../log.ts';
import { bytesOf, RECORD_BYTES_MAX } from '../record-size.ts';
import type { Held } from './held.ts';
import type { KeyQueue } from './key-queues.ts';
import type { RunnerMetrics } from './metrics.ts';
import type { Outbox } from './outbox.ts';
import type { Progress } from './progress.ts';
import { WorkError } from './work-error.ts';

/** What a worker does. `handle` throws for what may be tried again; `abandon` tells the end of what may not. */
export interface WorkHandler {
  handle(record: AnyRecord, context: WorkContext): Promise<void>;
  abandon(record: AnyRecord, context: WorkContext, error: unknown): Promise<void>;
}

/** Why a record cannot be worked on, and in which run that was found. */
export interface Dead {
  readonly error: unknown;
  readonly attempt: number;
}

export interface AttemptsDependencies {
  readonly worker: Worker;
  readonly handler: WorkHandler;
  readonly progress: Progress;
  readonly outbox: Outbox;
  readonly decoder: RecordDecoder;
  readonly metrics: RunnerMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
  /** No further run is begun. */
  readonly stopping: AbortSignal;
  /** What runs is aborted: the partition is lost, or the grace of a stop is over. */
  readonly aborted: AbortSignal;
}

const RETRY_MS = { first: 200, max: 10_000, jitter: 0.3 };

/** Runs the first record of a key, again and again, until it is handled or given up. */
export class Attempts {
  readonly #d: AttemptsDependencies;
  /** One signal for all would keep every run that ever was. */
  readonly #running = new Map<AbortController, { readonly record: LogRecord; readonly dueMs: number }>();
  /** What the run of a record ends with, by offset. */
  readonly #ends = new Map<number, readonly OutgoingRecord[]>();

  constructor(dependencies: AttemptsDependencies) {
    this.#d = dependencies;
    const { aborted } = dependencies;
    aborted.addEventListener('abort', () => {
      for (const run of this.#running.keys()) run.abort(aborted.reason);
    });
  }

  /** Runs that have not ended; one that minds its deadline ends then. */
  held(): readonly Held[] {
    return [...this.#running.values()].map(({ record: { topic, partition, offset }, dueMs }) => ({
      ...{ processor: this.#d.worker.name, topic, partition, offset, doing: 'work' as const, sinceMs: dueMs },
    }));
  }

  /** `done` when it was handled or abandoned, `ended` when the task was, and otherwise why it is a dead letter. */
  async settle(record: LogRecord, queue: KeyQueue): Promise<'done' | 'ended' | Dead> {
    let decoded: Decoded;
    try {
      decoded = await this.#d.decoder.decode(record);
    } catch (error) {
      if (codeOf(error) === 'REGISTRY_UNAVAILABLE') throw error;
      return { error, attempt: 1 };
    }
    // A cancel did its part when it was read.
    if (isCancel(this.#d.worker, decoded.record)) return 'done';
    const cancel = new AbortController();
    queue.cancelled = () => {
      if (isCancelled(this.#d.worker, queue, record.offset, decoded.record))
        cancel.abort(new WorkError('WORK_CANCELLED'));
    };
    queue.cancelled();
    try {
      return await this.#run(record, decoded, cancel.signal);
    } finally {
      queue.cancelled = () => undefined;
    }
  }

  /** What the record ended with, to be written in the transaction that finishes it. Forgets it. */
  takeEnd(offset: number): readonly OutgoingRecord[] {
    const end = this.#ends.get(offset) ?? [];
    this.#ends.delete(offset);
    return end;
  }

  /** A letter that is left out: whoever waits for the end of the work is told, where it can be read. */
  async drop(record: LogRecord): Promise<void> {
    try {
      const decoded = await this.#d.decoder.decode(record);
      if (isCancel(this.#d.worker, decoded.record)) return;
      await this.#abandon(decoded, record.offset, new WorkError('WORK_DROPPED'));
    } catch (error) {
      if (codeOf(error) === 'REGISTRY_UNAVAILABLE') throw error;
    }
  }

  async #run(record: LogRecord, decoded: Decoded, cancelled: AbortSignal): Promise<'done' | 'ended' | Dead> {
    const { worker, handler, progress, clock, aborted, stopping, outbox } = this.#d;
    for (let delayMs = RETRY_MS.first; ; delayMs = Math.min(delayMs * 2, RETRY_MS.max)) {
      if (aborted.aborted) return 'ended';
      if (cancelled.aborted) return this.#abandon(decoded, record.offset, cancelled.reason);
      const attempt = progress.begin(record.offset);
      this.#ends.delete(record.offset);
      outbox.touch();
      // More runs than allowed: earlier ones took the process down with them.
      if (attempt > worker.attemptsMax) return this.#giveUp(decoded, attempt, new WorkError('WORK_ATTEMPTS_EXHAUSTED'));
      const run = new AbortController();
      const cancel = (): void => run.abort(cancelled.reason);
      cancelled.addEventListener('abort', cancel);
      this.#running.set(run, { record, dueMs: clock.now() + worker.deadlineMs });
      const deadline = waitOf(clock, worker.deadlineMs);
      void deadline.over.then(() => {
        if (this.#running.has(run)) run.abort(new WorkError('WORK_DEADLINE'));
      });
      const context = this.#contextOf(decoded, attempt, run.signal);
      try {
        await handler.handle(decoded.record, context);
        this.#tell('done');
        return 'done';
      } catch (thrown) {
        if (aborted.aborted) return 'ended';
        // What a handler throws when it is aborted says less than why it was.
        const error: unknown = context.signal.aborted ? context.signal.reason : thrown;
        this.#tell(error instanceof WorkError ? error.code : 'failed');
        this.#d.logger.warn(
          { worker: worker.name, key: record.key, attempt, code: codeOf(error), thrown: messageOf(thrown) },
          messageOf(error),
        );
        if (cancelled.aborted) continue;
        if (attempt >= worker.attemptsMax) return this.#giveUp(decoded, attempt, error);
      } finally {
        this.#running.delete(run);
        deadline.end();
        cancelled.removeEventListener('abort', cancel);
      }
      const early = AbortSignal.any([stopping, cancelled]);
      await clock.sleep(delayMs * (1 + RETRY_MS.jitter * clock.random()), early);
      // What is to be run again is run by the next owner: stopping does not wait for it.
      if (stopping.aborted) return 'ended';
    }
  }

  /** No run is left: the end of the work, unless it is kept for somebody to look at. */
  #giveUp(decoded: Decoded, attempt: number, error: unknown): Promise<'done' | 'ended' | Dead> | Dead {
    if (this.#d.worker.poison === 'park') return { error, attempt };
    return this.#abandonAs(decoded, attempt, error);
  }

  /** Abandons what is not running, as a run of its own: what it emits must not be taken for what an earlier run emitted. */
  #abandon(decoded: Decoded, offset: number, error: unknown): Promise<'done' | 'ended' | Dead> {
    return this.#abandonAs(decoded, this.#d.progress.begin(offset), error);
  }

  async #abandonAs(decoded: Decoded, attempt: number, error: unknown): Promise<'done' | 'ended' | Dead> {
    const { handler, metrics, worker, aborted } = this.#d;
    this.#ends.delete(decoded.meta.offset);
    try {
      await handler.abandon(decoded.record, this.#contextOf(decoded, attempt, aborted, 'end'), error);
      metrics.workAbandoned.inc({ processor: worker.name, code: codeOf(error) });
      return 'done';
    } catch (thrown) {
      return aborted.aborted ? 'ended' : { error: thrown, attempt };
    }
  }

  #tell(outcome: string): void {
    this.#d.metrics.workRuns.inc({ processor: this.#d.worker.name, outcome });
  }

  /** `part` keeps the ids of what `abandon` emits apart from those of the run of the same number. */
  #contextOf({ meta }: Decoded, attempt: number, signal: AbortSignal, part = ''): WorkContext {
    const { worker, decoder, outbox, clock } = this.#d;
    let position = 0;
    const outgoing = (record: AnyRecord): OutgoingRecord => {
      // The attempt is part of the id: what another run emits is another record, told apart by its readers.
      const emitted = emittedBy(worker.name, meta, record, `${attempt}${part}.${position}`, clock.now());
      position += 1;
      const made = toOutgoing(decoder.codec, emitted);
      const bytes = bytesOf(made);
      if (bytes > RECORD_BYTES_MAX) throw new LogError('RECORD_TOO_LARGE', `${bytes} bytes to ${made.topic}`);
      return made;
    };
    return {
      meta,
      attempt,
      signal,
      idempotencyKey: derivedId(meta.id, worker.name, 'effect'),
      emit: async (...records) => {
        outbox.check();
        outbox.put(...records.map(outgoing));
        await outbox.room();
      },
      end: (...records) => void this.#ends.set(meta.offset, records.map(outgoing)),
    };
  }
}

const isCancel = ({ cancels }: Worker, record: AnyRecord): boolean => cancels?.by.includes(record.type) === true;

/** A cancel ends what came before it, never what came after. */
const isCancelled = ({ cancels }: Worker, queue: KeyQueue, offset: number, record: AnyRecord): boolean =>
  cancels !== null && queue.cancels.some((cancel) => cancel.offset > offset && cancels.of(cancel.record, record));
