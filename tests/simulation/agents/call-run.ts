import { LogError } from '../../../infra/kafka/errors.ts';
import type { ToolRun } from '../../../infra/tools/adapters/port.ts';
import type { ToolHandler } from '../../../infra/tools/worker/handler.ts';
import type { AnyRecord, Meta, RecordOf, WorkContext } from '../../../streams/kernel.ts';
import type { Fate, Outside } from './outside.ts';

/** Where a run waits: for its records in the log, for the outside, or for its end in the log. */
export type Point = 'commit' | 'send' | 'answer' | 'check' | 'end';

/** The number of a run, from 1, and whether an earlier owner may have begun the call. */
export interface Begun {
  readonly begun: number;
  readonly inherited: boolean;
}

/** The worker around a run. */
export interface Around {
  readonly outside: Outside;
  /** Writes records with the count of the runs. Returns false when this worker is no owner any more. */
  readonly commit: (records: readonly AnyRecord[]) => boolean;
  /** Writes the end of the record. Returns false as `commit` does. */
  readonly finish: (records: readonly AnyRecord[]) => boolean;
}

/**
 * One run of a call by the handler of the tool worker, as it is in the product. It waits at points; `act` lets it go on to
 * the next one. A run that is never let go on is one whose process died.
 */
export class CallRun {
  readonly work: RecordOf<'RunToolCall'>;
  readonly attempt: number;
  /** Where it waits; null once it has ended. */
  point: Point | null = null;
  /** The error of a run that another one may follow; undefined otherwise. */
  failed: unknown;
  /** Does what it waits to have in the log. */
  #pending: () => boolean = () => false;
  readonly #inherited: boolean;
  readonly #around: Around;
  readonly #abort = new AbortController();
  #ends: readonly AnyRecord[] = [];
  #emitted: AnyRecord[] = [];
  #go: () => void = () => undefined;
  #arrive: () => void = () => undefined;

  constructor(work: RecordOf<'RunToolCall'>, { begun, inherited }: Begun, around: Around) {
    this.work = work;
    this.attempt = begun;
    this.#inherited = inherited;
    this.#around = around;
  }

  /** Resolves when the run has come to its first point. `given`: the error of a run that no further one follows. */
  async begin(handler: ToolHandler, meta: Meta, given: unknown = null): Promise<void> {
    const context: WorkContext = {
      ...{ meta, attempt: this.attempt, signal: this.#abort.signal, inherited: this.#inherited },
      idempotencyKey: `key of ${this.work.data.callId}`,
      commit: async (...records) => {
        this.#pending = () => this.#around.commit(records);
        await this.#reach('commit');
        if (!this.#pending()) throw this.#fenced();
      },
      emit: async (...records) => void this.#emitted.push(...records),
      end: (...records) => {
        this.#ends = records;
      },
    };
    await this.#until(() => {
      const { work } = this;
      const run = given === null ? handler.handle(work, context) : handler.abandon(work, context, given);
      void run.then(
        () => this.#finish(),
        (error: unknown) => this.#over(error),
      );
    });
  }

  /** Lets the run go on to its next point, or to its end. */
  act = (): Promise<void> => this.#until(() => this.#go());

  /** The transaction in transit is committed although its worker is gone. */
  land = (): boolean => this.#pending();

  /** The request in transit arrives although its worker is gone. Nothing reads its answer. */
  arrive(): Fate {
    const { callId, arguments: given } = this.work.data;
    return this.#around.outside.take({ callId, arguments: JSON.parse(given) }, this.attempt);
  }

  /** What the connection of the tool does for this run. */
  async execute(run: ToolRun): Promise<void> {
    await this.#reach('send');
    const fate = this.#around.outside.take(run, this.attempt);
    await this.#reach('answer');
    const error = this.#around.outside.answer(fate);
    if (error !== null) throw error;
  }

  async check(run: ToolRun) {
    await this.#reach('check');
    return this.#around.outside.check(run);
  }

  async #finish(): Promise<void> {
    this.#pending = () => this.#around.finish([...this.#emitted, ...this.#ends]);
    await this.#reach('end');
    this.#pending();
    this.#over(undefined);
  }

  #fenced(): Error {
    const error = new LogError('FENCED', 'another worker has the partition');
    this.#abort.abort(error);
    return error;
  }

  #over(error: unknown): void {
    this.point = null;
    this.failed = this.#abort.signal.aborted ? undefined : error;
    this.#arrive();
  }

  #reach(point: Point): Promise<void> {
    this.point = point;
    this.#arrive();
    return new Promise((resolve) => {
      this.#go = resolve;
    });
  }

  #until(start: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.#arrive = resolve;
      start();
    });
  }
}
