import { type Backoff, pauseMs } from '../../kit/backoff.ts';
import { systemClock } from '../../kit/clock.ts';
import { codeOf, messageOf } from '../../kit/errors.ts';
import type { Logger } from '../../kit/logger.ts';
import { ProjectionError, UnwritableError } from '../errors.ts';

const RETRY: Backoff = { firstMs: 50, maxMs: 5_000 };

/** Retries what fails for a while, such as a store or the registry that is unavailable. */
export class TransientRetry {
  readonly #name: string;
  readonly #logger: Logger;
  readonly #signal: AbortSignal;
  readonly #onProblem: () => void;
  #failures = 0;
  #problem: string | null = null;

  /** `onProblem` is called at each failed attempt. An aborted `signal` ends the retries. */
  constructor(name: string, logger: Logger, signal: AbortSignal, onProblem: () => void) {
    this.#name = name;
    this.#logger = logger;
    this.#signal = signal;
    this.#onProblem = onProblem;
  }

  /** The error that it retries; null when there is none. */
  get problem(): string | null {
    return this.#problem;
  }

  /**
   * Repeats an attempt until it succeeds, with pauses from 50 ms to 5 s. Rejects with PROJECTION_STOPPED after the abort,
   * with a permanent error at once, and with any error after `attemptsMax` attempts.
   */
  async run<Result>(attempt: () => Promise<Result>, attemptsMax = Number.POSITIVE_INFINITY): Promise<Result> {
    for (let attempts = 1; ; attempts += 1) {
      try {
        const result = await attempt();
        this.#problem = null;
        this.#failures = 0;
        return result;
      } catch (error) {
        if (error instanceof ProjectionError || error instanceof UnwritableError) throw error;
        if (codeOf(error) === 'UNEXPECTED') throw error;
        this.#failures += 1;
        this.#problem = `${codeOf(error)}: ${messageOf(error)}`;
        const delayMs = pauseMs(this.#failures, RETRY);
        this.#logger.warn({ view: this.#name, code: codeOf(error), detail: messageOf(error), delayMs }, 'waits');
        this.#onProblem();
        if (attempts >= attemptsMax) throw error;
        await systemClock.sleep(delayMs, this.#signal);
      }
      if (this.#signal.aborted) throw new ProjectionError('PROJECTION_STOPPED', `${this.#name} stops`);
    }
  }
}
