const WINDOW_MS = 60_000;
const FAILURES_MAX = 30;
const ADDRESSES_MAX = 10_000;

/**
 * Counts failed proofs by address: a wrong key costs 40 ms of a thread, so guessing is cut short before the slow hash.
 * Addresses beyond the bound share nothing: the oldest is forgotten.
 */
export class FailureLimit {
  readonly #failures = new Map<string, { count: number; sinceMs: number }>();

  exceeded(address: string, nowMs = Date.now()): boolean {
    const entry = this.#failures.get(address);
    return entry !== undefined && nowMs - entry.sinceMs < WINDOW_MS && entry.count >= FAILURES_MAX;
  }

  count(address: string, nowMs = Date.now()): void {
    const entry = this.#failures.get(address);
    if (entry !== undefined && nowMs - entry.sinceMs < WINDOW_MS) {
      entry.count += 1;
      return;
    }
    const oldest = this.#failures.keys().next();
    if (this.#failures.size >= ADDRESSES_MAX && !oldest.done) this.#failures.delete(oldest.value);
    this.#failures.delete(address);
    this.#failures.set(address, { count: 1, sinceMs: nowMs });
  }
}
