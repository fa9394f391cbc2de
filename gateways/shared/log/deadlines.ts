/**
 * Deadlines of one length that share a timer: they expire in the order in which they began, so only the oldest needs one.
 * A timer per deadline would cost a busy gateway more than the append that it guards.
 */
export class Deadlines {
  readonly #afterMs: number;
  readonly #open = new Set<{ readonly dueMs: number; readonly expire: () => void }>();
  #timer: NodeJS.Timeout | null = null;

  constructor(afterMs: number) {
    this.#afterMs = afterMs;
  }

  /** Calls `expire` after the time limit, at most a few ms late. Returns a function that cancels the deadline. */
  begin(expire: () => void): () => void {
    const wait = { dueMs: performance.now() + this.#afterMs, expire };
    this.#open.add(wait);
    this.#arm(this.#afterMs);
    return () => void this.#open.delete(wait);
  }

  #arm(afterMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const nowMs = performance.now();
      for (const wait of this.#open) {
        if (wait.dueMs > nowMs) return this.#arm(wait.dueMs - nowMs);
        this.#open.delete(wait);
        wait.expire();
      }
    }, afterMs);
  }
}
