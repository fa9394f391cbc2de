import type { z } from 'zod';
import type { eventBody } from '../audit/schemas.ts';

/** The part of an event that its place in the order depends on. */
type Ordered = Pick<z.infer<typeof eventBody>, 'event_id' | 'topic' | 'offset' | 'appended_at' | 'metadata'>;

/** Returns a text of the metadata of an event, by its name. */
export const metadataText = ({ metadata }: Pick<Ordered, 'metadata'>, name: string): string | undefined => {
  const value = (metadata as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : undefined;
};

/** Returns how many of the events are causes of an event, so that a cause comes before its effects. */
function depthOf(event: Ordered, byId: ReadonlyMap<string, Ordered>, seen = 0): number {
  const cause = byId.get(metadataText(event, 'ce_causationid') ?? '');
  return cause === undefined || seen > byId.size ? seen : depthOf(cause, byId, seen + 1);
}

/** Returns the events by time; at the same time, often from one transaction, a cause before its effects. */
export function inCauseOrder<Event extends Ordered>(events: readonly Event[]): readonly Event[] {
  const byId = new Map<string, Ordered>(events.map((event) => [event.event_id, event]));
  const depths = new Map(events.map((event) => [event.event_id, depthOf(event, byId)]));
  const depth = ({ event_id: id }: Event): number => depths.get(id) ?? 0;
  return events.toSorted(
    (a, b) =>
      a.appended_at.localeCompare(b.appended_at) ||
      depth(a) - depth(b) ||
      (a.topic === b.topic ? a.offset - b.offset : a.topic.localeCompare(b.topic)),
  );
}
