/** How long a fetch waits, ms, and for how many bytes. */
export interface FetchPace {
  readonly waitMs: number;
  readonly bytesMin: number;
}

/**
 * Fetches of the batch lane, for readers that accept records a second later: answered when this many bytes are available,
 * or after this long. At 20 turns a second the audit is a fifth of a transaction a turn instead of a whole one.
 */
export const IN_BATCHES: FetchPace = { waitMs: 1_000, bytesMin: 64 * 1024 };

/** A reader without records for this long is idle. */
const QUIET_MS = 1_000;

/**
 * Chooses the pace of each fetch of one reader: while records come, the pace of its lane; when none came for QUIET_MS, a long
 * wait that the first byte ends. An idle reader so costs few requests, and receives the next record at once.
 */
export class FetchPacing {
  readonly #busy: FetchPace;
  readonly #idle: FetchPace;
  readonly #nowMs: () => number;
  #arrivedMs: number;

  constructor(busy: FetchPace, idleWaitMs: number, nowMs: () => number = () => performance.now()) {
    this.#busy = busy;
    this.#idle = { waitMs: Math.max(busy.waitMs, idleWaitMs), bytesMin: 1 };
    this.#nowMs = nowMs;
    this.#arrivedMs = nowMs();
  }

  /** Call it when a fetch brought something. */
  arrived(): void {
    this.#arrivedMs = this.#nowMs();
  }

  /** `leavesOut`: a paused partition is not in the fetch, and may have to wait for its end. */
  next({ leavesOut }: { readonly leavesOut: boolean }): FetchPace {
    return leavesOut || this.#nowMs() - this.#arrivedMs < QUIET_MS ? this.#busy : this.#idle;
  }
}
