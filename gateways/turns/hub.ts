import type { Decoded } from '../../infra/kafka/envelope.ts';
import type { Position } from '../../infra/kafka/port.ts';
import { topics } from '../../schemas/topics.ts';
import type { EventTail } from '../shared/log/event-tail.ts';
import { Feeds } from '../shared/stream/feeds.ts';
import type { LiveFeed } from '../shared/stream/live-feed.ts';
import { deltaText } from './answer-text.ts';
import { LiveTexts } from './live-texts.ts';
import { RecentEvents } from './recent-events.ts';
import { endings, fromLog, isConversation, refusedStart, type StreamItem } from './stream-event.ts';

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
  readonly #feeds = new Feeds<StreamItem>();
  /** Feeds of all sessions of a tenant, by tenant. */
  readonly #tenantFeeds = new Feeds<StreamItem>(TENANT_BUFFERED_MAX);

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
  open(sessionId: string): LiveFeed<StreamItem> {
    return this.#feeds.open(sessionId);
  }

  /** Ends the feed; a second call has no effect. */
  close(sessionId: string, feed: LiveFeed<StreamItem>): void {
    this.#feeds.close(sessionId, feed);
  }

  /** Returns a new feed of all sessions of a tenant. */
  openTenant(tenantId: string): LiveFeed<StreamItem> {
    return this.#tenantFeeds.open(tenantId);
  }

  /** Ends a feed of a tenant; a second call has no effect. */
  closeTenant(tenantId: string, feed: LiveFeed<StreamItem>): void {
    this.#tenantFeeds.close(tenantId, feed);
  }

  #take(decoded: Decoded): void {
    const { record, meta } = decoded;
    if (record.type === 'TurnDelta') {
      const text = deltaText({ data: record.data, meta });
      this.texts.add(text);
      this.#push(text, meta.tenantId);
    } else if (record.type === 'SessionRefused') {
      this.#tenantFeeds.push(meta.tenantId, refusedStart(record.data, meta));
    } else if (isConversation(decoded)) {
      const event = fromLog(decoded);
      const { partition, offset, tenantId, value } = meta;
      this.recent.add(event, tenantId, { partition, offset, bytes: value.length });
      if (endings.has(event.name)) this.texts.end(event.sessionId, event.sequence);
      this.#push(event, tenantId);
    }
  }

  #push(item: StreamItem, tenantId: string): void {
    this.#feeds.push(item.sessionId, item);
    this.#tenantFeeds.push(tenantId, item);
  }
}
