import type { SseEvent } from './sse-client.ts';

/**
 * Returns the text of all deltas as a client puts it together: a higher attempt restarts it. Throws when a delta does not
 * begin where the text ends, so a gap and a repeat are both found.
 */
export function textOf(events: readonly SseEvent[]): string {
  let text = '';
  let attempt = 0;
  for (const { event, data } of events) {
    if (event !== 'turn.delta') continue;
    if (Number(data['attempt']) > attempt) text = '';
    attempt = Number(data['attempt']);
    if (data['start'] !== text.length)
      throw new Error(`a delta begins at ${data['start']}, the text is ${text.length}`);
    text += String(data['text']);
  }
  return text;
}

/** Returns the events that are in conversation.events: all but the deltas. */
export const recordedOf = (events: readonly SseEvent[]): readonly SseEvent[] =>
  events.filter(({ event }) => event !== 'turn.delta');

/** Returns the sequences of the recorded events. */
export const sequencesOf = (events: readonly SseEvent[]): readonly number[] =>
  recordedOf(events).map(({ data }) => Number(data['sequence']));

/** Returns what any correct stream of the same turns has in common: the recorded events, and the text of each turn. */
export function essenceOf(events: readonly SseEvent[]): object {
  const recorded = recordedOf(events).map(({ event, data }) => ({ event, data }));
  const byTurn = Map.groupBy(events, ({ data }) => String(data['turn_id']));
  return { recorded, texts: Object.fromEntries([...byTurn].map(([turn, own]) => [turn, textOf(own)])) };
}
