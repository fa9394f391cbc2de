import type { Position } from '../../infra/kafka/port.ts';
import { type ItemPosition, RecentItems } from '../shared/stream/recent-items.ts';
import type { StreamEvent } from './stream-event.ts';

/** The latest conversation events of this process: at most 10,000 and 64 MB. */
export class RecentEvents {
  readonly #items: RecentItems<StreamEvent>;

  constructor(limits: { readonly itemsMax?: number; readonly bytesMax?: number } = {}) {
    this.#items = new RecentItems(limits);
  }

  /** Adds the next event of a partition; drops the oldest events beyond the bounds. */
  add(event: StreamEvent, tenantId: string, position: ItemPosition): void {
    this.#items.add(event.sessionId, event, tenantId, position);
  }

  /** Returns the events of a session behind `sequence`, oldest first; none when the next one is not here. */
  after(sessionId: string, sequence: number): readonly StreamEvent[] {
    const events = this.#items.of(sessionId);
    const index = sequence + 1 - (events[0]?.sequence ?? 0);
    return events[index]?.sequence === sequence + 1 ? events.slice(index) : [];
  }

  /** Returns the tenant of a session; undefined when it has no events here. */
  tenantOf(sessionId: string): string | undefined {
    return this.#items.tenantOf(sessionId);
  }

  /** Returns true when all events from `positions` on are here: see RecentItems. */
  covers(positions: readonly Position[], began: readonly Position[]): boolean {
    return this.#items.covers(positions, began);
  }
}
