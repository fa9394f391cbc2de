import type { Position } from '../../infra/kafka/log.ts';
import type { StreamEvent } from './stream-event.ts';

interface Kept {
  readonly event: StreamEvent;
  readonly partition: number;
  readonly offset: number;
  readonly bytes: number;
}

/** Ten minutes of a busy gateway; most streams begin or resume within seconds of what they ask for. */
const EVENTS_MAX = 10_000;
const BYTES_MAX = 64 * 1024 * 1024;

/**
 * The latest conversation events of this process. Holds, of every partition, all events from `floor` on: what is not
 * here stands before the floor, in the read model or in the log.
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

  add(event: StreamEvent, tenantId: string, place: { partition: number; offset: number; bytes: number }): void {
    const events = this.#bySession.get(event.sessionId);
    if (events === undefined) this.#bySession.set(event.sessionId, [event]);
    else events.push(event);
    this.#tenants.set(event.sessionId, tenantId);
    this.#kept.push({ event, ...place });
    this.#bytes += place.bytes;
    while (this.#kept.length - this.#first > this.#limits.eventsMax || this.#bytes > this.#limits.bytesMax)
      this.#evict();
  }

  /** Events of a session behind `sequence`, oldest first, when the very next one is here; none otherwise. */
  after(sessionId: string, sequence: number): readonly StreamEvent[] {
    const events = this.#bySession.get(sessionId) ?? [];
    const index = sequence + 1 - (events[0]?.sequence ?? 0);
    return events[index]?.sequence === sequence + 1 ? events.slice(index) : [];
  }

  /** Tenant of a session that has events here. */
  tenantOf(sessionId: string): string | undefined {
    return this.#tenants.get(sessionId);
  }

  /**
   * True when a reader that has read up to `positions` misses nothing that is not here. `began` is where the tail began;
   * without it nothing is known.
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
