import type { Decoded } from '../../infra/kafka/envelope.ts';
import type { Position } from '../../infra/kafka/port.ts';
import { topics } from '../../schemas/topics.ts';
import type { EventTail } from '../shared/log/event-tail.ts';
import { Feeds } from '../shared/stream/feeds.ts';
import type { LiveFeed } from '../shared/stream/live-feed.ts';
import { deltaText } from './answer-text.ts';
import { LiveTexts } from './live-texts.ts';
import { RecentEvents } from './recent-events.ts';
import { endings, fromLog, isConversation, type StreamItem } from './stream-event.ts';

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

  #take(decoded: Decoded): void {
    const { record, meta } = decoded;
    if (record.type === 'TurnDelta') {
      const text = deltaText({ data: record.data, meta });
      this.texts.add(text);
      this.#feeds.push(text.sessionId, text);
    } else if (isConversation(decoded)) {
      const event = fromLog(decoded);
      const { partition, offset, tenantId, value } = meta;
      this.recent.add(event, tenantId, { partition, offset, bytes: value.length });
      if (endings.has(event.name)) this.texts.end(event.sessionId, event.sequence);
      this.#feeds.push(event.sessionId, event);
    }
  }
}
