import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { LiveQueue } from './live-queue.ts';
import type { StreamEvent } from './stream-event.ts';

const event = (sequence: number) => ({ sequence }) as StreamEvent;

test('a queue that is waited on a thousand times listens to its signal once', async () => {
  const queue = new LiveQueue();
  const { signal } = new AbortController();
  for (let sequence = 1; sequence <= 1_000; sequence += 1) {
    const next = queue.next(1_000, signal);
    queue.push(event(sequence));
    expect(await next).toMatchObject({ sequence });
  }
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
});

test('an abort ends the wait', async () => {
  const queue = new LiveQueue();
  const end = new AbortController();
  const next = queue.next(60_000, end.signal);
  end.abort();
  expect(await next).toBe('aborted');
});
