import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Position } from '../../infra/kafka/log.ts';
import type { ConversationEvent as StoredEvent } from '../../projections/events/queries.ts';
import { Problem } from '../shared/problems/problem.ts';
import { type ConversationItem, conversationOf } from './conversation.ts';
import type { ConversationHub } from './hub.ts';
import { LiveQueue } from './live-queue.ts';
import { RecentEvents } from './recent-events.ts';
import { type StreamEvent, streamEvent } from './stream-event.ts';

const TOPIC = 'conversation.events';
const at = new Date('2026-01-01T00:00:00.000Z');
const event = (sequence: number): StreamEvent =>
  streamEvent({
    eventId: `e${sequence}`,
    sessionId: 's',
    turnId: 't',
    name: 'turn.delta',
    sequence,
    at: at.toISOString(),
    payload: { attempt: 1, index: sequence, text: 'x' },
  });
const stored = (sequence: number): StoredEvent => ({
  eventId: `e${sequence}`,
  streamId: 'conversation-s',
  streamVersion: sequence,
  subjectId: 's',
  type: 'khipu.conversation.TurnDelta',
  sequence,
  data: { session_id: 's', turn_id: 't', sequence, attempt: 1, index: sequence, text: 'x' },
  metadata: {},
  topic: TOPIC,
  partition: 0,
  offset: sequence - 1,
  at,
  appendedAt: at,
});

/** A log of one partition in which the event of sequence n stands at offset n-1, read from `began` on by the hub. */
function world(options: {
  readonly written: number;
  readonly projected: number;
  readonly began: number;
  readonly ring?: number;
}) {
  const recent = new RecentEvents({ eventsMax: options.ring ?? 1_000 });
  const queues = new Set<LiveQueue>();
  let written = options.written;
  let away = false;
  let logReads = 0;
  const take = (sequence: number): void => {
    recent.add(event(sequence), 'demo', { partition: 0, offset: sequence - 1, bytes: 1 });
    for (const queue of queues) queue.push(event(sequence));
  };
  for (let sequence = options.began + 1; sequence <= written; sequence += 1) take(sequence);
  const began: Position[] = [{ topic: TOPIC, partition: 0, offset: options.began }];
  const hub = {
    recent,
    began,
    open: () => {
      const queue = new LiveQueue(50);
      queues.add(queue);
      return { queue, close: () => queues.delete(queue) };
    },
  } as unknown as ConversationHub;
  const parts = {
    hub,
    readModel: {
      conversationAfter: async (_tenant: string, _session: string, after: number, limit: number) => {
        if (away) throw new Problem('READ_MODEL_UNAVAILABLE', 'away');
        const sequences = Array.from({ length: options.projected }, (_, n) => n + 1).filter((n) => n > after);
        return {
          events: sequences.slice(0, limit).map(stored),
          positions: [{ topic: TOPIC, partition: 0, offset: options.projected }],
        };
      },
    },
    logStretch: {
      read: async ({ after }: { readonly after: number }) => {
        logReads += 1;
        return Array.from({ length: written }, (_, n) => n + 1)
          .filter((n) => n > after)
          .map(event);
      },
    },
  };
  return {
    parts,
    logReads: () => logReads,
    write: () => {
      written += 1;
      take(written);
    },
    goAway: () => {
      away = true;
    },
  };
}

const request = (after: number, signal: AbortSignal, fresh = false) => ({
  tenantId: 'demo',
  sessionId: 's',
  after,
  fresh,
  idleMs: 20,
  signal,
});

async function collect(items: AsyncGenerator<ConversationItem>, count: number): Promise<number[]> {
  const seen: number[] = [];
  if (count === 0) return seen;
  for await (const item of items) {
    if (typeof item === 'object') seen.push(item.sequence);
    if (seen.length === count) break;
  }
  return seen;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);

test('wherever the read model, the ring and the reader stand, each event comes once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 1, max: 20 }),
      async (written, projected, began, after, ring) => {
        const from = Math.min(after, written);
        const log = world({ written, projected: Math.min(projected, written), began: Math.min(began, written), ring });
        const stop = new AbortController();
        const items = conversationOf(log.parts, request(from, stop.signal));
        const reading = collect(items, written + 5 - from);
        await new Promise((resolve) => setTimeout(resolve, 1));
        for (let more = 0; more < 5; more += 1) log.write();
        expect(await reading).toEqual(range(from + 1, written + 5));
        stop.abort();
      },
    ),
    { numRuns: 150 },
  );
});

test('the log is read only for what neither the read model nor this process has', async () => {
  const covered = world({ written: 10, projected: 6, began: 6 });
  const behind = world({ written: 10, projected: 4, began: 8 });
  const stop = new AbortController();
  expect(await collect(conversationOf(covered.parts, request(0, stop.signal)), 10)).toEqual(range(1, 10));
  expect(await collect(conversationOf(behind.parts, request(0, stop.signal)), 10)).toEqual(range(1, 10));
  expect([covered.logReads(), behind.logReads()]).toEqual([0, 1]);
});

test('an empty past that is behind the process is looked for once, not for ever', async () => {
  const log = world({ written: 0, projected: 0, began: 3 });
  const stop = new AbortController();
  const items = conversationOf(log.parts, request(0, stop.signal));
  expect((await items.next()).value).toBe('caught-up');
  expect(log.logReads()).toBe(1);
  await items.return();
});

test('a session that began here is streamed without the read model, another is not', async () => {
  const stop = new AbortController();
  const fresh = world({ written: 0, projected: 0, began: 0 });
  fresh.goAway();
  const reading = collect(conversationOf(fresh.parts, request(0, stop.signal, true)), 2);
  await new Promise((resolve) => setTimeout(resolve, 1));
  fresh.write();
  fresh.write();
  expect(await reading).toEqual([1, 2]);
  const old = world({ written: 0, projected: 0, began: 0 });
  old.goAway();
  await expect(conversationOf(old.parts, request(0, stop.signal)).next()).rejects.toMatchObject({
    code: 'READ_MODEL_UNAVAILABLE',
  });
});

test('a reader that does not keep up is cut', async () => {
  const log = world({ written: 1, projected: 1, began: 0 });
  const stop = new AbortController();
  const items = conversationOf(log.parts, request(0, stop.signal));
  expect((await items.next()).value).toMatchObject({ sequence: 1 });
  expect((await items.next()).value).toBe('caught-up');
  const waiting = items.next();
  for (let more = 0; more < 60; more += 1) log.write();
  await expect(waiting).rejects.toMatchObject({ code: 'SLOW_READER' });
});

test('silence is told, and an end is an end', async () => {
  const log = world({ written: 0, projected: 0, began: 0 });
  const stop = new AbortController();
  const items = conversationOf(log.parts, request(0, stop.signal));
  expect((await items.next()).value).toBe('caught-up');
  expect((await items.next()).value).toBe('idle');
  const waiting = items.next();
  stop.abort();
  expect((await waiting).done).toBe(true);
});
