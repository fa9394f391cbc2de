import type { ServerResponse } from 'node:http';
import type { Caller } from '../shared/auth/caller.ts';
import type { Standing } from '../shared/auth/standing.ts';

/** The longest that a timer waits. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/**
 * Tells streams when to end: the reader goes away, its credentials expire or count no more, or this gateway stops. One
 * controller a stream and nothing derived from it, for there may be thousands that wait for hours.
 */
export class StreamEnds {
  readonly #open = new Map<AbortController, Caller>();
  readonly #standing: Pick<Standing, 'listen' | 'faultOf'>;
  readonly #unlisten: () => void;
  #closed = false;

  constructor(standing: Pick<Standing, 'listen' | 'faultOf'>) {
    this.#standing = standing;
    this.#unlisten = standing.listen(() => {
      for (const [end, caller] of [...this.#open]) if (this.#isOver(caller)) end.abort();
    });
  }

  /** Aborted when the stream of `response` is to end; `released` is called then, once. */
  of(response: ServerResponse, caller: Caller, released: () => void): AbortSignal {
    const end = new AbortController();
    let expiry: NodeJS.Timeout | undefined;
    const close = (): void => {
      if (!this.#open.delete(end)) return;
      clearTimeout(expiry);
      released();
      end.abort();
    };
    this.#open.set(end, caller);
    end.signal.addEventListener('abort', close, { once: true });
    response.once('close', close);
    if (caller.kind !== 'api_key')
      expiry = setTimeout(close, Math.min(Math.max(caller.expiresAtMs - Date.now(), 1), TIMER_MS_MAX));
    // It may have been revoked since it was proved.
    if (this.#closed || this.#isOver(caller)) close();
    return end.signal;
  }

  #isOver(caller: Caller): boolean {
    return this.#standing.faultOf(caller) !== null;
  }

  /** Ends all streams, and those that come later at once. */
  close(): void {
    this.#closed = true;
    this.#unlisten();
    for (const end of [...this.#open.keys()]) end.abort();
  }
}
