import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Position } from '../../infra/kafka/port.ts';
import type { ConversationEvent as StoredEvent } from '../../projections/events/queries.ts';
import { Problem } from '../shared/problems/problem.ts';
import { type Demand, IDLE_TICKS, LiveFeed } from '../shared/stream/live-feed.ts';
import { Conversation } from './conversation.ts';
import { LiveTexts } from './live-texts.ts';
import { RecentEvents } from './recent-events.ts';
import { type StreamEvent, type StreamItem, streamEvent } from './stream-event.ts';

const TOPIC = 'conversation.events';
const at = new Date('2026-01-01T00:00:00.000Z');
const event = (sequence: number): StreamEvent =>
  streamEvent({
    eventId: `e${sequence}`,
    sessionId: 's',
    turnId: 't',
    name: 'turn.queued',
    sequence,
    at: at.toISOString(),
    payload: { position: 0, prompt: 'x', model: null },
  });
const stored = (sequence: number): StoredEvent => ({
  eventId: `e${sequence}`,
  streamId: 'conversation-s',
  streamVersion: sequence,
  subjectId: 's',
  type: 'khipu.conversation.TurnQueued',
  sequence,
  data: { session_id: 's', turn_id: 't', sequence, position: 0, prompt: 'x', model: null },
  metadata: {},
  topic: TOPIC,
  partition: 0,
  offset: sequence - 1,
  at,
  appendedAt: at,
});

/** A log of one partition with the event of sequence n at offset n-1. The hub reads it from `began` on. */
function world(options: {
  readonly written: number;
  readonly projected: number;
  readonly began: number;
  readonly ring?: number;
}) {
  const recent = new RecentEvents({ itemsMax: options.ring ?? 1_000 });
  const feeds = new Set<LiveFeed<StreamItem>>();
  let written = options.written;
  let { projected } = options;
  let away = false;
  let logReads = 0;
  const take = (sequence: number): void => {
    recent.add(event(sequence), 'demo', { partition: 0, offset: sequence - 1, bytes: 1 });
    for (const feed of feeds) feed.push(event(sequence));
  };
  for (let sequence = options.began + 1; sequence <= written; sequence += 1) take(sequence);
  const began: Position[] = [{ topic: TOPIC, partition: 0, offset: options.began }];
  const hub = {
    recent,
    texts: new LiveTexts(),
    began,
    open: () => {
      const feed = new LiveFeed<StreamItem>(50);
      feeds.add(feed);
      return feed;
    },
    close: (_session: string, feed: LiveFeed<StreamItem>) => {
      feeds.delete(feed);
      feed.end();
    },
  };
  const parts = {
    hub,
    readModel: {
      conversationAfter: async (_tenant: string, _session: string, after: number, limit: number) => {
        if (away) throw new Problem('READ_MODEL_UNAVAILABLE', 'away');
        const sequences = Array.from({ length: projected }, (_, n) => n + 1).filter((n) => n > after);
        return {
          events: sequences.slice(0, limit).map(stored),
          positions: [{ topic: TOPIC, partition: 0, offset: projected }],
        };
      },
    },
    gapReader: {
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
    project: (sequence: number) => {
      projected = sequence;
    },
    goAway: (gone = true) => {
      away = gone;
    },
    silence: () => {
      for (const feed of feeds) for (let tick = 0; tick < IDLE_TICKS; tick += 1) feed.tick();
    },
    readers: () => feeds.size,
  };
}

const conversation = (log: ReturnType<typeof world>, after: number, signal: AbortSignal, fresh = false): Conversation =>
  new Conversation(log.parts, { tenantId: 'demo', sessionId: 's', after, fresh, signal });

/** Reads like a stream: past events, then live events, until it has `count`. */
async function collect(reading: Conversation, count: number): Promise<number[]> {
  const seen: number[] = [];
  const take = (item: StreamItem): Demand => {
    seen.push(sequenceOf(item));
    return seen.length === count ? 'end' : 'more';
  };
  while (seen.length < count) {
    for await (const event of reading.past()) if (take(event) === 'end') return seen;
    if ((await reading.live({ take, idle: () => 'more' })) === 'end') break;
  }
  return seen;
}

const sequenceOf = (item: StreamItem): number => (item.kind === 'event' ? item.sequence : 0);

const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);

