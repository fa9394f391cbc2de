import { expect } from 'vitest';
import { type ForeignRecord, readWithForeignClient } from '../../support/foreign-client/consumer.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { openSse, type SseEvent } from '../../support/sse-client.ts';
import { recordedOf, sequencesOf, textOf } from '../../support/turn-text.ts';

const ENDS = new Set(['turn.completed', 'turn.failed', 'turn.refused']);
const READ_MS_MAX = 100_000;

export interface ResumingReader {
  /** Resolves when `count` events have arrived. */
  seen(count: number): Promise<void>;
  /** All events of the turn; rejects on timeout. */
  readonly whole: Promise<readonly SseEvent[]>;
}

/** Reads a turn to its end as a browser would: after each interruption it reconnects with the id of its last event. */
export function readWithResume(url: string, token: string): ResumingReader {
  const events: SseEvent[] = [];
  let waiting: { count: number; resolve: () => void }[] = [];
  const stop = Date.now() + READ_MS_MAX;
  const signal = AbortSignal.timeout(READ_MS_MAX);
  const readOn = async (): Promise<void> => {
    const stream = await openSse(url, { token, lastEventId: events.at(-1)?.id ?? 0, signal });
    for await (const event of stream.events()) {
      events.push(event);
      for (const { resolve } of waiting.filter(({ count }) => events.length >= count)) resolve();
      waiting = waiting.filter(({ count }) => events.length < count);
    }
  };
  const readWhole = async (): Promise<readonly SseEvent[]> => {
    while (!ENDS.has(events.at(-1)?.event ?? '')) {
      if (Date.now() > stop)
        throw new Error(`no end after ${READ_MS_MAX} ms; the last event: ${JSON.stringify(events.at(-1))}`);
      await readOn().catch(() => undefined);
      // A short form of the server's `retry:`.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return events;
  };
  const whole = readWhole();
  // Awaited by the test, possibly after another step has failed.
  whole.catch(() => undefined);
  return {
    whole,
    seen: (count) =>
      Promise.race([
        new Promise<void>((resolve) => {
          if (events.length >= count) resolve();
          else waiting.push({ count, resolve });
        }),
        whole.then(() => undefined),
      ]),
  };
}

/** Asserts that the received events are dense and the text complete, and that the log has exactly these, with one end. */
export async function expectOneWholeTurn(platform: TestPlatform, sessionId: string, seen: readonly SseEvent[]) {
  const sequences = sequencesOf(seen);
  expect(sequences).toEqual(sequences.map((_, at) => (sequences[0] ?? 0) + at));
  expect(seen.at(-1)?.event).toBe('turn.completed');
  expect(seen.at(-1)?.data['text']).toBe(textOf(seen));
  const all = await readWithForeignClient(platform.parts.env, 'conversation.events', 'slm.requests');
  const of = (topic: string): ForeignRecord[] =>
    all.filter((record) => record.topic === topic && record.key === sessionId);
  const conversation = of('conversation.events');
  expect(conversation.map(({ value }) => value['sequence'])).toEqual(conversation.map((_, at) => at + 1));
  expect(conversation.filter(({ record }) => record.endsWith('TurnCompleted'))).toHaveLength(1);
  expect(conversation.slice(1).map(({ headers }) => headers['ce_id'])).toEqual(
    recordedOf(seen).map(({ data }) => data['event_id']),
  );
  expect(of('slm.requests')).toHaveLength(1);
}
