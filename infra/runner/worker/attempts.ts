import { derivedId } from '../../../schemas/ids.ts';
import { emittedBy } from '../../../streams/kernel/step.ts';
import type { AnyRecord, WorkContext, Worker } from '../../../streams/kernel.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import { type Decoded, toOutgoing } from '../../kafka/envelope.ts';
import { LogError } from '../../kafka/errors.ts';
import type { LogRecord, OutgoingRecord } from '../../kafka/port.ts';
import { bytesOf, RECORD_BYTES_MAX } from '../../kafka/record-size.ts';
import { type Backoff, pauseMs } from '../../kit/backoff.ts';
import { type Clock, waitOf } from '../../kit/clock.ts';
import { codeOf, messageOf } from '../../kit/errors.ts';
import type { Logger } from '../../kit/logger.ts';
import { inWorkSpan } from '../../tracing/read-spans.ts';
import type { InFlight } from '../in-flight.ts';
import type { RunnerMetrics } from '../metrics.ts';
import type { KeyQueue } from './key-queues.ts';
import type { Outbox } from './outbox.ts';
import type { Progress } from './progress.ts';
import { WorkError } from './work-error.ts';

/**
 * The effect of a worker. `handle` throws on an error that may be retried; `abandon` reports the end of work that is
 * not retried.
 */
export interface WorkHandler {
  handle(record: AnyRecord, context: WorkContext): Promise<void>;
  abandon(record: AnyRecord, context: WorkContext, error: unknown): Promise<void>;
}

/** The cause for a dead letter, and the number of the run in which it occurred. */
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
  /** Returns true for a record that was in the log when this owner took over: an earlier owner may have begun it. */
  readonly isInherited: (offset: number) => boolean;
  /** Aborted when no further run may begin. */
  readonly stopping: AbortSignal;
  /** Aborted when running work must end: the partition is lost, or the grace period of a stop is over. */
  readonly aborted: AbortSignal;
}

/**
 * Time in which the first run of a record is counted in the log, in ms: shorter work needs no transaction of its own for
 * it. A run that ends the process earlier is not counted; but then the next owner inherits the record, and counts its run
 * at once. So a record can end the process once more than `attemptsMax` times.
 */
const COUNTED_MS_MAX = 250;

const RETRY: Backoff = { firstMs: 200, maxMs: 10_000, jitter: 0.3 };

/**
 * Runs the first record of a key, with retries, until it is handled or given up. Backoff: 200 ms to 10 s, plus up to 30
 * % by chance.
 */
export class Attempts {
  readonly #d: AttemptsDependencies;
  /** One controller per run: listeners on a shared signal would leak. */
  readonly #running = new Map<AbortController, { readonly record: LogRecord; readonly dueMs: number }>();
  /** Final outputs of the current run, by offset of the record. */
  readonly #ends = new Map<number, readonly OutgoingRecord[]>();

  constructor(dependencies: AttemptsDependencies) {
    this.#d = dependencies;
    const { aborted } = dependencies;
    aborted.addEventListener('abort', () => {
      for (const run of this.#running.keys()) run.abort(aborted.reason);
    });
  }

  /** Returns the runs that have not ended, due at their deadline. A handler that obeys its signal ends then. */
  inFlight(): readonly InFlight[] {
    return [...this.#running.values()].map(({ record: { topic, partition, offset }, dueMs }) => ({
      ...{ processor: this.#d.worker.name, topic, partition, offset, doing: 'work' as const, sinceMs: dueMs },
    }));
  }

