/** Values that can be taken once, over all processes that share the store. */
export interface SingleUseStore {
  /** Keeps a value under a key for `ttlMs`. Rejects when the store does not answer. */
  put(key: string, value: string, ttlMs: number): Promise<void>;
  /**
   * Removes and resolves with the value of a key, atomically: of callers at the same time, one gets it. Resolves with null
   * when there is none. Rejects when the store does not answer.
   */
  take(key: string): Promise<string | null>;
}
