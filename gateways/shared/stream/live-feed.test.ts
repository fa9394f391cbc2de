import { expect, test } from 'vitest';
import { type Demand, IDLE_TICKS, LiveFeed } from './live-feed.ts';

interface Numbered {
  readonly sequence: number;
}
const event = (sequence: number): Numbered => ({ sequence });

/** Starts a reader whose answers are given by `answer`. */
function reading(feed: LiveFeed<Numbered>, answer: (sequence: number) => Demand = () => 'more') {
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
const push = (feed: LiveFeed<Numbered>, ...sequences: readonly number[]): void => {
  for (const sequence of sequences) feed.push(event(sequence));
};

test('events before the flow are buffered and then passed on in order; later ones are passed on at once', () => {
  const feed = new LiveFeed<Numbered>();
  push(feed, 1, 2);
  const { seen } = reading(feed);
  expect(seen).toEqual([1, 2]);
  push(feed, 3);
  expect(seen).toEqual([1, 2, 3]);
});

test('a full reader gets no event until it resumes', () => {
  const feed = new LiveFeed<Numbered>();
  const { seen } = reading(feed, (sequence) => (sequence === 2 ? 'full' : 'more'));
  push(feed, 1, 2, 3, 4);
  expect(seen).toEqual([1, 2]);
  feed.resume();
  push(feed, 5);
  expect(seen).toEqual([1, 2, 3, 4, 5]);
});

test('an overflow before the flow is a gap; later events are buffered', async () => {
  const feed = new LiveFeed<Numbered>(2);
  push(feed, 1, 2, 3, 4);
  expect(await reading(feed).ended).toBe('gap');
  expect(reading(feed).seen).toEqual([4]);
});

test('an overflow while the reader is full, or a minute without progress, cuts it', async () => {
  const many = new LiveFeed<Numbered>(2);
  const first = reading(many, () => 'full');
  push(many, 1, 2, 3, 4);
  await expect(first.ended).rejects.toMatchObject({ code: 'SLOW_READER' });
  const silent = new LiveFeed<Numbered>();
  const second = reading(silent, () => 'full');
  push(silent, 1);
  for (let tick = 0; tick < 59; tick += 1) silent.tick();
  push(silent, 2);
  silent.tick();
  await expect(second.ended).rejects.toMatchObject({ code: 'SLOW_READER' });
  expect(second.seen).toEqual([1]);
});

test('silence is reported every fifteen seconds without an event', () => {
  const feed = new LiveFeed<Numbered>();
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

test('a flow ends when its reader ends it, when its reader throws, or from outside', async () => {
  const ending = new LiveFeed<Numbered>();
  const first = reading(ending, () => 'end');
  push(ending, 1, 2);
  expect(await first.ended).toBe('end');
  expect(first.seen).toEqual([1]);
  const breaking = new LiveFeed<Numbered>();
  const second = reading(breaking, () => {
    throw new Error('broken');
  });
  push(breaking, 1);
  await expect(second.ended).rejects.toThrow('broken');
  const ended = new LiveFeed<Numbered>();
  const third = reading(ended);
  ended.end();
  push(ended, 1);
  expect(await third.ended).toBe('end');
  expect(await reading(ended).ended).toBe('end');
  expect(third.seen).toEqual([]);
});
