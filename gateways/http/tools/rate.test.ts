import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rateProblem } from './rate.ts';

const AT = Date.UTC(2026, 0, 1, 10);
const ended = { callId: 'c1', toolId: 'demo/pay', detail: 'The tool allows 3 calls a minute' };

it('says what is needed and left, and when the minute ends', () => {
  const problem = rateProblem({ ...ended, rate: { perMinute: 3, waitMs: 42_000 } }, AT, AT + 1_500);
  expect(problem).toMatchObject({ status: 429, code: 'TOOL_RATE_LIMITED', headers: { 'retry-after': '41' } });
  expect(problem?.options.extensions).toEqual({
    ...{ call_id: 'c1', tool: 'pay', window: 'minute', limit: { calls: 3 }, needed: { calls: 1 }, left: { calls: 0 } },
    resets_at: '2026-01-01T10:00:42.000Z',
  });
});

it('is none for a call that ended otherwise', () => {
  expect(rateProblem({ ...ended, rate: null }, AT)).toBeNull();
});

it('names a time at which the minute has ended, and not more than a second later', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 120_000 }), (waitMs, lateMs) => {
      const problem = rateProblem({ ...ended, rate: { perMinute: 1, waitMs } }, AT, AT + lateMs);
      const afterMs = Number(problem?.headers['retry-after']) * 1_000;
      expect(afterMs).toBeGreaterThanOrEqual(Math.max(1_000, waitMs - lateMs));
      expect(afterMs).toBeLessThan(Math.max(1_000, waitMs - lateMs) + 1_000);
    }),
  );
});
