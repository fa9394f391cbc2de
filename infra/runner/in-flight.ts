/** A record in flight: taken by a task and not committed yet. */
export interface InFlight {
  readonly processor: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly doing: 'decide' | 'transaction' | 'work';
  /**
   * Time after which it should have moved on, in ms since 1970: the start of the step, or the end of the deadline for
   * `work`.
   */
  readonly sinceMs: number;
}

/** Returns the records that have been in flight for more than `forMs` ms since `sinceMs`. */
export const stuckOf = (inFlight: readonly InFlight[], nowMs: number, forMs: number): readonly InFlight[] =>
  inFlight.filter(({ sinceMs }) => nowMs - sinceMs > forMs);
