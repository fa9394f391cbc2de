import type { ConversationItem } from './conversation.ts';
import { endings, type StreamEvent } from './stream-event.ts';

/** Server-Sent Events, as the HTML standard describes their text. JSON has no raw line breaks, so one data line is enough. */
export const RETRY_FRAME = 'retry: 1000\n\n';
export const HEARTBEAT_FRAME = ': heartbeat\n\n';

const frames = new WeakMap<StreamEvent, string>();

/** The text of one event. Made once, however many read it. */
export function frameOf(event: StreamEvent): string {
  const known = frames.get(event);
  if (known !== undefined) return known;
  const data = JSON.stringify({
    event_id: event.eventId,
    session_id: event.sessionId,
    turn_id: event.turnId,
    sequence: event.sequence,
    at: event.at,
    ...event.payload,
  });
  const frame = `id: ${event.sequence}\nevent: ${event.name}\ndata: ${data}\n\n`;
  frames.set(event, frame);
  return frame;
}

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
  readonly #open = new Set<string>();
  #turnsSeen = false;
  #caughtUp = false;

  constructor(scope: StreamScope) {
    this.#scope = scope;
  }

  /**
   * Where reading begins. To know whether turns are open, one must have seen them begin: only a stream that never ends
   * may skip what the reader has.
   */
  get readAfter(): number {
    return this.#scope.follow ? this.#scope.lastEventId : 0;
  }

  /** The text to send for an item; null for nothing. */
  take(item: ConversationItem): string | null {
    if (item === 'idle') return HEARTBEAT_FRAME;
    if (item === 'caught-up') {
      this.#caughtUp = true;
      return null;
    }
    this.#note(item);
    const mine = this.#scope.turnId === null || item.turnId === this.#scope.turnId;
    return item.name !== null && mine && item.sequence > this.#scope.lastEventId ? frameOf(item) : null;
  }

  /** True when nothing more will be shown: the turn has ended, or no turn that is known is open. */
  get ended(): boolean {
    return (
      !this.#scope.follow && this.#turnsSeen && this.#open.size === 0 && (this.#caughtUp || this.#scope.turnId !== null)
    );
  }

  /** True while a stream that is to end with a turn has seen none. */
  get waitsForFirstTurn(): boolean {
    return !this.#scope.follow && !this.#turnsSeen;
  }

  #note({ name, turnId }: StreamEvent): void {
    if (turnId === null || (this.#scope.turnId !== null && turnId !== this.#scope.turnId)) return;
    this.#turnsSeen = true;
    if (endings.has(name)) this.#open.delete(turnId);
    else this.#open.add(turnId);
  }
}
