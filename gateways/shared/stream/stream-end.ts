import type { ServerResponse } from 'node:http';
import { type Caller, expiryOf } from '../auth/caller.ts';
import type { CredentialStatus } from '../auth/credential-status.ts';

/** Maximum delay of a Node timer. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/**
 * Ends streams when the client disconnects, its credentials expire or are revoked, or this gateway stops. Each stream has
 * one controller without derived signals, and all share one timer, because thousands of streams may be open for hours.
 */
export class StreamEnds {
  readonly #open = new Map<AbortController, Caller>();
  readonly #credentialStatus: Pick<CredentialStatus, 'listen' | 'faultOf' | 'watch'>;
  readonly #unlisten: () => void;
  #expiry: { readonly atMs: number; readonly timer: NodeJS.Timeout } | null = null;
  #closed = false;

  constructor(credentialStatus: Pick<CredentialStatus, 'listen' | 'faultOf' | 'watch'>) {
    this.#credentialStatus = credentialStatus;
    this.#unlisten = credentialStatus.listen(() =>
      this.#endWhere((caller) => credentialStatus.faultOf(caller) !== null),
    );
  }

  /** Returns a signal that aborts when the stream of `response` must end. Calls `released` then, once. */
  of(response: ServerResponse, caller: Caller, released: () => void): AbortSignal {
    const end = new AbortController();
    const unwatch = this.#credentialStatus.watch(caller);
    const close = (): void => {
      if (!this.#open.delete(end)) return;
      unwatch();
      released();
      end.abort();
    };
    this.#open.set(end, caller);
    end.signal.addEventListener('abort', close, { once: true });
    response.once('close', close);
    this.#awaitExpiry(expiryOf(caller));
    // The credentials may have been revoked since authentication.
    if (this.#closed || this.#credentialStatus.faultOf(caller) !== null) close();
    return end.signal;
  }

  /** Ends all streams, and every later stream at once. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#expiry?.timer);
    this.#unlisten();
    this.#endWhere(() => true);
  }

  #endWhere(isOver: (caller: Caller) => boolean): void {
    for (const [end, caller] of [...this.#open]) if (isOver(caller)) end.abort();
  }

  /** Sets the timer to fire no later than `atMs`, ms since 1970. */
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
    this.#endWhere((caller) => expiryOf(caller) <= now);
    this.#awaitExpiry(Math.min(...[...this.#open.values()].map(expiryOf)));
  }
}
