import { endings, type StreamEvent } from './stream-event.ts';

export const RETRY_FRAME = 'retry: 1000\n\n';
export const HEARTBEAT_FRAME = ': heartbeat\n\n';

export interface StreamScope {
  /** Only this turn; null for all turns of the session. */
  readonly turnId: string | null;
  /** True when the stream stays open after its turns have ended. */
  readonly follow: boolean;
  /** The last sequence that the reader has. */
  readonly lastEventId: number;
}

/** Which events of a conversation a stream shows, and when it has ended. One per stream. */
export class StreamCut {
  readonly #scope: StreamScope;
  /** Turns that are open; null for a stream that stays anyway. */
  readonly #open: Set<string> | null;
  #turnsSeen = false;
  #caughtUp = false;

  constructor(scope: StreamScope) {
    this.#scope = scope;
    this.#open = scope.follow ? null : new Set();
  }

  /**
   * Where reading begins. To know whether turns are open, one must have seen them begin: only a stream that never ends
   * may skip what the reader has.
   */
  get readAfter(): number {
    return this.#scope.follow ? this.#scope.lastEventId : 0;
  }

  /** The text to send for an event; null for nothing. */
  take(event: StreamEvent): string | null {
    this.#note(event);
    const mine = this.#scope.turnId === null || event.turnId === this.#scope.turnId;
    return mine && event.sequence > this.#scope.lastEventId ? event.frame : null;
  }

  /** All that had happened when the stream was opened was taken. */
  caughtUp(): void {
    this.#caughtUp = true;
  }

  /** True when nothing more will be shown: the turn has ended, or no turn that is known is open. */
  get ended(): boolean {
    return this.#turnsSeen && this.#open?.size === 0 && (this.#caughtUp || this.#scope.turnId !== null);
  }

  /** True while a stream that is to end with a turn has seen none. */
  get waitsForFirstTurn(): boolean {
    return this.#open !== null && !this.#turnsSeen;
  }

  #note({ name, turnId }: StreamEvent): void {
    if (this.#open === null || turnId === null || (this.#scope.turnId !== null && turnId !== this.#scope.turnId))
      return;
    this.#turnsSeen = true;
    if (endings.has(name)) this.#open.delete(turnId);
    else this.#open.add(turnId);
  }
}