  /**
   * Resolves with `done` when the record was handled or abandoned, with `ended` when the task ended, otherwise with the
   * cause for a dead letter. Rejects when the registry is unavailable.
   */
  async settle(record: LogRecord, queue: KeyQueue): Promise<'done' | 'ended' | Dead> {
    let decoded: Decoded;
    try {
      decoded = await this.#d.decoder.decode(record);
    } catch (error) {
      if (codeOf(error) === 'REGISTRY_UNAVAILABLE') throw error;
      return { error, attempt: 1 };
    }
    // A cancel took effect when it was read.
    if (isCancel(this.#d.worker, decoded.record)) return 'done';
    const cancel = new AbortController();
    queue.cancelled = () => {
      if (isCancelled(this.#d.worker, queue, record.offset, decoded.record))
        cancel.abort(new WorkError('WORK_CANCELLED'));
    };
    queue.cancelled();
    return this.#run(record, decoded, cancel.signal);
  }

  /** Returns the final outputs of a record, to be written in the transaction that finishes it, and forgets them. */
  takeEnd(offset: number): readonly OutgoingRecord[] {
    const end = this.#ends.get(offset) ?? [];
    this.#ends.delete(offset);
    return end;
  }

  /**
   * Abandons the record of a dropped dead letter with `WORK_DROPPED`, so that readers waiting for the end of the work
   * receive it. A record that cannot be decoded is skipped. Rejects when the registry is unavailable.
   */
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
    const { worker, handler, progress, clock, aborted, stopping, outbox, isInherited } = this.#d;
    for (let runs = 1; ; runs += 1) {
      if (aborted.aborted) return 'ended';
      if (cancelled.aborted) return this.#abandon(decoded, record.offset, cancelled.reason);
      const attempt = progress.begin(record.offset);
      this.#ends.delete(record.offset);
      if (attempt === 1 && !isInherited(record.offset)) outbox.touchWithin(COUNTED_MS_MAX);
      else outbox.touch();
      // Earlier runs terminated the process, so the count is beyond the limit already.
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
        await inWorkSpan(worker.name, decoded.meta, attempt, () => handler.handle(decoded.record, context));
        this.#countRun('done');
        return 'done';
      } catch (thrown) {
        if (aborted.aborted) return 'ended';
        // The reason of the abort is more precise than the error that an aborted handler throws.
        const error: unknown = context.signal.aborted ? context.signal.reason : thrown;
        this.#countRun(error instanceof WorkError ? error.code : 'failed');
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
      await clock.sleep(
        pauseMs(runs, RETRY, () => clock.random()),
        early,
      );
      // The next owner makes the retry: stopping does not wait for it.
      if (stopping.aborted) return 'ended';
    }
  }

  /**
   * Ends the work after its last run: abandons it, or returns the cause for a dead letter when the worker parks, so
   * that an operator can redrive it.
   */
  #giveUp(decoded: Decoded, attempt: number, error: unknown): Promise<'done' | 'ended' | Dead> | Dead {
    if (this.#d.worker.poison === 'park') return { error, attempt };
    return this.#abandonAs(decoded, attempt, error);
  }

  /**
   * Abandons a record that is not running, as a run of its own, so that its outputs do not get the ids of an earlier
   * run.
   */
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

  #countRun(outcome: string): void {
    this.#d.metrics.workRuns.inc({ processor: this.#d.worker.name, outcome });
  }

  /**
   * Returns the context of a run. `part` distinguishes the output ids of `abandon` from those of the run with the same
   * number.
   */
  #contextOf({ meta }: Decoded, attempt: number, signal: AbortSignal, part = ''): WorkContext {
    const { worker, decoder, outbox, clock, isInherited } = this.#d;
    let position = 0;
    const outgoing = (record: AnyRecord): OutgoingRecord => {
      // The attempt is part of the id: outputs of another run are other records, which readers can distinguish.
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
      inherited: isInherited(meta.offset),
      idempotencyKey: derivedId(meta.id, worker.name, 'effect'),
      emit: async (...records) => {
        outbox.check();
        outbox.gather(...records.map(outgoing));
        await outbox.room();
      },
      commit: async (...records) => {
        outbox.check();
        await outbox.commit(...records.map(outgoing));
      },
      end: (...records) => void this.#ends.set(meta.offset, records.map(outgoing)),
    };
  }
}

const isCancel = ({ cancels }: Worker, record: AnyRecord): boolean => cancels?.by.includes(record.type) === true;

/** Returns whether a later cancel of the key applies to the record. A cancel never applies to later records. */
const isCancelled = ({ cancels }: Worker, queue: KeyQueue, offset: number, record: AnyRecord): boolean =>
  cancels !== null && queue.cancels.some((cancel) => cancel.offset > offset && cancels.of(cancel.record, record));
