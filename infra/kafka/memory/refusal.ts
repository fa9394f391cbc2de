/** What a broker answers that a client acts on by itself, by the protocol's name. Whatever else goes wrong is a LogError. */
export type RefusalName =
  | 'CONCURRENT_TRANSACTIONS'
  | 'UNKNOWN_MEMBER_ID'
  | 'ILLEGAL_GENERATION'
  | 'REBALANCE_IN_PROGRESS';

export class Refusal extends Error {
  readonly refusal: RefusalName;
  constructor(refusal: RefusalName) {
    super(refusal);
    this.refusal = refusal;
  }
}

export const isRefused = (error: unknown, name?: RefusalName): error is Refusal =>
  error instanceof Refusal && (name === undefined || error.refusal === name);
