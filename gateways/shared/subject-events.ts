import { LRUCache } from 'lru-cache';
import type { Decoded } from '../../infra/kafka/envelope.ts';
import type { Position } from '../../infra/kafka/port.ts';
import { liveEvent, type StoredEvent } from '../../projections/events/queries.ts';
import { fullNames, type RecordName } from '../../schemas/generated/records.ts';
import type { EventTail } from './log/event-tail.ts';
import { Feeds } from './stream/feeds.ts';
import type { LiveFeed } from './stream/live-feed.ts';
import { RecentItems } from './stream/recent-items.ts';

/** A topic of events whose key is a subject that lives and ends, such as a job. */
export interface SubjectTopic {
  readonly topic: string;
  /** The record that begins the life of a subject. */
  readonly first: RecordName;
}

/** Returns a record of the topic as an event of its stream; null for any other record. */
export const liveEventOf =
  (topic: string) =>
  (decoded: Decoded): StoredEvent | null =>
    decoded.meta.topic === topic ? liveEvent(decoded) : null;

/** Subjects in memory that have no event yet: those of several of the largest requests. */
const EXPECTED_MAX = 50_000;

const keyOf = (tenantId: string, subjectId: string): string => `${tenantId}/${subjectId}`;

/** The events of subjects that the tail of this process reads: read once for any number of streams. */
export class SubjectEvents {
  readonly topic: string;
  readonly #first: string;
  /** By `keyOf`: a refused command of another tenant has the key of the subject, too. */
  readonly #recent = new RecentItems<StoredEvent>();
  readonly #feeds = new Feeds<StoredEvent>();
  /** Subjects that this process has sent the first command of, until an event of them comes. */
  readonly #expected = new LRUCache<string, true>({ max: EXPECTED_MAX });
  readonly #waits = new Map<string, Set<() => void>>();
  readonly #tail: Pick<EventTail, 'listen' | 'began' | 'catchUp'>;

  constructor(tail: Pick<EventTail, 'listen' | 'began' | 'catchUp'>, { topic, first }: SubjectTopic) {
    this.topic = topic;
    this.#first = fullNames[first];
    this.#tail = tail;
    const liveOf = liveEventOf(topic);
    tail.listen((event) => this.#take(event, liveOf(event)));
  }

  /** First position of the tail in each partition of the topic. */
  get began(): readonly Position[] {
    return this.#tail.began.filter(({ topic }) => topic === this.topic);
  }

  /** Returns a new feed of a subject of the tenant. It receives every event that the tail reads from now on. */
  open(tenantId: string, subjectId: string): LiveFeed<StoredEvent> {
    return this.#feeds.open(keyOf(tenantId, subjectId));
  }

  /** Ends the feed; a second call has no effect. */
  close(tenantId: string, subjectId: string, feed: LiveFeed<StoredEvent>): void {
    this.#feeds.close(keyOf(tenantId, subjectId), feed);
  }

  /** Returns the latest events of a subject of the tenant, oldest first. */
  recent(tenantId: string, subjectId: string): readonly StoredEvent[] {
    return [...this.#recent.of(keyOf(tenantId, subjectId))];
  }

  /** Returns true when all events of the topic from `positions` on are here. */
  covers(positions: readonly Position[]): boolean {
    return this.#recent.covers(positions, this.began);
  }

  /** Returns all events of a subject of the tenant so far; undefined when this process does not have them from the first on. */
  whole(tenantId: string, subjectId: string): readonly StoredEvent[] | undefined {
    const events = this.recent(tenantId, subjectId);
    return events[0]?.type === this.#first ? events : undefined;
  }

  /** Returns true when this process has read and dropped an event at or behind one of `positions` of the topic. */
  hasDropped(positions: readonly Position[]): boolean {
    return this.#recent.hasDropped(positions.filter(({ topic }) => topic === this.topic));
  }

  /** Notes that the log has the first command of a subject. It is expected until an event of it comes. */
  expect(tenantId: string, subjectId: string): void {
    if (this.recent(tenantId, subjectId).length === 0) this.#expected.set(keyOf(tenantId, subjectId), true);
  }

  /** Returns true for a subject whose first command this process has sent, and nothing has answered yet. */
  isExpected(tenantId: string, subjectId: string): boolean {
    return this.#expected.peek(keyOf(tenantId, subjectId)) === true;
  }

  /** Resolves with true once an expected subject has an event, and with false after `timeoutMs`. */
  async awaitFirst(tenantId: string, subjectId: string, timeoutMs: number): Promise<boolean> {
    const key = keyOf(tenantId, subjectId);
    const { promise, resolve } = Promise.withResolvers<void>();
    const waits = this.#waits.get(key) ?? new Set();
    this.#waits.set(key, waits.add(resolve));
    const late = setTimeout(resolve, timeoutMs);
    if (!this.isExpected(tenantId, subjectId)) resolve();
    await promise;
    clearTimeout(late);
    waits.delete(resolve);
    if (waits.size === 0 && this.#waits.get(key) === waits) this.#waits.delete(key);
    return !this.isExpected(tenantId, subjectId);
  }

  /** Resolves once the tail has read what was in the log at the call, or after `timeoutMs`. */
  catchUp(timeoutMs: number): Promise<void> {
    return this.#tail.catchUp(timeoutMs);
  }

  #take({ meta }: Decoded, event: StoredEvent | null): void {
    if (event === null) return;
    const { partition, offset, tenantId, value } = meta;
    const key = keyOf(tenantId, meta.key);
    this.#recent.add(key, event, tenantId, { partition, offset, bytes: value.length });
    this.#feeds.push(key, event);
    this.#expected.delete(key);
    for (const resolve of this.#waits.get(key) ?? []) resolve();
  }
}
