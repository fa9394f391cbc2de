import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { checkTimeoutsTogether } from './request-timeouts.ts';

beforeEach(() => {
  vi.useFakeTimers();
  checkTimeoutsTogether();
  checkTimeoutsTogether();
});
afterEach(() => vi.useRealTimers());

function connection(requestTimeoutMs = 2_000) {
  let connected = true;
  const queue = new RequestQueue({
    ...{ maxInFlightRequests: null, requestTimeout: requestTimeoutMs, enforceRequestTimeout: true, clientId: 'test' },
    ...{ broker: 'test', logger: { debug: () => undefined }, isConnected: () => connected },
  });
  queue.scheduleRequestTimeoutCheck();
  const timedOut: number[] = [];
  const send = (id: number): void => {
    queue.inflight.set(id, {
      sentAt: Date.now(),
      requestTimeout: requestTimeoutMs,
      timeoutRequest: () => {
        queue.inflight.delete(id);
        timedOut.push(id);
      },
    });
  };
  const drop = (): void => {
    connected = false;
  };
  return { queue, timedOut, send, drop };
}

it('many connections have one timer, and none have none', () => {
  const connections = Array.from({ length: 50 }, () => connection());
  expect(vi.getTimerCount()).toBe(1);
  for (const { queue } of connections) queue.destroy();
  expect(vi.getTimerCount()).toBe(0);
});

it('a request times out at its own time, on whichever connection, also one that was opened again', () => {
  const [first, second] = [connection(2_000), connection(500)];
  first.queue.scheduleRequestTimeoutCheck();
  first.send(1);
  second.send(2);
  vi.advanceTimersByTime(500);
  expect([first.timedOut, second.timedOut]).toEqual([[], []]);
  vi.advanceTimersByTime(100);
  expect([first.timedOut, second.timedOut]).toEqual([[], [2]]);
  vi.advanceTimersByTime(1_500);
  expect([first.timedOut, second.timedOut]).toEqual([[1], [2]]);
  for (const { queue } of [first, second]) queue.destroy();
});

it('a connection that is lost is checked no more', () => {
  const { drop } = connection();
  drop();
  vi.advanceTimersByTime(100);
  expect(vi.getTimerCount()).toBe(0);
});
