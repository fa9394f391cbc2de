import type { StreamEvent } from './stream-event.ts';

/** Events that a reader has not taken yet. Two hundred turns of a fast model in one second. */
const WAITING_MAX = 1_000;

/** Between the tail, which never waits, and one reader, which may be slow: bounded, and it says when it overflowed. */
export class LiveQueue {
  #events: StreamEvent[] = [];
  #wake: (() => void) | undefined;
  #overflowed = false;
  #signal: AbortSignal | undefined;
  readonly #waitingMax: number;

  constructor(waitingMax = WAITING_MAX) {
    this.#waitingMax = waitingMax;
  }

  push(event: StreamEvent): void {
    if (this.#overflowed) return;
    if (this.#events.length >= this.#waitingMax) {
      this.#overflowed = true;
      this.#events = [];
    } else this.#events.push(event);
    this.#wake?.();
  }

  /** Events were dropped: what is missing must be read elsewhere. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /** Begins anew, empty. */
  reset(): void {
    this.#events = [];
    this.#overflowed = false;
  }

  /** The next event; `idle` when none came in time, `overflowed`, or `aborted`. One reader at a time. */
  async next(timeoutMs: number, signal: AbortSignal): Promise<StreamEvent | 'idle' | 'overflowed' | 'aborted'> {
    if (!this.#ready(signal)) await this.#change(timeoutMs, signal);
    if (signal.aborted) return 'aborted';
    if (this.#overflowed) return 'overflowed';
    return this.#events.shift() ?? 'idle';
  }

  #ready(signal: AbortSignal): boolean {
    return this.#events.length > 0 || this.#overflowed || signal.aborted;
  }

  async #change(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, timeoutMs);
    this.#wake = resolve;
    this.#listenTo(signal);
    await promise;
    this.#wake = undefined;
    clearTimeout(timer);
  }

  /** Once for all waits: a listener for each of them would stay until the stream ends. */
  #listenTo(signal: AbortSignal): void {
    if (this.#signal === signal) return;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake?.(), { once: true });
  }
}
