import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { restWithoutRequests } from './pending-requests.ts';

beforeEach(() => {
  vi.useFakeTimers();
  restWithoutRequests();
  restWithoutRequests();
});
afterEach(() => vi.useRealTimers());

const logger = { debug: () => undefined, warn: () => undefined };

function connection(maxInFlightRequests: number | null = null) {
  const sent: number[] = [];
  const queue = new RequestQueue({
    ...{ maxInFlightRequests, requestTimeout: 2_000, enforceRequestTimeout: false, clientId: 'test', broker: 'test' },
    logger,
  });
  const send = (correlationId: number): void =>
    queue.push({
      entry: { correlationId, resolve: () => undefined, reject: () => undefined },
      expectResponse: true,
      sendRequest: () => sent.push(correlationId),
    });
  const answer = (correlationId: number): void => queue.fulfillRequest({ correlationId, size: 0, payload: null });
  return { queue, sent, send, answer };
}

it('a connection without requests has no timer', () => {
  const { send, answer, sent } = connection();
  send(1);
  answer(1);
  expect(sent).toEqual([1]);
  expect(vi.getTimerCount()).toBe(0);
});

it('a request that waits for the end of a throttle is sent then', () => {
  const { queue, send, answer, sent } = connection();
  queue.maybeThrottle(300);
  send(1);
  vi.advanceTimersByTime(299);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(2);
  expect(sent).toEqual([1]);
  answer(1);
  expect(vi.getTimerCount()).toBe(0);
});

it('a request that waits for an answer is sent as soon as that comes', () => {
  const { send, answer, sent } = connection(1);
  send(1);
  send(2);
  expect(sent).toEqual([1]);
  answer(1);
  expect(sent).toEqual([1, 2]);
});
