import type { Decoded } from '../../infra/kafka/envelope.ts';
import type { Position } from '../../infra/kafka/port.ts';
import { liveEvent, type StoredEvent } from '../../projections/events/queries.ts';
import { fullNames } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import type { EventTail } from './log/event-tail.ts';
import { Feeds } from './stream/feeds.ts';
import type { LiveFeed } from './stream/live-feed.ts';
import { RecentItems } from './stream/recent-items.ts';

/** Returns a record of jobs.events as an event of its stream; null for any other record. */
export const liveJobEvent = (decoded: Decoded): StoredEvent | null =>
  decoded.meta.topic === topics.jobsEvents.name ? liveEvent(decoded) : null;

const keyOf = (tenantId: string, jobId: string): string => `${tenantId}/${jobId}`;

/** The events of jobs that the tail of this process reads: read once for any number of streams. */
export class JobEvents {
  /** By `keyOf`: a refused command of another tenant has the key of the job, too. */
  readonly #recent = new RecentItems<StoredEvent>();
  readonly #feeds = new Feeds<StoredEvent>();
  readonly #tail: Pick<EventTail, 'listen' | 'began' | 'catchUp'>;

  constructor(tail: Pick<EventTail, 'listen' | 'began' | 'catchUp'>) {
    this.#tail = tail;
    tail.listen((event) => this.#take(event));
  }

  /** First position of the tail in each partition of jobs.events. */
  get began(): readonly Position[] {
    return this.#tail.began.filter(({ topic }) => topic === topics.jobsEvents.name);
  }

  /** Returns a new feed of a job of the tenant. It receives every event that the tail reads from now on. */
  open(tenantId: string, jobId: string): LiveFeed<StoredEvent> {
    return this.#feeds.open(keyOf(tenantId, jobId));
  }

  /** Ends the feed; a second call has no effect. */
  close(tenantId: string, jobId: string, feed: LiveFeed<StoredEvent>): void {
    this.#feeds.close(keyOf(tenantId, jobId), feed);
  }

  /** Returns the latest events of a job of the tenant, oldest first. */
  recent(tenantId: string, jobId: string): readonly StoredEvent[] {
    return [...this.#recent.of(keyOf(tenantId, jobId))];
  }

  /** Returns true when all events of jobs from `positions` on are here. */
  covers(positions: readonly Position[]): boolean {
    return this.#recent.covers(positions, this.began);
  }

  /** Returns all events of a job of the tenant so far; undefined when this process does not have them from the first on. */
  whole(tenantId: string, jobId: string): readonly StoredEvent[] | undefined {
    const events = this.recent(tenantId, jobId);
    return events[0]?.type === fullNames.JobAccepted ? events : undefined;
  }

  /** Resolves once the tail has read what was in the log at the call, or after `timeoutMs`. */
  catchUp(timeoutMs: number): Promise<void> {
    return this.#tail.catchUp(timeoutMs);
  }

  #take(decoded: Decoded): void {
    const event = liveJobEvent(decoded);
    if (event === null) return;
    const { meta } = decoded;
    const { partition, offset, tenantId, value } = meta;
    const key = keyOf(tenantId, meta.key);
    this.#recent.add(key, event, tenantId, { partition, offset, bytes: value.length });
    this.#feeds.push(key, event);
  }
}
