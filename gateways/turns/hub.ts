import type { Position } from '../../infra/kafka/log.ts';
import { topics } from '../../schemas/topics.ts';
import type { EventTail } from '../shared/log/event-tail.ts';
import { LiveFeed } from './live-feed.ts';
import { RecentEvents } from './recent-events.ts';
import { fromLog, isConversation, type StreamEvent } from './stream-event.ts';

const TICK_MS = 1_000;

/**
 * Fans the conversation topic out to the streams of this process: the topic is read once, whatever their number, and one
 * timer ticks for all. A feed gets every event of its session that the tail reads from the moment it opens.
 */
export class ConversationHub {
  readonly recent: RecentEvents;
  readonly #tail: EventTail;
  /** Most sessions have one reader. */
  readonly #feeds = new Map<string, readonly LiveFeed[]>();
  #ticking: NodeJS.Timeout | undefined;

  constructor(tail: EventTail, recent = new RecentEvents()) {
    this.#tail = tail;
    this.recent = recent;
    tail.listen((event) => {
      if (!isConversation(event)) return;
      const { partition, offset, tenantId, value } = event.meta;
      this.#take(fromLog(event), tenantId, { partition, offset, bytes: value.length });
    });
  }

  /** Where this process began to read the conversation topic. */
  get began(): readonly Position[] {
    return this.#tail.began.filter(({ topic }) => topic === topics.conversationEvents.name);
  }

  open(sessionId: string): LiveFeed {
    const feed = new LiveFeed();
    this.#feeds.set(sessionId, [...(this.#feeds.get(sessionId) ?? []), feed]);
    this.#ticking ??= setInterval(() => this.#tick(), TICK_MS).unref();
    return feed;
  }

  /** Ends the feed; twice does no harm. */
  close(sessionId: string, feed: LiveFeed): void {
    const left = (this.#feeds.get(sessionId) ?? []).filter((each) => each !== feed);
    if (left.length > 0) this.#feeds.set(sessionId, left);
    else this.#feeds.delete(sessionId);
    feed.end();
    if (this.#feeds.size > 0) return;
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  #tick(): void {
    for (const feeds of this.#feeds.values()) for (const feed of feeds) feed.tick();
  }

  #take(event: StreamEvent, tenantId: string, place: { partition: number; offset: number; bytes: number }): void {
    this.recent.add(event, tenantId, place);
    for (const feed of this.#feeds.get(event.sessionId) ?? []) feed.push(event);
  }
}
