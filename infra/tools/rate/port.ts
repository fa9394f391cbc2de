/** Counts calls of tools across all workers. */
export interface CallRate {
  /**
   * Counts one call of a tool. Resolves with null when it is within `perMinute`, otherwise with the time until the next
   * minute of the tool begins, in ms. Rejects when the count is not known.
   */
  take(toolId: string, perMinute: number): Promise<number | null>;
  close(): Promise<void>;
}
