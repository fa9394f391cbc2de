import { expect, test } from 'vitest';
import { IDLE_TICKS, LiveFeed, type Taken } from './live-feed.ts';
import type { StreamEvent } from './stream-event.ts';

const event = (sequence: number) => ({ sequence }) as StreamEvent;

/** A feed with a reader that answers as it is told to. */
function reading(feed: LiveFeed, answer: (sequence: number) => Taken = () => 'more') {
  const seen: (number | 'idle')[] = [];
  const ended = feed.flow({
    take: ({ sequence }) => {
      seen.push(sequence);
      return answer(sequence);
    },
    idle: () => {
      seen.push('idle');
      return 'more';
    },
  });
  return { seen, ended };
}
const push = (feed: LiveFeed, ...sequences: readonly number[]): void => {
  for (const sequence of sequences) feed.push(event(sequence));
};

test('what comes before it flows is held, then given in order; what comes later at once', () => {
  const feed = new LiveFeed();
  push(feed, 1, 2);
  const { seen } = reading(feed);
  expect(seen).toEqual([1, 2]);
  push(feed, 3);
  expect(seen).toEqual([1, 2, 3]);
});

test('a full reader is given nothing until it can take more', () => {
  const feed = new LiveFeed();
  const { seen } = reading(feed, (sequence) => (sequence === 2 ? 'full' : 'more'));
  push(feed, 1, 2, 3, 4);
  expect(seen).toEqual([1, 2]);
  feed.resume();
  push(feed, 5);
  expect(seen).toEqual([1, 2, 3, 4, 5]);
});

test('too many before it flows are the past, which is read again; what comes after is held', async () => {
  const feed = new LiveFeed(2);
  push(feed, 1, 2, 3, 4);
  expect(await reading(feed).ended).toBe('gap');
  expect(reading(feed).seen).toEqual([4]);
});

test('too many while the reader is full, or none taken for a minute, cut it', async () => {
  const many = new LiveFeed(2);
  const first = reading(many, () => 'full');
  push(many, 1, 2, 3, 4);
  await expect(first.ended).rejects.toMatchObject({ code: 'SLOW_READER' });
  const silent = new LiveFeed();
  const second = reading(silent, () => 'full');
  push(silent, 1);
  for (let tick = 0; tick < 59; tick += 1) silent.tick();
  push(silent, 2);
  silent.tick();
  await expect(second.ended).rejects.toMatchObject({ code: 'SLOW_READER' });
  expect(second.seen).toEqual([1]);
});

test('silence is told every fifteen seconds that nothing came in', () => {
  const feed = new LiveFeed();
  const { seen } = reading(feed);
  const pass = (ticks: number): void => {
    for (let tick = 0; tick < ticks; tick += 1) feed.tick();
  };
  pass(IDLE_TICKS - 1);
  push(feed, 1);
  pass(IDLE_TICKS - 1);
  expect(seen).toEqual([1]);
  pass(1 + IDLE_TICKS);
  expect(seen).toEqual([1, 'idle', 'idle']);
});

test('it ends when its reader says so, with what its reader throws, or from outside', async () => {
  const ending = new LiveFeed();
  const first = reading(ending, () => 'end');
  push(ending, 1, 2);
  expect(await first.ended).toBe('end');
  expect(first.seen).toEqual([1]);
  const breaking = new LiveFeed();
  const second = reading(breaking, () => {
    throw new Error('broken');
  });
  push(breaking, 1);
  await expect(second.ended).rejects.toThrow('broken');
  const ended = new LiveFeed();
  const third = reading(ended);
  ended.end();
  push(ended, 1);
  expect(await third.ended).toBe('end');
  expect(await reading(ended).ended).toBe('end');
  expect(third.seen).toEqual([]);
});
