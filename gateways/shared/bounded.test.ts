import { expect, test } from 'vitest';
import { FailureLimit } from './auth/failure-limit.ts';
import { PendingSessions } from './session-access.ts';

const BOUND = 10_000;

test('the latest ten thousand sessions without an outcome are kept, in the order of requests', () => {
  const pending = new PendingSessions();
  for (let n = 0; n <= BOUND; n += 1) {
    pending.add(`s${n}`, 'demo');
    expect(pending.has('s0', 'demo')).toBe(n < BOUND);
  }
  expect(pending.has('s1', 'demo')).toBe(true);
  expect(pending.has('s1', 'acme')).toBe(false);
});

test('the address that failed longest ago is dropped first', () => {
  const limit = new FailureLimit();
  const failUntilRefused = (address: string) => {
    for (let n = 0; n < 30; n += 1) limit.count(address, 0);
  };
  failUntilRefused('persistent');
  failUntilRefused('silent');
  limit.count('persistent', 0);
  for (let n = 0; n < BOUND - 1; n += 1) limit.count(`other-${n}`, 0);
  expect(limit.exceeded('persistent', 0)).toBe(true);
  expect(limit.exceeded('silent', 0)).toBe(false);
});
