/** A record that a task sits on: decided, written or worked on, but not done with. */
export interface Held {
  readonly processor: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly doing: 'decide' | 'transaction' | 'work';
  /** Since when it should have moved on, ms since 1970: its begin, or for work the end of its deadline. */
  readonly sinceMs: number;
}

/** Those that are held for longer than `forMs`. */
export const stuckOf = (held: readonly Held[], nowMs: number, forMs: number): readonly Held[] =>
  held.filter(({ sinceMs }) => nowMs - sinceMs > forMs);
