/** Values with a time to live that each reading begins again, shared by all processes. Every call rejects when the store does not answer. */
export interface ExpiringStore {
  /** Keeps a value under a key for `ttlMs`. */
  put(key: string, value: string, ttlMs: number): Promise<void>;
  /** Resolves with the value of a key and keeps it for `ttlMs` from now on, atomically; with null when there is none. */
  touch(key: string, ttlMs: number): Promise<string | null>;
  /** Resolves with the keys that have no value. Extends no time to live. */
  missing(keys: readonly string[]): Promise<readonly string[]>;
  /** Removes the value of a key, if there is one. */
  remove(key: string): Promise<void>;
}
