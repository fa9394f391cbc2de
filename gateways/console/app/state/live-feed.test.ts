import { describe, expect, it } from 'vitest';
import type { TurnEvent } from '../../../../infra/client/turn-events.ts';
import { type FeedSource, LiveFeed } from './live-feed.ts';

const event = (name: string, turn: string, data: Record<string, unknown> = {}): TurnEvent => ({
  id: '',
  event: `turn.${name}`,
  data: { session_id: 's', turn_id: turn, at: '2026-01-01T00:00:00.000Z', ...data },
});

async function* stream(...events: TurnEvent[]): AsyncGenerator<TurnEvent> {
  yield* events;
}

/** Runs a feed over the given connections; the feed stops when they are used up. */
async function run(
  source: Omit<FeedSource, 'pause' | 'open'> & { readonly connections: (() => Promise<AsyncIterable<TurnEvent>>)[] },
) {
  const frames: (() => void)[] = [];
  const feed = new LiveFeed(
    (callback) => frames.push(callback),
    () => 100,
  );
  const stop = new AbortController();
  const pauses: number[] = [];
  const left = [...source.connections];
  await feed.run(
    {
      before: source.before,
      open: () => {
        const next = left.shift();
        if (next !== undefined) return next();
        stop.abort();
        return Promise.reject(new Error('no more connections'));
      },
      pause: async (ms) => {
        pauses.push(ms);
      },
    },
    stop.signal,
  );
  return { feed, frames, pauses };
}

describe('the live feed', () => {
  it('shows the turns before the stream, then its events, each once', async () => {
    const { feed } = await run({
      before: async () => [event('queued', 'old', { prompt: 'Before?' }), event('started', 'old')],
      connections: [
        async () =>
          stream(
            event('started', 'old'),
            event('delta', 'old', { attempt: 1, start: 0, text: 'Yes' }),
            event('queued', 'new'),
          ),
      ],
    });
    expect([feed.turns.at(0)?.turnId, feed.turns.at(1)?.turnId]).toEqual(['new', 'old']);
    expect(feed.turns.get('old')).toMatchObject({ prompt: 'Before?', text: 'Yes' });
  });

  it('updates the page once a frame for any number of events', async () => {
    const events = Array.from({ length: 500 }, (_, index) =>
      event('delta', 'a', { attempt: 1, start: index, text: '.' }),
    );
    const { feed, frames } = await run({ before: async () => [], connections: [async () => stream(...events)] });
    expect(frames).toHaveLength(1);
    expect(feed.frame.value).toBe(0);
    frames[0]?.();
    expect(feed.frame.value).toBe(1);
    expect(feed.turns.get('a')?.text).toHaveLength(500);
  });

  it('connects again after a failure, with longer pauses, and reads what it missed', async () => {
    let reads = 0;
    const { feed, pauses } = await run({
      before: async () => {
        reads += 1;
        return reads === 1 ? [] : [event('queued', 'missed'), event('completed', 'missed', { text: 'Here' })];
      },
      connections: [
        async () => stream(event('queued', 'missed')),
        () => Promise.reject(new Error('away')),
        () => Promise.reject(new Error('away')),
        async () => stream(),
      ],
    });
    expect(feed.turns.get('missed')).toMatchObject({ status: 'completed', text: 'Here' });
    expect(pauses.slice(0, 3)).toEqual([1_000, 2_000, 4_000]);
    expect(reads).toBe(2);
  });

  it('goes on without the turns before when they cannot be read', async () => {
    const { feed } = await run({
      before: () => Promise.reject(new Error('behind')),
      connections: [async () => stream(event('queued', 'a'))],
    });
    expect(feed.turns.count).toBe(1);
  });
});
