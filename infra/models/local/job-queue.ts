import { type SlmErrorCode, SlmProviderError } from '../provider.ts';
import { FairQueue, type FairQueueLimits } from './fair-queue.ts';
import { ModelProcess } from './model-process.ts';
import type { ChildMessage, ChildOptions, JobAnswer, JobCommand } from './protocol.ts';

/** After this many deaths without an answer in between, waiting and new jobs fail at once. */
const deathsMax = 3;
/** A cancelled job ends within one batch of tokens; a process that is silent for longer is stuck and is killed. */
const cancelMaxMs = 10_000;

/** A job for the model, with its callbacks. */
export interface Job {
  readonly key: string;
  readonly command: JobCommand;
  /** Called when the job has left the queue and was sent to the model. */
  onStart(): void;
  onDelta(text: string): void;
  onAnswer(answer: Exclude<JobAnswer, { type: 'refused' }>): void;
  onError(error: SlmProviderError): void;
}

/**
 * Sends the model process one job at a time, with sessions in turn. Waiting jobs survive a restart of the process; the
 * running one fails as `SLM_UNAVAILABLE`.
 */
export class JobQueue {
  readonly #waiting: FairQueue<Job>;
  readonly #process: ModelProcess;
  #active: Job | undefined;
  #stuckTimer: NodeJS.Timeout | undefined;
  #nextId = 1;
  #refusal: string | undefined;

  constructor(options: ChildOptions, limits: FairQueueLimits) {
    this.#waiting = new FairQueue(limits);
    this.#process = new ModelProcess(options, {
      onReady: () => {
        this.#refusal = undefined;
        this.#next();
      },
      onMessage: (message) => this.#onMessage(message),
      onDeath: (detail, deaths) => this.#onDeath(detail, deaths),
    });
  }

  get ready(): boolean {
    return this.#process.ready;
  }

  /** True while jobs are refused: the model keeps dying, or the queue is closed. */
  get refuses(): boolean {
    return this.#refusal !== undefined;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get detail(): string {
    return `${this.#process.detail}, ${this.#waiting.size} waiting`;
  }

  takeId(): number {
    return this.#nextId++;
  }

  /** Adds a job. Throws `SLM_RATE_LIMITED` at a bound, `SLM_UNAVAILABLE` when the model keeps dying. */
  add(job: Job): void {
    if (this.#refusal !== undefined) throw failure('SLM_UNAVAILABLE', this.#refusal);
    const refused = this.#waiting.push(job.key, job);
    if (refused === 'full') throw failure('SLM_RATE_LIMITED', 'too many calls wait for the model');
    if (refused === 'key-full') throw failure('SLM_RATE_LIMITED', 'too many calls of this session wait for the model');
    this.#next();
  }

  /** Cancels a job; its callbacks are not called after this. */
  cancel(job: Job): void {
    if (this.#waiting.remove(job.key, job) || this.#active !== job) return;
    this.#process.send({ type: 'cancel', id: job.command.id });
    this.#stuckTimer ??= setTimeout(() => this.#process.kill(), cancelMaxMs);
  }

  async close(): Promise<void> {
    this.#refusal = 'the provider is closed';
    this.#failAll(this.#refusal);
    await this.#process.close();
  }

  #next(): void {
    if (this.#active !== undefined || !this.#process.ready) return;
    this.#active = this.#waiting.shift();
    if (this.#active === undefined) return;
    this.#process.send(this.#active.command);
    this.#active.onStart();
  }

  #onMessage(message: ChildMessage): void {
    const job = this.#active;
    if (job === undefined || message.type === 'ready' || message.type === 'broken') return;
    if (message.id !== job.command.id) return;
    if (message.type === 'delta') {
      job.onDelta(message.text);
      return;
    }
    this.#release();
    this.#process.proved();
    if (message.type === 'refused') job.onError(failure(message.code, message.message));
    else job.onAnswer(message);
    this.#next();
  }

  #onDeath(detail: string, deaths: number): void {
    const job = this.#active;
    this.#release();
    job?.onError(failure('SLM_UNAVAILABLE', `the model process died: ${detail}`));
    if (deaths < deathsMax) return;
    this.#refusal = `the model process died ${deaths} times: ${detail}`;
    for (const waiting of this.#waiting.drain()) waiting.onError(failure('SLM_UNAVAILABLE', this.#refusal));
  }

  #release(): void {
    clearTimeout(this.#stuckTimer);
    this.#stuckTimer = undefined;
    this.#active = undefined;
  }

  #failAll(reason: string): void {
    const job = this.#active;
    this.#release();
    job?.onError(failure('SLM_UNAVAILABLE', reason));
    for (const waiting of this.#waiting.drain()) waiting.onError(failure('SLM_UNAVAILABLE', reason));
  }
}

function failure(code: SlmErrorCode, message: string): SlmProviderError {
  return new SlmProviderError(code, message);
}
