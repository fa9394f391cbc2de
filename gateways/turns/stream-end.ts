import type { ServerResponse } from 'node:http';
import type { RevocationBoard } from '../../infra/access/revocation-board.ts';
import type { Caller } from '../shared/auth/caller.ts';

/**
 * Tells streams when to end: the reader goes away, its token expires or is revoked, or this gateway stops. One controller
 * a stream and nothing derived from it, for there may be thousands that wait for hours.
 */
export class StreamEnds {
  readonly #open = new Map<AbortController, Caller>();
  readonly #revocations: Pick<RevocationBoard, 'listen' | 'revoked'>;
  readonly #unlisten: () => void;
  #closed = false;

  constructor(revocations: Pick<RevocationBoard, 'listen' | 'revoked'>) {
    this.#revocations = revocations;
    this.#unlisten = revocations.listen(() => {
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
    if (caller.kind === 'session') expiry = setTimeout(close, Math.max(caller.expiresAtMs - Date.now(), 1));
    // It may have been revoked since it was proved.
    if (this.#closed || this.#isOver(caller)) close();
    return end.signal;
  }

  #isOver(caller: Caller): boolean {
    return caller.kind === 'session' && this.#revocations.revoked(caller);
  }

  /** Ends all streams, and those that come later at once. */
  close(): void {
    this.#closed = true;
    this.#unlisten();
    for (const end of [...this.#open.keys()]) end.abort();
  }
}
