import type { ServerResponse } from 'node:http';
import type { Caller } from '../shared/auth/caller.ts';
import type { Standing } from '../shared/auth/standing.ts';

/** The longest that a timer waits. */
const TIMER_MS_MAX = 2 ** 31 - 1;

const expiryOf = (caller: Caller): number =>
  caller.kind === 'api_key' ? Number.POSITIVE_INFINITY : caller.expiresAtMs;

/**
 * Tells streams when to end: the reader goes away, its credentials expire or count no more, or this gateway stops. One
 * controller a stream and nothing derived from it, and one timer for all, for there may be thousands that wait for hours.
 */
export class StreamEnds {
  readonly #open = new Map<AbortController, Caller>();
  readonly #standing: Pick<Standing, 'listen' | 'faultOf'>;
  readonly #unlisten: () => void;
  #expiry: { readonly atMs: number; readonly timer: NodeJS.Timeout } | null = null;
  #closed = false;

  constructor(standing: Pick<Standing, 'listen' | 'faultOf'>) {
    this.#standing = standing;
    this.#unlisten = standing.listen(() => this.#endThose((caller) => standing.faultOf(caller) !== null));
  }

  /** Aborted when the stream of `response` is to end; `released` is called then, once. */
  of(response: ServerResponse, caller: Caller, released: () => void): AbortSignal {
    const end = new AbortController();
    const close = (): void => {
      if (!this.#open.delete(end)) return;
      released();
      end.abort();
    };
    this.#open.set(end, caller);
    end.signal.addEventListener('abort', close, { once: true });
    response.once('close', close);
    this.#awaitExpiry(expiryOf(caller));
    // It may have been revoked since it was proved.
    if (this.#closed || this.#standing.faultOf(caller) !== null) close();
    return end.signal;
  }

  /** Ends all streams, and those that come later at once. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#expiry?.timer);
    this.#unlisten();
    this.#endThose(() => true);
  }

  #endThose(isOver: (caller: Caller) => boolean): void {
    for (const [end, caller] of [...this.#open]) if (isOver(caller)) end.abort();
  }

  /** Sees to it that the timer ends no later than `atMs`. */
  #awaitExpiry(atMs: number): void {
    if (atMs === Number.POSITIVE_INFINITY || this.#closed || (this.#expiry !== null && this.#expiry.atMs <= atMs))
      return;
    clearTimeout(this.#expiry?.timer);
    const timer = setTimeout(() => this.#expire(), Math.min(Math.max(atMs - Date.now(), 1), TIMER_MS_MAX));
    this.#expiry = { atMs, timer };
  }

  #expire(): void {
    this.#expiry = null;
    const now = Date.now();
    this.#endThose((caller) => expiryOf(caller) <= now);
    this.#awaitExpiry(Math.min(...[...this.#open.values()].map(expiryOf)));
  }
}
