import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';
import { afterEach, expect, it, vi } from 'vitest';

const BATCH = { rawMessages: [{}] };
const EMPTY = { rawMessages: [] };
const original = ConsumerGroup.prototype.fetch;

afterEach(() => {
  vi.useRealTimers();
  vi.resetModules();
  ConsumerGroup.prototype.fetch = original;
});

/** A consumer group of kafkajs whose broker answers as told, with the wait and the bytes of each of its fetches. */
async function consuming(maxWaitTime: number, minBytes: number) {
  const asked: (readonly [number, number])[] = [];
  let answer: (typeof BATCH)[] = [];
  let paused: unknown[] = [];
  // Not the real fetch: it would need a cluster.
  ConsumerGroup.prototype.fetch = async function answered() {
    asked.push([this.maxWaitTime, this.minBytes]);
    return answer;
  };
  vi.useFakeTimers({ toFake: ['performance'] });
  const { waitLongWhenIdle } = await import('./idle-fetches.ts');
  waitLongWhenIdle();
  waitLongWhenIdle();
  const group = Object.assign(Object.create(ConsumerGroup.prototype) as ConsumerGroup, {
    ...{ maxWaitTime, minBytes, paused: () => paused },
  });
  return {
    fetch: async (...batches: (typeof BATCH)[]) => {
      answer = batches;
      await group.fetch(1);
      return asked.at(-1);
    },
    pause: (...partitions: unknown[]) => {
      paused = partitions;
    },
  };
}

it('a consumer waits long, for one byte, once nothing has come for a second, and keeps its lane after that', async () => {
  const { fetch } = await consuming(250, 65_536);
  expect(await fetch(EMPTY)).toEqual([250, 65_536]);
  vi.advanceTimersByTime(1_000);
  expect(await fetch(EMPTY)).toEqual([1_600, 1]);
  expect(await fetch(BATCH, EMPTY)).toEqual([1_600, 1]);
  expect(await fetch(EMPTY)).toEqual([250, 65_536]);
});

it('a consumer does not wait long while a partition is paused: it would be resumed that much later', async () => {
  const { fetch, pause } = await consuming(500, 1);
  await fetch(EMPTY);
  vi.advanceTimersByTime(60_000);
  pause({ topic: 'a', partitions: [0] });
  expect(await fetch(EMPTY)).toEqual([500, 1]);
  pause();
  expect(await fetch(EMPTY)).toEqual([1_600, 1]);
});

it('a consumer that reads a known range keeps its short wait', async () => {
  const { fetch } = await consuming(50, 1);
  await fetch(EMPTY);
  vi.advanceTimersByTime(60_000);
  expect(await fetch(EMPTY)).toEqual([50, 1]);
});
