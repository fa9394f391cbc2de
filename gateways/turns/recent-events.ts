import type { Position } from '../../infra/kafka/port.ts';
import type { StreamEvent } from './stream-event.ts';

interface Kept {
  readonly event: StreamEvent;
  readonly partition: number;
  readonly offset: number;
  readonly bytes: number;
}

/** Ten minutes of a busy gateway; most streams begin or resume within seconds of the events that they need. */
const EVENTS_MAX = 10_000;
const BYTES_MAX = 64 * 1024 * 1024;

/**
 * The latest conversation events of this process: at most 10,000 and 64 MB. Keeps all events of a partition from its floor
 * on; earlier events are in the read model or in the log.
 */
export class RecentEvents {
  readonly #bySession = new Map<string, StreamEvent[]>();
  readonly #tenants = new Map<string, string>();
  readonly #floors = new Map<number, number>();
  readonly #limits: { readonly eventsMax: number; readonly bytesMax: number };
  #kept: Kept[] = [];
  #first = 0;
  #bytes = 0;

  constructor(limits: { readonly eventsMax?: number; readonly bytesMax?: number } = {}) {
    this.#limits = { eventsMax: EVENTS_MAX, bytesMax: BYTES_MAX, ...limits };
  }

  /** Adds the next event of a partition; drops the oldest events beyond the bounds. */
  add(event: StreamEvent, tenantId: string, position: { partition: number; offset: number; bytes: number }): void {
    const events = this.#bySession.get(event.sessionId);
    if (events === undefined) this.#bySession.set(event.sessionId, [event]);
    else events.push(event);
    this.#tenants.set(event.sessionId, tenantId);
    this.#kept.push({ event, ...position });
    this.#bytes += position.bytes;
    while (this.#kept.length - this.#first > this.#limits.eventsMax || this.#bytes > this.#limits.bytesMax)
      this.#evict();
  }

  /** Returns the events of a session behind `sequence`, oldest first; none when the next one is not here. */
  after(sessionId: string, sequence: number): readonly StreamEvent[] {
    const events = this.#bySession.get(sessionId) ?? [];
    const index = sequence + 1 - (events[0]?.sequence ?? 0);
    return events[index]?.sequence === sequence + 1 ? events.slice(index) : [];
  }

  /** Returns the tenant of a session; undefined when it has no events here. */
  tenantOf(sessionId: string): string | undefined {
    return this.#tenants.get(sessionId);
  }

  /**
   * Returns true when all events from `positions` on are here. `began` are the first positions of the tail; without them
   * the answer is false.
   */
  covers(positions: readonly Position[], began: readonly Position[]): boolean {
    const reached = new Map(positions.map(({ partition, offset }) => [partition, offset]));
    return (
      began.length > 0 &&
      began.every(({ partition, offset }) => (reached.get(partition) ?? 0) >= (this.#floors.get(partition) ?? offset))
    );
  }

  #evict(): void {
    const oldest = this.#kept[this.#first];
    if (oldest === undefined) return;
    this.#first += 1;
    this.#bytes -= oldest.bytes;
    this.#floors.set(oldest.partition, oldest.offset + 1);
    const { sessionId } = oldest.event;
    const events = this.#bySession.get(sessionId);
    events?.shift();
    if (events?.length === 0) {
      this.#bySession.delete(sessionId);
      this.#tenants.delete(sessionId);
    }
    if (this.#first >= this.#limits.eventsMax) {
      this.#kept = this.#kept.slice(this.#first);
      this.#first = 0;
    }
  }
}
