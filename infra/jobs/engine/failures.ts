import { JobError } from '../sdk/errors.ts';
import type { Operation, Result } from './contract.ts';

/** Deepest cause of an error that is looked at. */
const CAUSES_MAX = 5;

/** The errors that a run has thrown into its handler. */
export class Failures {
  readonly #of = new WeakMap<object, Result>();
  readonly #final = new WeakSet<Operation>();

  /** Returns the error of a failed entry. It fails in every run that finds it in the journal. */
  errorOf(result: Result): JobError {
    const { kind, name, code, detail } = result.entry;
    const error = new JobError(code ?? 'JOB_STEP_FAILED', detail ?? `${kind} ${name} failed`, { retryable: false });
    this.#of.set(error, result);
    return error;
  }

  /** Returns the failure that an error is, or has as a cause. */
  behind(error: unknown): Result | undefined {
    let cause = error;
    for (let depth = 0; depth < CAUSES_MAX && typeof cause === 'object' && cause !== null; depth += 1) {
      const failure = this.#of.get(cause);
      if (failure !== undefined) return failure;
      cause = (cause as { readonly cause?: unknown }).cause;
    }
    return undefined;
  }

  /** Notes that a step has failed in a way that another run would not change. */
  noteFinal(operation: Operation): void {
    this.#final.add(operation);
  }

  isFinal(operation: Operation): boolean {
    return this.#final.has(operation);
  }
}
