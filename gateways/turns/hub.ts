import type { Decoded } from '../../infra/kafka/envelope.ts';
import type { Position } from '../../infra/kafka/port.ts';
import { topics } from '../../schemas/topics.ts';
import type { EventTail } from '../shared/log/event-tail.ts';
import { deltaText } from './answer-text.ts';
import { LiveFeed } from './live-feed.ts';
import { LiveTexts } from './live-texts.ts';
import { RecentEvents } from './recent-events.ts';
import { endings, fromLog, isConversation, type StreamItem } from './stream-event.ts';

const TICK_MS = 1_000;

/**
 * Distributes the conversation topics to the streams of this process: the topics are read once for any number of streams,
 * and they share one timer. A feed receives every event and delta of its session that the tail reads after the feed was
 * opened. The two topics have no common order: a delta may come before the start of its turn, or after its end.
 */
export class ConversationHub {
  readonly recent: RecentEvents;
  readonly texts: LiveTexts;
  readonly #tail: EventTail;
  /** Feeds by session. Most sessions have one. */
  readonly #feeds = new Map<string, readonly LiveFeed[]>();
  #ticking: NodeJS.Timeout | undefined;

  constructor(tail: EventTail, recent = new RecentEvents(), texts = new LiveTexts()) {
    this.#tail = tail;
    this.recent = recent;
    this.texts = texts;
    tail.listen((event) => this.#take(event));
  }

  /** First position of the tail in each partition of conversation.events. */
  get began(): readonly Position[] {
    return this.#tail.began.filter(({ topic }) => topic === topics.conversationEvents.name);
  }

  /** Returns a new feed of a session. */
  open(sessionId: string): LiveFeed {
    const feed = new LiveFeed();
    this.#feeds.set(sessionId, [...(this.#feeds.get(sessionId) ?? []), feed]);
    this.#ticking ??= setInterval(() => this.#tick(), TICK_MS).unref();
    return feed;
  }

  /** Ends the feed; a second call has no effect. */
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

  #take(decoded: Decoded): void {
    const { record, meta } = decoded;
    if (record.type === 'TurnDelta') {
      const text = deltaText({ data: record.data, meta });
      this.texts.add(text);
      this.#push(text);
    } else if (isConversation(decoded)) {
      const event = fromLog(decoded);
      const { partition, offset, tenantId, value } = meta;
      this.recent.add(event, tenantId, { partition, offset, bytes: value.length });
      if (endings.has(event.name)) this.texts.end(event.sessionId, event.sequence);
      this.#push(event);
    }
  }

  #push(item: StreamItem): void {
    for (const feed of this.#feeds.get(item.sessionId) ?? []) feed.push(item);
  }
}
