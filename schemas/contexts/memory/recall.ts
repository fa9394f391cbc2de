/** What a recall asks, and what it compares. */

/** Which memories a recall looks at. */
export interface RecallFilter {
  readonly space: string;
  /** Only what the log had at this time; null for everything that it has. */
  readonly asOf: Date | null;
  /** Only what is true at this time. */
  readonly validAt: Date;
  /** Only memories with all of these labels. */
  readonly labels: readonly string[];
  /** Only memories with none of these labels. */
  readonly withoutLabels: readonly string[];
  /** Only memories with all of these tags. */
  readonly tags: readonly string[];
  /** Only memories with these entries. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A vector of a memory. */
export interface StoredVector {
  readonly memory_id: string;
  readonly vector: string;
  /** Text of a memory whose vector another model made; empty otherwise. */
  readonly text: string;
}
