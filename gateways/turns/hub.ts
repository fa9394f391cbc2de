import type { Position } from '../../infra/kafka/log.ts';
import { topics } from '../../schemas/topics.ts';
import type { EventTail } from '../shared/log/event-tail.ts';
import { LiveQueue } from './live-queue.ts';
import { RecentEvents } from './recent-events.ts';
import { fromLog, isConversation, type StreamEvent } from './stream-event.ts';

export interface LiveFeed {
  readonly queue: LiveQueue;
  close(): void;
}

/**
 * Fans the conversation topic out to the streams of this process: the topic is read once, whatever their number.
 * A feed gets every event of its session that the tail reads from the moment it opens.
 */
export class ConversationHub {
  readonly recent: RecentEvents;
  readonly #tail: EventTail;
  readonly #feeds = new Map<string, Set<LiveQueue>>();

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
    const queue = new LiveQueue();
    const feeds = this.#feeds.get(sessionId) ?? new Set();
    this.#feeds.set(sessionId, feeds.add(queue));
    return {
      queue,
      close: () => {
        feeds.delete(queue);
        if (feeds.size === 0 && this.#feeds.get(sessionId) === feeds) this.#feeds.delete(sessionId);
      },
    };
  }

  #take(event: StreamEvent, tenantId: string, place: { partition: number; offset: number; bytes: number }): void {
    this.recent.add(event, tenantId, place);
    for (const queue of this.#feeds.get(event.sessionId) ?? []) queue.push(event);
  }
}
