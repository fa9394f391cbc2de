import type { Decoded } from '../../infra/kafka/envelope.ts';
import type { Position } from '../../infra/kafka/port.ts';
import { topics } from '../../schemas/topics.ts';
import type { EventTail } from '../shared/log/event-tail.ts';
import { deltaText } from './answer-text.ts';
import { LiveFeed } from './live-feed.ts';
import { LiveTexts } from './live-texts.ts';
import { RecentEvents } from './recent-events.ts';
import { endings, fromLog, isConversation, refusedStart, type StreamItem } from './stream-event.ts';

const TICK_MS = 1_000;

/** Items that a reader of a whole tenant has not taken yet: a second of a thousand turns. */
const TENANT_BUFFERED_MAX = 10_000;

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
  /** Feeds of all sessions of a tenant, by tenant. */
  readonly #tenantFeeds = new Map<string, readonly LiveFeed[]>();
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
    return this.#open(this.#feeds, sessionId, new LiveFeed());
  }

  /** Returns a new feed of all sessions of a tenant. */
  openTenant(tenantId: string): LiveFeed {
    return this.#open(this.#tenantFeeds, tenantId, new LiveFeed(TENANT_BUFFERED_MAX));
  }

  /** Ends the feed; a second call has no effect. */
  close(sessionId: string, feed: LiveFeed): void {
    this.#close(this.#feeds, sessionId, feed);
  }

  /** Ends a feed of a tenant; a second call has no effect. */
  closeTenant(tenantId: string, feed: LiveFeed): void {
    this.#close(this.#tenantFeeds, tenantId, feed);
  }

  #open(feeds: Map<string, readonly LiveFeed[]>, key: string, feed: LiveFeed): LiveFeed {
    feeds.set(key, [...(feeds.get(key) ?? []), feed]);
    this.#ticking ??= setInterval(() => this.#tick(), TICK_MS).unref();
    return feed;
  }

  #close(feeds: Map<string, readonly LiveFeed[]>, key: string, feed: LiveFeed): void {
    const left = (feeds.get(key) ?? []).filter((each) => each !== feed);
    if (left.length > 0) feeds.set(key, left);
    else feeds.delete(key);
    feed.end();
    if (this.#feeds.size + this.#tenantFeeds.size > 0) return;
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  #tick(): void {
    for (const byKey of [this.#feeds, this.#tenantFeeds])
      for (const feeds of byKey.values()) for (const feed of feeds) feed.tick();
  }

  #take(decoded: Decoded): void {
    const { record, meta } = decoded;
    if (record.type === 'TurnDelta') {
      const text = deltaText({ data: record.data, meta });
      this.texts.add(text);
      this.#push(text, meta.tenantId);
    } else if (record.type === 'SessionRefused') {
      for (const feed of this.#tenantFeeds.get(meta.tenantId) ?? []) feed.push(refusedStart(record.data, meta));
    } else if (isConversation(decoded)) {
      const event = fromLog(decoded);
      const { partition, offset, tenantId, value } = meta;
      this.recent.add(event, tenantId, { partition, offset, bytes: value.length });
      if (endings.has(event.name)) this.texts.end(event.sessionId, event.sequence);
      this.#push(event, tenantId);
    }
  }

  #push(item: StreamItem, tenantId: string): void {
    for (const feed of this.#feeds.get(item.sessionId) ?? []) feed.push(item);
    for (const feed of this.#tenantFeeds.get(tenantId) ?? []) feed.push(item);
  }
}
