import { expect } from 'vitest';
import { type OutsideRecord, readFromOutside } from '../../support/outside/consumer.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { openSse, type SseEvent } from '../../support/sse-client.ts';
import { textOf } from './taken-turn.ts';

const ENDS = new Set(['turn.completed', 'turn.failed', 'turn.refused']);
const PATIENCE_MS = 100_000;

export interface PatientReader {
  /** Resolves when so many events have come. */
  seen(count: number): Promise<void>;
  /** The turn to its end; rejects when that takes too long. */
  readonly whole: Promise<readonly SseEvent[]>;
}

/** Reads a turn to its end as a browser would: whatever cuts the stream, it asks again behind the last event it has. */
export function readPatiently(url: string, token: string): PatientReader {
  const events: SseEvent[] = [];
  let waiting: { count: number; resolve: () => void }[] = [];
  const stop = Date.now() + PATIENCE_MS;
  const signal = AbortSignal.timeout(PATIENCE_MS);
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
        throw new Error(`no end after ${PATIENCE_MS} ms; the last event: ${JSON.stringify(events.at(-1))}`);
      await readOn().catch(() => undefined);
      // What the server asks for with `retry:`, in small.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return events;
  };
  const whole = readWhole();
  // Awaited by the test, perhaps after another of its steps has failed.
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

/** What the user saw is dense and whole, and the log holds just that, with one end. */
export async function expectOneWholeTurn(platform: TestPlatform, sessionId: string, seen: readonly SseEvent[]) {
  const first = Number(seen[0]?.id);
  expect(seen.map(({ id }) => Number(id))).toEqual(seen.map((_, at) => first + at));
  expect(seen.at(-1)?.event).toBe('turn.completed');
  expect(seen.at(-1)?.data['text']).toBe(textOf(seen));
  const all = await readFromOutside(platform.parts.env, 'conversation.events', 'slm.requests');
  const of = (topic: string): OutsideRecord[] =>
    all.filter((record) => record.topic === topic && record.key === sessionId);
  const conversation = of('conversation.events');
  expect(conversation.map(({ value }) => value['sequence'])).toEqual(conversation.map((_, at) => at + 1));
  expect(conversation.filter(({ record }) => record.endsWith('TurnCompleted'))).toHaveLength(1);
  expect(conversation.slice(1).map(({ headers }) => headers['ce_id'])).toEqual(
    seen.map(({ data }) => data['event_id']),
  );
  expect(of('slm.requests')).toHaveLength(1);
}
