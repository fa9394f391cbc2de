import { LRUCache } from 'lru-cache';

const WINDOW_MS = 60_000;
const FAILURES_MAX = 30;
const ADDRESSES_MAX = 10_000;

/**
 * Counts failed API keys per address, at most 30 a minute: verifying a wrong key costs 40 ms of a thread, so guessing is
 * stopped before the slow hash. Keeps 10,000 addresses; the address whose latest failure is oldest is dropped first.
 */
export class FailureLimit {
  readonly #failures = new LRUCache<string, { count: number; sinceMs: number }>({ max: ADDRESSES_MAX });

  /** Returns true when the address has used up its failures of this minute. */
  exceeded(address: string, nowMs = Date.now()): boolean {
    const entry = this.#failures.peek(address);
    return entry !== undefined && nowMs - entry.sinceMs < WINDOW_MS && entry.count >= FAILURES_MAX;
  }

  /** Counts one failure of the address. */
  count(address: string, nowMs = Date.now()): void {
    const entry = this.#failures.get(address);
    if (entry !== undefined && nowMs - entry.sinceMs < WINDOW_MS) {
      entry.count += 1;
      return;
    }
    this.#failures.set(address, { count: 1, sinceMs: nowMs });
  }
}