test('each event comes once and in order for any positions of the read model, the recent events and the reader', async () => {
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
        const reading = collect(conversation(log, from, stop.signal), written + 5 - from);
        await moment();
        for (let more = 0; more < 5; more += 1) log.write();
        expect(await reading).toEqual(range(from + 1, written + 5));
        stop.abort();
      },
    ),
    { numRuns: 150 },
  );
});

test('the log is read only for events that the read model and this process lack', async () => {
  const covered = world({ written: 10, projected: 6, began: 6 });
  const behind = world({ written: 10, projected: 4, began: 8 });
  const stop = new AbortController();
  expect(await collect(conversation(covered, 0, stop.signal), 10)).toEqual(range(1, 10));
  expect(await collect(conversation(behind, 0, stop.signal), 10)).toEqual(range(1, 10));
  expect([covered.logReads(), behind.logReads()]).toEqual([0, 1]);
});

test('an empty past before the start of the process is read once', async () => {
  const log = world({ written: 0, projected: 0, began: 3 });
  const reading = conversation(log, 0, new AbortController().signal);
  expect((await reading.past().next()).done).toBe(true);
  expect(log.logReads()).toBe(1);
});

test('only a session that began here is streamed without the read model', async () => {
  const { signal } = new AbortController();
  const fresh = world({ written: 0, projected: 0, began: 0 });
  fresh.goAway();
  const reading = collect(conversation(fresh, 0, signal, true), 2);
  await moment();
  fresh.write();
  fresh.write();
  expect(await reading).toEqual([1, 2]);
  const old = world({ written: 0, projected: 0, began: 0 });
  old.goAway();
  await expect(conversation(old, 0, signal).past().next()).rejects.toMatchObject({ code: 'READ_MODEL_UNAVAILABLE' });
});

test('a past that could not be read is read again after silence', async () => {
  const log = world({ written: 2, projected: 2, began: 2 });
  log.goAway();
  const reading = collect(conversation(log, 0, new AbortController().signal, true), 2);
  await moment();
  log.silence();
  await moment();
  log.goAway(false);
  log.silence();
  expect(await reading).toEqual([1, 2]);
});

test('a slow reader is cut; one that catches up misses no event', async () => {
  const { signal } = new AbortController();
  const log = world({ written: 0, projected: 0, began: 0 });
  const readers = ['slow', 'quick'].map((name) => {
    const reading = conversation(log, 0, signal);
    const seen: number[] = [];
    const take = (item: StreamItem): Demand => {
      seen.push(sequenceOf(item));
      return seen.length === 60 ? 'end' : 'full';
    };
    return { name, reading, seen, ended: reading.live({ take, idle: () => 'more' }) };
  });
  const [slow, quick] = readers;
  for (let more = 0; more < 60; more += 1) {
    log.write();
    quick?.reading.resume();
  }
  await expect(slow?.ended).rejects.toMatchObject({ code: 'SLOW_READER' });
  expect(slow?.seen).toEqual([1]);
  expect(await quick?.ended).toBe('end');
  expect(quick?.seen).toEqual(range(1, 60));
});

test('silence is reported, and a closed conversation ends', async () => {
  const log = world({ written: 0, projected: 0, began: 0 });
  const stop = new AbortController();
  const reading = conversation(log, 0, stop.signal);
  let idle = 0;
  const ended = reading.live({
    take: () => 'more',
    idle: () => {
      idle += 1;
      return 'more';
    },
  });
  log.silence();
  log.silence();
  expect(idle).toBe(2);
  stop.abort();
  expect(await ended).toBe('end');
  expect(log.readers()).toBe(0);
  expect(await conversation(log, 0, stop.signal).live({ take: () => 'more', idle: () => 'more' })).toBe('end');
});

test('a partly read past is continued, and read again only after live events', async () => {
  const log = world({ written: 3, projected: 3, began: 3 });
  const reading = conversation(log, 0, new AbortController().signal);
  const left = async (): Promise<number[]> => {
    const seen: number[] = [];
    for await (const item of reading.past()) seen.push(sequenceOf(item));
    return seen;
  };
  expect((await reading.past().next()).value).toMatchObject({ sequence: 1 });
  expect(await left()).toEqual([2, 3]);
  log.project(4);
  expect(await left()).toEqual([]);
  const missed = reading.live({ take: () => 'more', idle: () => 'gap' });
  log.silence();
  expect(await missed).toBe('gap');
  expect(await left()).toEqual([4]);
});
