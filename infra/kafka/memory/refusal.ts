/** Protocol errors that a client handles by itself. All other failures are a LogError. */
export type RefusalName =
  | 'CONCURRENT_TRANSACTIONS'
  | 'UNKNOWN_MEMBER_ID'
  | 'ILLEGAL_GENERATION'
  | 'REBALANCE_IN_PROGRESS';

/** A protocol error as an exception. */
export class Refusal extends Error {
  readonly refusal: RefusalName;
  constructor(refusal: RefusalName) {
    super(refusal);
    this.refusal = refusal;
  }
}

/** Returns true for a Refusal, of the given name when there is one. */
export const isRefused = (error: unknown, name?: RefusalName): error is Refusal =>
  error instanceof Refusal && (name === undefined || error.refusal === name);
